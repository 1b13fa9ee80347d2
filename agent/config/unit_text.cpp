#include "agent/config/unit_text.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "base/text.hpp"

namespace ot::agent {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostBytes = 1 << 20;
/// The first that has a file of a name wins.
constexpr std::array<std::string_view, 5> kFolders = {
    "etc/systemd/system", "run/systemd/system", "usr/local/lib/systemd/system",
    "usr/lib/systemd/system", "lib/systemd/system"};

std::string content_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kMostBytes, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

/// By their names, which is systemd's order.
std::map<std::string, fs::path> drop_ins(const fs::path& root, const std::string& name) {
  std::map<std::string, fs::path> found;
  for (const auto folder : kFolders) {
    std::error_code failed;
    fs::directory_iterator entry(root / folder / (name + ".d"), failed);
    for (; !failed && entry != fs::directory_iterator(); entry.increment(failed)) {
      if (entry->path().extension() == ".conf") {
        found.emplace(entry->path().filename().string(), entry->path());
      }
    }
  }
  return found;
}

std::string_view without_quotes(std::string_view word) {
  const bool quoted = word.size() > 1 && word.front() == word.back() &&
                      (word.front() == '"' || word.front() == '\'');
  return quoted ? word.substr(1, word.size() - 2) : word;
}

}  // namespace

void UnitText::add(std::string_view text) {
  section_.clear();
  std::string line;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto part = trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    const bool is_comment = part.starts_with('#') || part.starts_with(';');
    if (part.ends_with('\\') && !is_comment) {
      line += std::string(part.substr(0, part.size() - 1)) + ' ';
    } else if (!is_comment) {
      add_line(trim(line + std::string(part)));
      line.clear();
    }
  }
}

void UnitText::add_line(std::string_view line) {
  if (line.starts_with('[')) {
    section_ = line;
  }
  const auto equals = line.find('=');
  if (section_ != "[Service]" || equals == line.npos) {
    return;
  }
  auto& words = words_[std::string(trim(line.substr(0, equals)))];
  auto value = trim(line.substr(equals + 1));
  if (value.empty()) {
    words.clear();
  }
  while (!value.empty()) {
    const auto end = std::min(value.find_first_of(" \t"), value.size());
    words.emplace_back(without_quotes(value.substr(0, end)));
    value = trim(value.substr(end));
  }
}

std::vector<std::string> UnitText::words(std::string_view key) const {
  const auto found = words_.find(key);
  return found == words_.end() ? std::vector<std::string>() : found->second;
}

std::string UnitText::last(std::string_view key) const {
  const auto all = words(key);
  return all.empty() ? "" : all.back();
}

bool UnitText::is_on(std::string_view key) const {
  const auto value = last(key);
  return value == "yes" || value == "true" || value == "on" || value == "1";
}

UnitText unit_named(const std::string& root, const std::string& name) {
  UnitText unit;
  const auto has_it = [&](std::string_view folder) {
    return fs::exists(fs::path(root) / folder / name);
  };
  const auto* const folder = std::find_if(kFolders.begin(), kFolders.end(), has_it);
  if (folder == kFolders.end()) {
    return unit;
  }
  unit.add(content_of(fs::path(root) / *folder / name));
  for (const auto& [file, path] : drop_ins(root, name)) {
    unit.add(content_of(path));
  }
  return unit;
}

}  // namespace ot::agent
