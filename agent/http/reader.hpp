#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "agent/http/response.hpp"

namespace ot::agent::http {

/// What a request says before its body. Fields that count only when they come once
/// are kept each time they come.
struct RequestHead {
  std::string method;
  std::string target;
  bool http_1_0 = false;
  bool keeps_alive = false;
  std::vector<std::string> hosts;
  std::vector<std::string> authorizations;
  std::string accept_encoding;
};

/// Reads one request from bytes as they come. Knows no socket and no time. Bodies are
/// read to find their end, and dropped: nothing of ours takes one.
class RequestReader {
 public:
  static constexpr std::uint32_t kHeadLimit = 16 * 1024;
  static constexpr std::uint64_t kBodyLimit = 64 * 1024;

  enum class Lacks : std::uint8_t {
    head,     ///< more of it has to come
    body,     ///< the head is there
    nothing,  ///< the request is whole; what follows it is left in the bytes
    reason,   ///< it is refused, and nothing more can be read
  };

  RequestReader();
  ~RequestReader();
  RequestReader(const RequestReader&) = delete;
  RequestReader& operator=(const RequestReader&) = delete;

  /// Takes from the front of the bytes what belongs to the request. To be called
  /// again only when there is more.
  Lacks take(std::string& bytes);

  const RequestHead& head() const { return head_; }
  const Response& refusal() const { return refusal_; }

  /// Whether the client waits for a "100 Continue" before it sends its body.
  bool wants_continue() const { return wants_continue_; }

 private:
  struct Parser;

  Lacks take_head();
  Lacks refuse(Response refusal);
  Lacks lacking() const;

  std::unique_ptr<Parser> parser_;
  RequestHead head_;
  Response refusal_;
  bool has_begun_ = false;
  bool has_head_ = false;
  bool wants_continue_ = false;
};

}  // namespace ot::agent::http
