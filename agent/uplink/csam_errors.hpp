#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "agent/uplink/csam_keys.hpp"

namespace ot::agent {

/// Finds out which of the assets that were sent an answer's "assetsError" is about, in
/// each of the forms that read_csam_reply names.
class CsamErrors {
 public:
  /// The keys outlive it.
  explicit CsamErrors(std::span<const std::string> keys) : keys_(keys) {}

  /// Calls itself as deep as the value is.
  void read(const nlohmann::json& errors);

  std::map<std::string, std::string> take_failed();  ///< reasons, by sourceNativeKey
  std::string notes() const;                         ///< what is about none of the assets, cut
  bool about_all() const { return all_; }            ///< an error was meant for all of them
  bool has_form() const { return known_; }           ///< it was one of the known forms

 private:
  void fail(const std::string& key, const std::string& reason);
  void fail_all(const std::string& reason);
  void note(const std::string& text);
  void note_unnamed(const std::string& text);
  void read_entry(const nlohmann::json& entry);
  void read_text(const nlohmann::json& entry);
  std::string read_object(const nlohmann::json& object);
  void read_member(const std::string& name, const nlohmann::json& value);
  bool read_keys(const std::string& reason, const nlohmann::json& list);

  CsamKeys keys_;
  std::map<std::string, std::string> failed_;
  std::string notes_;
  std::size_t unsaid_ = 0;
  bool all_ = false;
  bool known_ = true;
};

}  // namespace ot::agent
