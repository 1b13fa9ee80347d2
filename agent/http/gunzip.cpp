#include "agent/http/gunzip.hpp"

#include <vector>

#define ZLIB_CONST  // it takes what it unfolds as const
#include <fmt/format.h>
#include <zlib.h>

namespace ot::agent::http {
namespace {

constexpr int kGzipWindow = 15 + 16;
constexpr std::size_t kChunk = 64 * 1024;
/// One after the other; nobody needs more than one.
constexpr int kMostMembers = 16;

class Inflation {
 public:
  Inflation() { sound_ = ::inflateInit2(&stream_, kGzipWindow) == Z_OK; }
  Inflation(const Inflation&) = delete;
  Inflation& operator=(const Inflation&) = delete;
  ~Inflation() { ::inflateEnd(&stream_); }

  bool is_sound() const { return sound_; }
  z_stream& stream() { return stream_; }

 private:
  z_stream stream_{};
  bool sound_ = false;
};

}  // namespace

Result<std::string> gunzip(std::string_view bytes, std::uint64_t most) {
  Inflation inflation;
  if (!inflation.is_sound()) {
    return fail(Errc::io, "out of memory");
  }
  auto& z = inflation.stream();
  z.next_in = reinterpret_cast<const Bytef*>(bytes.data());
  z.avail_in = static_cast<uInt>(bytes.size());
  std::string out;
  std::vector<Bytef> chunk(kChunk);
  for (int members = 0;;) {
    z.next_out = chunk.data();
    z.avail_out = kChunk;
    const int result = ::inflate(&z, Z_NO_FLUSH);
    out.append(reinterpret_cast<const char*>(chunk.data()), kChunk - z.avail_out);
    if (out.size() > most) {
      return fail(Errc::too_large, fmt::format("it unfolds to over {} KiB", most / 1024));
    }
    const bool has_ended = result == Z_STREAM_END;
    if (has_ended && z.avail_in == 0) {
      return out;
    }
    const bool goes_on = has_ended && ++members < kMostMembers && ::inflateReset(&z) == Z_OK;
    const bool is_cut = result == Z_OK && z.avail_in == 0 && z.avail_out > 0;
    if (!goes_on && (result != Z_OK || is_cut)) {
      return fail(Errc::malformed, "it is no gzip, or cut short");
    }
  }
}

}  // namespace ot::agent::http
