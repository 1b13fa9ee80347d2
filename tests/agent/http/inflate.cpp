#include "tests/agent/http/inflate.hpp"

#define ZLIB_CONST
#include <zlib.h>

namespace ot::tests {

std::string inflated(const std::string& bytes) {
  z_stream z{};
  ::inflateInit2(&z, 15 + 16);
  std::string out(16 << 20, '\0');
  z.next_in = reinterpret_cast<const Bytef*>(bytes.data());
  z.avail_in = static_cast<uInt>(bytes.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  const bool whole = ::inflate(&z, Z_FINISH) == Z_STREAM_END && z.avail_in == 0;
  out.resize(whole ? z.total_out : 0);
  ::inflateEnd(&z);
  return out;
}

}  // namespace ot::tests
