#pragma once

#include <string>

#include "agent/bundle/container.hpp"
#include "agent/input_file.hpp"
#include "agent/wall/packing.hpp"
#include "agent/wall/pool.hpp"
#include "agent/wall/serve.hpp"

namespace ot::agent::bundle {

// A container as a child reads it: `bundle-list` answers with its listing, `bundle-unpack` with
// what gzip compressed to an extent of it.

extern const wall::Task kListTask;
extern const wall::Task kUnpackTask;

/// Has them done. One for each bundle: what a bundle did to its child reaches no other.
class WalledReader final : public ContainerReader {
 public:
  /// The file must live on. Its name is for messages.
  WalledReader(const InputFile& file, std::string name, wall::Options options);

  /// Errors: io where no child can be had, or none that is shut in as it should be.
  Result<void> ready();

  /// Errors: io, too_large (over 100,000 members), and corrupt for a container at which the child
  /// died, hung or did what it may not: no rackscout made that.
  Result<Listing> list() override;

  /// Errors: io, malformed, corrupt as with list(), and the sink's.
  Result<void> unpack(Extent extent, const ContainerWriter::Sink& sink) override;

 private:
  const InputFile& file_;
  std::string name_;
  wall::Pool pool_;
};

// What `bundle-list` answers.

void put_listing(wall::Pack& pack, const Result<Listing>& listing);

/// Of a container of that size. Errors: the child's, and corrupt for an answer that can be none.
Result<Listing> take_listing(wall::Unpack& unpack, std::uint64_t size);

}  // namespace ot::agent::bundle
