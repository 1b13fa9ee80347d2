#include "agent/bundle/walk_target.hpp"

#include <algorithm>

#include "agent/json_text.hpp"
#include "agent/uplink/json_fields.hpp"

namespace ot::agent::bundle {
namespace {

constexpr std::size_t kMostTargets = 1'000'000;
constexpr std::size_t kLongestLine = 4ULL << 20;
constexpr std::size_t kMostTroubles = 1'000;

/// A text that can be read again: without NULs, and not longer than any may be.
std::string fitting(std::string text) {
  std::erase(text, '\0');
  if (text.size() > kLongestText) {
    text.resize(kLongestText);
    const auto is_inside = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; };
    while (!text.empty() && is_inside(text.back())) {
      text.pop_back();
    }
    if (!text.empty() && static_cast<unsigned char>(text.back()) >= 0xC0) {
      text.pop_back();
    }
  }
  return text;
}

void put(Json& out, const char* name, const std::string& text) {
  if (!text.empty()) {
    out[name] = fitting(text);
  }
}

Json troubles_json(const std::vector<WalkTrouble>& troubles) {
  Json out = Json::array();
  for (const auto& trouble : troubles) {
    if (out.size() == kMostTroubles) {
      break;
    }
    Json entry = Json::object();
    put(entry, "kind", trouble.kind);
    put(entry, "protocol", trouble.protocol);
    put(entry, "text", trouble.text);
    out.push_back(std::move(entry));
  }
  return out;
}

WalkTarget take(const nlohmann::json& object, std::string& reason) {
  const Fields in(object, reason);
  WalkTarget target;
  in.text("area", target.area);
  in.text("target", target.target);
  in.flag("named", target.named);
  in.flag("answered", target.answered);
  in.text("outcome", target.outcome);
  in.text("reason", target.reason);
  in.list("troubles", [&target](const Fields& entry) {
    auto& trouble = target.troubles.emplace_back();
    entry.text("kind", trouble.kind);
    entry.text("protocol", trouble.protocol);
    entry.text("text", trouble.text);
  });
  if (target.target.empty()) {
    in.refuse("target", "is missing");
  }
  if (target.outcome.empty()) {
    in.refuse("outcome", "is missing");
  }
  return target;
}

Result<WalkTarget> from_line(std::string_view line) {
  if (line.size() > kLongestLine) {
    return fail(Errc::malformed, "it is too long");
  }
  const auto object = parse_bounded(line);
  if (!object || !object->is_object()) {
    return fail(Errc::malformed, object ? "it is no JSON object" : object.error().message());
  }
  std::string reason;
  auto target = take(*object, reason);
  return reason.empty() ? Result<WalkTarget>(std::move(target)) : fail(Errc::malformed, reason);
}

}  // namespace

std::string walk_target_line(const WalkTarget& target) {
  Json out = Json::object();
  put(out, "area", target.area);
  put(out, "target", target.target);
  out["named"] = target.named;
  out["answered"] = target.answered;
  put(out, "outcome", target.outcome);
  put(out, "reason", target.reason);
  if (!target.troubles.empty()) {
    out["troubles"] = troubles_json(target.troubles);
  }
  return json_text(out, -1) + "\n";
}

Result<std::vector<WalkTarget>> walk_targets_from(std::string_view lines) {
  std::vector<WalkTarget> targets;
  while (!lines.empty()) {
    const auto at = Position::line(targets.size() + 1);
    const auto end = lines.find('\n');
    auto target = end == lines.npos ? fail(Errc::malformed, "it is cut short")
                                    : from_line(lines.substr(0, end));
    if (!target) {
      return fail(std::move(target).error().at(at));
    }
    if (targets.size() == kMostTargets) {
      return fail(Error(Errc::malformed, "there are too many").at(at));
    }
    targets.push_back(std::move(*target));
    lines.remove_prefix(end + 1);
  }
  return targets;
}

}  // namespace ot::agent::bundle
