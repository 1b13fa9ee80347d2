#include "tests/parsers/case.hpp"

#include <fstream>
#include <sstream>

#include "agent/file_reader.hpp"
#include "agent/project_text.hpp"

namespace ot::tests {

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

Result<Json> parsed(const std::filesystem::path& path) {
  auto reader = agent::ProjectFileReader::open(path.string(), true);
  if (!reader) {
    return fail(reader.error());
  }
  if (reader->parser() == nullptr) {
    return Json(nullptr);
  }
  agent::wall::Pool pool;
  const auto read = reader->read(pool, parsers::Limits{}, {});
  if (!read) {
    return fail(read.error());
  }
  if (read->error) {
    return fail(*read->error);
  }
  store::StoredFile file;
  file.name = path.stem().string();
  file.extension = path.extension().string();
  file.parser = read->parser->name;
  std::string text;
  agent::write_project(read->project, file, true, [&](std::string_view part) { text += part; });
  auto json = Json::parse(text);
  json["projectFile"].erase("size");
  return json;
}

std::string difference(const Json& expected, const Json& actual, const std::string& at) {
  if (expected.is_object() && actual.is_object()) {
    for (const auto& [key, value] : expected.items()) {
      const auto place = at + "/" + key;
      if (!actual.contains(key)) {
        if (value.is_array() && value.empty()) {
          continue;  // an empty list is left out
        }
        return place + ": missing, expected " + value.dump();
      }
      if (auto found = difference(value, actual[key], place); !found.empty()) {
        return found;
      }
    }
    return {};
  }
  if (expected.is_array() && actual.is_array()) {
    for (std::size_t i = 0; i < std::min(expected.size(), actual.size()); ++i) {
      if (auto found = difference(expected[i], actual[i], at + "/" + std::to_string(i));
          !found.empty()) {
        return found;
      }
    }
    return expected.size() == actual.size()
               ? ""
               : at + ": " + std::to_string(actual.size()) + " entries, expected " +
                     std::to_string(expected.size());
  }
  return expected == actual ? "" : at + ": " + actual.dump() + ", expected " + expected.dump();
}

}  // namespace ot::tests
