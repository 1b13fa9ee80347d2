#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace ot::agent {

/// An answer that is larger is not read.
constexpr std::size_t kLongestCsamReply = std::size_t{1} << 20;
/// Bytes of a text that is kept of an answer.
constexpr std::size_t kLongestCsamReason = 500;

/// What the platform answered to assets that were sent. 2xx means that they wait for
/// being processed, not that they are in the inventory. Texts are at most
/// kLongestCsamReason bytes of UTF-8 without control characters.
struct CsamReply {
  std::map<std::string, std::string> failed;  ///< reasons, by sourceNativeKey
  std::string message;        ///< its own, and errors that name no asset that was sent
  bool whole_failed = false;  ///< none of the assets was taken
  bool understood = false;    ///< the body has one of the known forms
};

/// `keys` are the sourceNativeKeys that were sent, in their order. The one answer that
/// is documented (Qualys CSAM API release notes 2.16, "Support to Import Third-Party
/// Assets to CSAM"):
///
///   {"message": "All Assets are successfully published for sync.",
///    "responseCode": "SUCCESSFULLY_PUBLISHED", "assetsError": {}}
///
/// How "assetsError" names errors is not. So these are read: an object by
/// sourceNativeKey, hardwareUuid or index (from 0) to texts or to objects with
/// errorMessage, message, error or reason; a list of such objects with the
/// sourceNativeKey in them; an object of errors to lists of keys; each of them also
/// below "failed", "errors" or "rejected"; a text alone, which is meant for all.
CsamReply read_csam_reply(unsigned status, std::string_view body,
                          std::span<const std::string> keys);

}  // namespace ot::agent
