#pragma once

#include "agent/bundle/container.hpp"
#include "agent/bundle/examine.hpp"

namespace ot::tests {

/// Reads in this process, as a child does behind the wall.
class DirectReader final : public agent::bundle::ContainerReader {
 public:
  explicit DirectReader(const parsers::Content& content) : content_(content) {}

  Result<agent::bundle::Listing> list() override { return agent::bundle::list_container(content_); }
  Result<void> unpack(agent::bundle::Extent extent,
                      const agent::bundle::ContainerWriter::Sink& sink) override {
    return agent::bundle::unpack_extent(content_, extent, sink);
  }

 private:
  const parsers::Content& content_;
};

inline Result<agent::bundle::Examination> examine_directly(const parsers::Content& content,
                                                           const agent::bundle::Keyring& keys) {
  DirectReader reader(content);
  return agent::bundle::examine(content, reader, keys);
}

inline std::string bytes_in(std::string_view container, agent::bundle::Extent extent) {
  return std::string(container.substr(static_cast<std::size_t>(extent.offset),
                                      static_cast<std::size_t>(extent.size)));
}

}  // namespace ot::tests
