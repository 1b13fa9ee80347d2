#include "agent/uplink/csam_errors.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "agent/uplink/csam_json.hpp"
#include "agent/uplink/csam_reply.hpp"
#include "agent/uplink/csam_reply_text.hpp"

namespace ot::agent {
namespace {

using nlohmann::json;
using Names = std::array<std::string_view, 4>;

/// Members that hold further errors.
constexpr Names kLists = {"failed", "errors", "rejected", "failedIds"};
/// Members that stand beside a reason.
constexpr Names kCodes = {"errorCode", "code", "responseCode", "status"};
/// Bytes; the answer's own message and the count of those left out need room, too.
constexpr std::size_t kLongestNotes = 400;
constexpr std::size_t kLongestNote = 200;

bool is_one_of(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool says_nothing(const json& errors) {
  return errors.is_null() || errors == false || errors == "" ||
         (errors.is_structured() && errors.empty());
}

std::string named(const std::string& name, const std::string& reason) {
  return reason.empty() ? name : name + ": " + reason;
}

}  // namespace

std::map<std::string, std::string> CsamErrors::take_failed() {
  for (auto& [key, reason] : failed_) {
    reason = reason.empty() ? "no reason given" : std::move(reason);
  }
  return std::move(failed_);
}

std::string CsamErrors::notes() const {
  auto text = notes_;
  append_reason(text, unsaid_ == 0 ? std::string() : fmt::format("and {} more", unsaid_));
  return text;
}

void CsamErrors::fail(const std::string& key, const std::string& reason) {
  append_reason(failed_[key], reason);
}

void CsamErrors::fail_all(const std::string& reason) {
  all_ = true;
  note(reason);
  for (const auto& key : keys_.all()) {
    fail(key, reason);
  }
}

void CsamErrors::note(const std::string& text) {
  const auto words = cut_to(text, kLongestNote);
  if (notes_.size() + words.size() > kLongestNotes) {
    ++unsaid_;
  } else {
    append_reason(notes_, words);
  }
}

/// Where one asset alone was sent, it is about that.
void CsamErrors::note_unnamed(const std::string& text) {
  if (keys_.all().size() == 1 && !text.empty()) {
    fail(keys_.all().front(), text);
  } else {
    note(text);
  }
}

void CsamErrors::read(const json& errors) {
  if (says_nothing(errors)) {
    return;
  }
  if (errors.is_array()) {
    for (const auto& entry : errors) {
      read_entry(entry);
    }
  } else if (errors.is_string()) {
    fail_all(reason_of(errors));
  } else if (!errors.is_object()) {
    known_ = false;
    note(reason_of(errors));
  } else if (asset_named_in(errors)) {
    read_entry(errors);
  } else if (const auto reason = read_object(errors); !reason.empty()) {
    fail_all(reason);
  }
}

/// Answers the reason of an object that names neither an asset nor a list of them.
std::string CsamErrors::read_object(const json& object) {
  bool names_some = false;
  for (const auto& [name, value] : object.items()) {
    if (!is_one_of(kReasonNames, name) && !is_one_of(kCodes, name)) {
      names_some = true;
      read_member(name, value);
    }
  }
  if (names_some) {
    note(reason_in(object));
    return {};
  }
  return reason_of(object);
}

void CsamErrors::read_member(const std::string& name, const json& value) {
  if (const auto* key = keys_.find(name)) {
    fail(*key, reason_of(value));
  } else if (is_one_of(kLists, name) && !value.is_number()) {
    read(value);
  } else if (value.is_object() && asset_named_in(value)) {
    read_entry(value);
  } else if (!read_keys(name, value)) {
    note(named(reason_line(name), reason_of(value)));
  }
}

/// An error with a list of those that have it; false: it is no such list.
bool CsamErrors::read_keys(const std::string& reason, const json& list) {
  const auto names_asset = [this](const json& element) {
    return element.is_string() && keys_.find(element.get_ref<const std::string&>()) != nullptr;
  };
  if (!list.is_array() || std::none_of(list.begin(), list.end(), names_asset)) {
    return false;
  }
  for (const auto& element : list) {
    if (names_asset(element)) {
      fail(*keys_.find(element.get_ref<const std::string&>()), reason_line(reason));
    } else {
      note(named(reason_line(reason), reason_of(element)));
    }
  }
  return true;
}

void CsamErrors::read_text(const json& entry) {
  const auto text = reason_of(entry);
  if (const auto* key = keys_.find(text)) {
    fail(*key, {});
  } else {
    note_unnamed(text);
  }
}

void CsamErrors::read_entry(const json& entry) {
  if (!entry.is_object()) {
    read_text(entry);
  } else if (const auto name = asset_named_in(entry); !name) {
    note_unnamed(read_object(entry));
  } else if (const auto* key = keys_.find(*name)) {
    fail(*key, reason_of(entry));
  } else {
    note(named(*name, reason_of(entry)));
  }
}

}  // namespace ot::agent
