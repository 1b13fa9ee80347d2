#include "agent/bundle/manifest.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "agent/bundle/leg_json.hpp"
#include "agent/json_text.hpp"
#include "agent/uplink/json_fields.hpp"
#include "base/uuid.hpp"

namespace ot::agent::bundle {
namespace {

using Parsed = nlohmann::json;

constexpr std::string_view kFormat = "rackscout bundle";
constexpr int kVersion = 1;
constexpr std::size_t kLargest = 64ULL << 20;
constexpr std::size_t kMostTexts = 100'000;
constexpr std::size_t kHashDigits = 64;

constexpr std::array<std::string_view, 5> kAlways = {kRecords, kObservations, kTargets, kExchanges,
                                                     kJournal};

void put(Json& out, const char* name, const std::string& text) {
  if (!text.empty()) {
    out[name] = text;
  }
}

void put(Json& out, const char* name, const std::vector<std::string>& texts) {
  if (!texts.empty()) {
    out[name] = texts;
  }
}

void put(Json& out, const char* name, Time time) {
  if (time != Time{}) {
    out[name] = iso8601(time);
  }
}

Json legs_json(const std::vector<Leg>& legs) {
  Json out = Json::array();
  for (const auto& leg : legs) {
    out.push_back(leg_json(leg));
  }
  return out;
}

Json members_json(const std::vector<Member>& members) {
  Json out = Json::array();
  for (const auto& member : members) {
    out.push_back({{"name", member.name}, {"size", member.size}, {"sha256", member.sha256}});
  }
  return out;
}

/// Texts of a list, none of them empty.
void take_texts(const Parsed& object, const char* name, const Fields& in,
                std::vector<std::string>& texts) {
  const auto found = object.find(name);
  if (found == object.end()) {
    return;
  }
  if (!found->is_array() || found->size() > kMostTexts) {
    return in.refuse(name, found->is_array() ? "has too many elements" : "is no list");
  }
  for (const auto& element : *found) {
    const auto* text = element.get_ptr<const std::string*>();
    if (text == nullptr || text->empty() || text->size() > kLongestText) {
      return in.refuse(name, "has an element that is no text, or too long a one");
    }
    texts.push_back(*text);
  }
}

/// A number that must be there.
std::uint32_t small_number(const char* name, const Fields& in) {
  std::optional<std::uint32_t> value;
  in.number(name, value);
  if (!value && in.is_sound()) {
    in.refuse(name, "is missing");
  }
  return value.value_or(0);
}

Leg leg_from(const Parsed& object, std::string& reason) {
  const Fields in(object, reason);
  Leg leg;
  in.text("area", leg.area);
  take_texts(object, "targets", in, leg.targets);
  take_texts(object, "protocols", in, leg.protocols);
  take_texts(object, "exclude", in, leg.exclude);
  take_texts(object, "units", in, leg.units);
  in.text("serial", leg.serial);
  leg.gap = small_number("gap", in);
  leg.at_once = small_number("atOnce", in);
  in.time("began", leg.began);
  in.time("ended", leg.ended);
  return leg;
}

Member member_from(const Parsed& object, std::string& reason) {
  const Fields in(object, reason);
  Member member;
  in.text("name", member.name);
  in.integer("size", member.size);
  in.text("sha256", member.sha256);
  return member;
}

/// The objects of a list that must be there.
template <class Each>
void each_object(const Parsed& object, const char* name, std::string& reason, const Each& each) {
  const Fields in(object, reason);
  const auto found = object.find(name);
  if (found == object.end() || !found->is_array()) {
    return in.refuse(name, "is no list");
  }
  for (const auto& element : *found) {
    if (!element.is_object()) {
      return in.refuse(name, "has an element that is no object");
    }
    each(element);
  }
}

bool is_hash(std::string_view text) {
  return text.size() == kHashDigits && text.find_first_not_of("0123456789abcdef") == text.npos;
}

/// The members that are always there, in their order, and then the files in theirs.
bool are_of_the_form(const std::vector<Member>& members) {
  if (members.size() < kAlways.size()) {
    return false;
  }
  for (std::size_t i = 0; i < members.size(); ++i) {
    const auto& member = members[i];
    const bool fixed = i < kAlways.size();
    const bool named =
        fixed ? member.name == kAlways.at(i) : member.name == std::string(kFiles) + member.sha256;
    const bool in_order = i <= kAlways.size() || members[i - 1].name < member.name;
    if (!named || !in_order || !is_hash(member.sha256)) {
      return false;
    }
  }
  return true;
}

void take_lists(const Parsed& object, std::string& reason, Manifest& manifest) {
  take_texts(object, "projects", Fields(object, reason), manifest.projects);
  each_object(object, "legs", reason,
              [&](const auto& leg) { manifest.legs.push_back(leg_from(leg, reason)); });
  each_object(object, "members", reason,
              [&](const auto& member) { manifest.members.push_back(member_from(member, reason)); });
}

void take_nested(const Fields& in, std::string& reason, Manifest& manifest) {
  if (const auto* exchanges = in.object("exchanges")) {
    Fields(*exchanges, reason).integer("count", manifest.exchanges);
    Fields(*exchanges, reason).text("chain", manifest.chain);
  }
  if (const auto* signer = in.object("signer")) {
    Fields(*signer, reason).text("keyId", manifest.signer);
    Fields(*signer, reason).text("name", manifest.signer_name);
    if (manifest.signer.empty()) {
      in.refuse("signer", "has no keyId");
    }
  }
}

/// `packed`: it has members and an end.
Manifest take(const Parsed& object, bool packed, std::string& reason) {
  const Fields in(object, reason);
  Manifest manifest;
  in.text("walk", manifest.walk);
  in.text("site", manifest.site);
  in.text("operator", manifest.operator_name);
  in.text("note", manifest.note);
  in.text("sensor", manifest.sensor);
  in.text("rackscout", manifest.version);
  in.text("container", manifest.writer);
  in.time("began", manifest.began);
  in.time("ended", manifest.ended);
  take_nested(in, reason, manifest);
  take_lists(object, reason, manifest);
  if (!parse_uuid(manifest.walk)) {
    in.refuse("walk", "is no UUID");
  }
  if (packed && !is_hash(manifest.chain)) {
    in.refuse("exchanges", "has no chain");
  }
  if (packed && !are_of_the_form(manifest.members)) {
    in.refuse("members", "is not the list that a bundle has");
  }
  return manifest;
}

tl::unexpected<Error> broken(std::string what) {
  return fail(Errc::malformed, std::move(what));
}

Result<Manifest> read(std::string_view text, bool packed) {
  if (text.size() > kLargest) {
    return fail(Errc::too_large, fmt::format("it has over {} MiB", kLargest >> 20));
  }
  const auto parsed = parse_bounded(text);
  if (!parsed) {
    return fail(parsed.error());
  }
  if (!parsed->is_object() || parsed->value("format", Parsed()) != kFormat) {
    return broken("it is not that of a bundle");
  }
  if (parsed->value("version", Parsed()) != kVersion) {
    return fail(Error(Errc::unsupported, "its form is that of another rackscout")
                    .hint("read it with the rackscout that wrote it, or a later one"));
  }
  std::string reason;
  auto manifest = take(*parsed, packed, reason);
  return reason.empty() ? Result<Manifest>(std::move(manifest)) : broken(std::move(reason));
}

}  // namespace

Json leg_json(const Leg& leg) {
  Json out = Json::object();
  put(out, "area", leg.area);
  put(out, "targets", leg.targets);
  put(out, "protocols", leg.protocols);
  put(out, "exclude", leg.exclude);
  put(out, "units", leg.units);
  put(out, "serial", leg.serial);
  out["gap"] = leg.gap;
  out["atOnce"] = leg.at_once;
  put(out, "began", leg.began);
  put(out, "ended", leg.ended);
  return out;
}

std::string manifest_text(const Manifest& manifest) {
  Json out = {{"format", kFormat}, {"version", kVersion}, {"walk", manifest.walk}};
  put(out, "site", manifest.site);
  put(out, "operator", manifest.operator_name);
  put(out, "note", manifest.note);
  put(out, "sensor", manifest.sensor);
  put(out, "rackscout", manifest.version);
  put(out, "container", manifest.writer);
  put(out, "began", manifest.began);
  put(out, "ended", manifest.ended);
  out["legs"] = legs_json(manifest.legs);
  put(out, "projects", manifest.projects);
  out["exchanges"] = {{"count", manifest.exchanges}, {"chain", manifest.chain}};
  if (!manifest.signer.empty()) {
    Json signer = {{"keyId", manifest.signer}};
    put(signer, "name", manifest.signer_name);
    out["signer"] = std::move(signer);
  }
  out["members"] = members_json(manifest.members);
  return json_text(out, 2) + "\n";
}

Result<Manifest> manifest_from(std::string_view text) {
  return read(text, true);
}

Result<Manifest> draft_from(std::string_view text) {
  return read(text, false);
}

}  // namespace ot::agent::bundle
