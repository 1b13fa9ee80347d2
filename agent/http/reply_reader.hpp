#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace ot::agent::http {

/// What a server answered.
struct Reply {
  Reply() = default;

  unsigned status = 0;
  std::string reason;  ///< as the server words it; not safe to show as it is
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  /// The first of that name, in whatever case; empty when there is none.
  std::string_view header(std::string_view name) const;
};

/// Reads one reply from bytes as they come. Knows no socket and no time.
class ReplyReader {
 public:
  static constexpr std::uint32_t kHeadLimit = 16 * 1024;

  enum class To : std::uint8_t {
    request,
    connect,  ///< CONNECT: what follows the head is the tunnel's
  };
  enum class Lacks : std::uint8_t {
    head,     ///< more of it has to come
    body,     ///< the head is there
    nothing,  ///< the reply is whole; what follows it is left in the bytes
  };

  /// `most`: bytes of the body.
  explicit ReplyReader(std::uint64_t most, To to = To::request);
  ~ReplyReader();
  ReplyReader(const ReplyReader&) = delete;
  ReplyReader& operator=(const ReplyReader&) = delete;

  /// Takes from the front of the bytes what belongs to the reply; interim ones (1xx) are
  /// dropped. To be called again only when there is more, and not after an error.
  Result<Lacks> take(std::string& bytes);

  /// The connection has ended in order: a body whose length nobody told is whole then,
  /// everything else is cut short. `rest`: bytes that were not taken.
  Result<void> end(const std::string& rest);

  /// `closed`: the connection has ended, and the reply was not whole.
  Error cut_short(const std::string& rest) const;

  bool has_head() const { return has_head_; }
  const Reply& reply() const { return reply_; }
  Reply take_reply() { return std::move(reply_); }

  /// Whether the connection can be used for a further request; of a whole reply.
  bool keeps_alive() const { return keeps_alive_; }

 private:
  struct Parser;

  void begin();
  Result<void> take_head();
  Result<void> skip_interim();
  void finish();
  Lacks lacking() const;

  std::unique_ptr<Parser> parser_;
  Reply reply_;
  std::uint64_t most_;
  std::uint64_t taken_ = 0;
  unsigned interim_ = 0;
  To to_;
  bool has_head_ = false;
  bool keeps_alive_ = false;
};

}  // namespace ot::agent::http
