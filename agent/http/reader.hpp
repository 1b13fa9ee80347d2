#pragma once

#include <cstdint>
#include <memory>
#include <optional>
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
  std::vector<std::string> content_encodings;
  /// Bytes of the body, where the head says it; without a body 0.
  std::optional<std::uint64_t> content_length;
};

/// Reads one request from bytes as they come. Knows no socket and no time. A body is read
/// for who wants it, and else to find its end.
class RequestReader {
 public:
  static constexpr std::uint32_t kHeadLimit = 16 * 1024;
  static constexpr std::uint64_t kBodyLimit = 64 * 1024;  ///< unless another one is set
  static constexpr std::uint64_t kMostBody = 4 * 1024 * 1024;

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

  /// Takes from the front of the bytes what belongs to the head, until the head is there.
  Lacks take_head(std::string& bytes);

  /// Once the head is there: so long may the body be. It is refused at once where the head
  /// says more.
  Lacks limit_body(std::uint64_t most);

  /// Takes from the front of the bytes what belongs to the request. To be called
  /// again only when there is more.
  Lacks take(std::string& bytes);

  /// Of a request that is whole.
  std::string take_body();

  const RequestHead& head() const { return head_; }
  const Response& refusal() const { return refusal_; }

  /// Whether the client waits for a "100 Continue" before it sends its body.
  bool wants_continue() const { return wants_continue_; }

 private:
  struct Parser;

  enum class Upto : std::uint8_t { head, end };

  Lacks take(std::string& bytes, Upto upto);
  Lacks look_at_head();
  Lacks refuse(Response refusal);
  Lacks lacking() const;

  std::unique_ptr<Parser> parser_;
  RequestHead head_;
  Response refusal_;
  bool has_begun_ = false;
  bool has_head_ = false;
  bool is_limited_ = false;
  bool wants_continue_ = false;
};

}  // namespace ot::agent::http
