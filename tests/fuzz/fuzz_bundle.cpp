#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/bundle/envelope.hpp"
#include "agent/bundle/examine.hpp"
#include "agent/bundle/examine_signature.hpp"
#include "agent/bundle/manifest.hpp"
#include "agent/bundle/walk_target.hpp"
#include "agent/bundle/walled_reader.hpp"
#include "base/text.hpp"
#include "tests/agent/bundle/direct_reader.hpp"

namespace {

using namespace ot;
using namespace ot::agent::bundle;

void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

/// Nobody is trusted here, so nothing ever is; and what is unaltered holds what it says.
void check_container(const parsers::Content& content) {
  const auto found = tests::examine_directly(content, {});
  if (!found) {
    require(!found.error().message().empty());
    return;
  }
  require(found->trust != Trust::trusted);
  require((found->trust == Trust::unknown_key) == found->signer.has_value());
  if (found->findings.empty()) {
    require(found->listing.complaint.empty());
    require(found->listing.members.size() ==
            found->manifest.members.size() + (found->signer ? 2 : 1));
  }
}

/// What a child says of a container is taken as it was meant; and of one that was taken over
/// nothing but what a container may have.
void check_listing(const parsers::Content& content, std::string_view answer) {
  const auto listing = list_container(content);
  std::string bytes;
  agent::wall::Pack pack([&bytes](std::string_view piece) { bytes += piece; });
  put_listing(pack, listing);
  auto honest = agent::wall::unpacking(bytes);
  const auto taken = take_listing(honest, content.size());
  require(taken.has_value() == listing.has_value());
  require(!taken || (taken->members == listing->members && taken->complaint == listing->complaint));
  auto other = agent::wall::unpacking(answer);
  const auto lies = take_listing(other, content.size());
  for (const auto& member : lies ? lies->members : std::vector<StoredMember>()) {
    require(member.extent.offset <= content.size());
  }
}

/// What is read can be written, and is read again as the same.
void check_texts(std::string_view text) {
  if (const auto manifest = manifest_from(text)) {
    const auto again = manifest_from(manifest_text(*manifest));
    require(again && (*again == *manifest || !is_utf8(text)));
  }
  if (const auto signature = signature_from(text)) {
    require(signature_text(*signature) == text);
  }
  if (const auto targets = walk_targets_from(text)) {
    std::string lines;
    for (const auto& target : *targets) {
      lines += walk_target_line(target);
    }
    const auto again = walk_targets_from(lines);
    require(again && again->size() == targets->size());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const parsers::MemoryContent content(text);
  check_container(content);
  check_listing(content, text);
  check_texts(text);
  const auto ignore = [](std::string_view) { return Result<void>(); };
  require(!open_envelope(content, nullptr, ignore));
  return 0;
}
