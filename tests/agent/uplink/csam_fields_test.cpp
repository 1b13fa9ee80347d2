// What is sent has but fields that the platform's release notes name: csam/README.md.
#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <sstream>

#include "agent/records_json.hpp"
#include "base/text.hpp"
#include "tests/catch.hpp"
#include "tests/parsers/case.hpp"

namespace ot::agent::test {
namespace {

namespace fs = std::filesystem;
using Lines = std::vector<std::string>;

const fs::path kFolder = fs::path(RACKSCOUT_TESTS_DIR) / "agent" / "uplink" / "csam";

Lines lines_of(const std::string& text) {
  std::istringstream in(text);
  Lines lines;
  for (std::string line; std::getline(in, line);) {
    lines.push_back(line);
  }
  return lines;
}

std::string below(const std::string& path, const std::string& name) {
  return path.empty() ? name : path + "." + name;
}

/// Reads the fields of a payload whose values are names of types. Brackets may be
/// missing, and whatever stands between texts is passed over: the sample is a page's.
class SampleReader {
 public:
  explicit SampleReader(const std::string& text) : text_(text) {}

  Lines read() {
    for (; at_ < text_.size(); ++at_) {
      switch (text_[at_]) {
        case '"': take_text(); break;
        case '{': open_.push_back({'{', is_list() ? open_.back().path : name_}); break;
        case '[': open_.push_back({'[', name_ + "[]"}); break;
        case '}': close('{'); break;
        case ']': close('['); break;
        default: break;
      }
    }
    return fields_;
  }

 private:
  struct Open {
    char bracket;
    std::string path;
  };

  bool is_list() const { return !open_.empty() && open_.back().bracket == '['; }

  void take_text() {
    const auto end = text_.find('"', at_ + 1);
    REQUIRE(end != std::string::npos);
    const auto text = text_.substr(at_ + 1, end - at_ - 1);
    at_ = end;
    const auto next = text_.find_first_not_of(" \n", at_ + 1);
    if (next != std::string::npos && text_[next] == ':') {
      name_ = below(open_.empty() ? "" : open_.back().path, text);
    } else {
      fields_.push_back((is_list() ? open_.back().path : name_) + " " + to_lower_ascii(text));
    }
  }

  /// With all that was opened within it and never closed.
  void close(char bracket) {
    while (!open_.empty()) {
      const bool found = open_.back().bracket == bracket;
      open_.pop_back();
      if (found) {
        return;
      }
    }
  }

  const std::string& text_;
  std::size_t at_ = 0;
  std::string name_;
  std::vector<Open> open_;
  Lines fields_;
};

fs::path seeds() {
  const char* data = std::getenv("RACKSCOUT_SHARED_DATA");
  const auto shared = data != nullptr ? fs::path(data) / ".."
                                      : fs::path(RACKSCOUT_TESTS_DIR) / ".." / ".." / "shared";
  return shared / "seeds";
}

/// The sample payload of the release notes, without what parts its pages; empty when
/// they are not there.
std::string sample_payload() {
  if (!fs::is_directory(seeds())) {
    return {};
  }
  for (const auto& entry : fs::directory_iterator(seeds())) {
    const auto text = tests::content_of(entry.path());
    const auto begin = text.find("Sample JSON Payload:");
    if (begin != std::string::npos) {
      auto payload = text.substr(begin, text.find("Response:", begin) - begin);
      for (const std::string quote : {"\xE2\x80\x9C", "\xE2\x80\x9D"}) {
        for (auto at = payload.find(quote); at != std::string::npos; at = payload.find(quote)) {
          payload.replace(at, quote.size(), "\"");
        }
      }
      return payload;
    }
  }
  return {};
}

/// Adds "path type" of every value below.
void collect(const Json& value, const std::string& path, Lines& fields) {
  if (value.is_object()) {
    const bool free = path.ends_with("customConnectorAttributes");
    for (const auto& [name, inner] : value.items()) {
      collect(inner, below(path, free ? "key" : name), fields);
    }
  } else if (value.is_array()) {
    for (const auto& element : value) {
      collect(element, path + "[]", fields);
    }
  } else {
    fields.push_back(path + " " + value.type_name() + (value.is_number_integer() ? "/i" : ""));
  }
}

/// Whether a JSON value of such a type may stand for a field of that one.
bool fits(const std::string& json_type, const std::string& type) {
  static const std::map<std::string, std::string> kTypes = {
      {"string", "string"},    {"value", "string"},    {"date", "string"},
      {"integer", "number/i"}, {"boolean", "boolean"}, {"float", "number"}};
  return kTypes.at(type) == json_type;
}

}  // namespace

TEST_CASE("every field that is sent is one that the platform names", "[csam]") {
  std::map<std::string, std::string> types;
  for (const auto& line : lines_of(tests::content_of(kFolder / "fields.txt"))) {
    const auto blank = line.find(' ');
    types[line.substr(0, blank)] = line.substr(blank + 1);
  }
  Lines sent;
  collect(Json::parse(tests::content_of(kFolder / "cj2m.json")), "", sent);
  CHECK(sent.size() > 40);
  for (const auto& field : sent) {
    INFO(field);
    const auto blank = field.find(' ');
    const auto known = types.find(field.substr(0, blank));
    REQUIRE(known != types.end());
    CHECK(fits(field.substr(blank + 1), known->second));
  }
}

TEST_CASE("the list of the platform's fields is that of its release notes", "[csam][shared]") {
  const auto payload = sample_payload();
  if (payload.empty()) {
    WARN("skipped: no release notes at " << seeds());
    return;
  }
  CHECK(SampleReader(payload).read() == lines_of(tests::content_of(kFolder / "fields.txt")));
}

}  // namespace ot::agent::test
