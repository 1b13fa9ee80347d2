#include "agent/bundle/chain.hpp"

#include "base/hash.hpp"

namespace ot::agent::bundle {
namespace {

std::string sha256_of(std::string_view first, std::string_view second) {
  FileHasher hasher;
  hasher.add(first);
  hasher.add(second);
  return hasher.finish().sha256;
}

}  // namespace

Chain::Chain(std::string_view walk) : head_(sha256_of("rackscout walk ", walk)) {}

const std::string& Chain::add(std::string_view text) {
  head_ = sha256_of(head_, text);
  return head_;
}

}  // namespace ot::agent::bundle
