#include "agent/bundle/pack.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

#include "agent/bundle/container.hpp"
#include "agent/bundle/envelope.hpp"
#include "agent/bundle/examine_signature.hpp"
#include "agent/http/gzip.hpp"
#include "agent/input_file.hpp"
#include "base/file_names.hpp"
#include "base/hash.hpp"

namespace ot::agent::bundle {
namespace {

constexpr std::size_t kBuffer = 256 * 1024;

/// A file beside the target: it takes the target's place, or goes.
class FileBeside {
 public:
  static Result<std::unique_ptr<FileBeside>> create(const std::string& target) {
    auto path = target + ".XXXXXX";
    const int file = ::mkostemp(path.data(), O_CLOEXEC);  // mode 0600
    if (file < 0) {
      return fail(system_error(errno, "create it"));
    }
    return std::unique_ptr<FileBeside>(new FileBeside(file, std::move(path)));
  }
  FileBeside(const FileBeside&) = delete;
  FileBeside& operator=(const FileBeside&) = delete;
  ~FileBeside() {
    if (file_ >= 0) {
      ::close(file_);
    }
    if (!path_.empty()) {
      ::unlink(path_.c_str());
    }
  }

  Result<void> add(std::string_view piece) {
    waiting_ += piece;
    return waiting_.size() < kBuffer ? Result<void>() : flush();
  }

  /// All of it is on the disk, and so is its name.
  Result<void> become(const std::string& target) {
    if (auto flushed = flush(); !flushed) {
      return flushed;
    }
    const bool kept = ::fsync(file_) == 0;
    const int number = errno;
    const bool closed = ::close(std::exchange(file_, -1)) == 0;
    if (!kept || !closed || !give_name(path_, target, IfThere::keep)) {
      return fail(system_error(kept ? errno : number, "write it"));
    }
    path_.clear();
    return keep_name(target) ? Result<void>()
                             : fail(system_error(errno, "write its folder to the disk"));
  }

 private:
  FileBeside(int file, std::string path) : file_(file), path_(std::move(path)) {}

  Result<void> flush() {
    std::string_view rest = waiting_;
    while (!rest.empty()) {
      const auto count = ::write(file_, rest.data(), rest.size());
      if (count < 0 && errno != EINTR) {
        return fail(system_error(errno, "write it"));
      }
      rest.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    }
    waiting_.clear();
    return {};
  }

  int file_;
  std::string path_;
  std::string waiting_;
};

/// A member whose bytes are in memory.
struct Packed {
  std::string_view name;
  std::string bytes;
};

std::string sha256_of(std::string_view bytes) {
  FileHasher hasher;
  hasher.add(bytes);
  return hasher.finish().sha256;
}

Result<Packed> compressed(std::string_view name, http::Gzip& gzip) {
  auto bytes = gzip.finish();
  if (bytes.empty()) {
    return fail(Errc::io, fmt::format("{}: no memory for compressing it", name));
  }
  return Packed{name, std::move(bytes)};
}

Result<Packed> pack_text(std::string_view name, const std::string& text) {
  http::Gzip gzip;
  for (std::string_view rest = text; !rest.empty();) {
    gzip.add(rest.substr(0, kBuffer));
    rest.remove_prefix(std::min(rest.size(), kBuffer));
  }
  return compressed(name, gzip);
}

/// The ledger of the walk must have as many lines as the manifest is to say.
Result<Packed> pack_exchanges(const std::string& path, std::uint64_t lines) {
  const auto file = InputFile::open(path, true);
  if (!file) {
    return fail(Error(file.error()).during(path));
  }
  http::Gzip gzip;
  std::uint64_t found = 0;
  const auto read = read_extent(*file, {0, file->size()}, [&](std::string_view piece) {
    gzip.add(piece);
    found += static_cast<std::uint64_t>(std::count(piece.begin(), piece.end(), '\n'));
    return Result<void>();
  });
  if (!read) {
    return fail(Error(read.error()).during(path));
  }
  if (found != lines) {
    return fail(Errc::changed, fmt::format("{}: the ledger has {} lines where {} were written",
                                           path, found, lines));
  }
  return compressed(kExchanges, gzip);
}

Result<std::vector<Packed>> pack_all(const Contents& contents) {
  std::vector<Packed> all;
  std::array<Result<Packed>, 5> packed = {
      pack_text(kRecords, contents.records), pack_text(kObservations, contents.observations),
      pack_text(kTargets, contents.targets),
      pack_exchanges(contents.exchanges_path, contents.manifest.exchanges),
      pack_text(kJournal, contents.journal)};
  for (auto& member : packed) {
    if (!member) {
      return fail(std::move(member).error());
    }
    all.push_back(std::move(*member));
  }
  return all;
}

/// By hash, each content once.
void put_in_order(std::vector<FileAlong>& files) {
  std::sort(files.begin(), files.end(),
            [](const auto& a, const auto& b) { return a.sha256 < b.sha256; });
  const auto same = [](const auto& a, const auto& b) { return a.sha256 == b.sha256; };
  files.erase(std::unique(files.begin(), files.end(), same), files.end());
}

Result<void> list_members(const std::vector<Packed>& packed, const std::vector<FileAlong>& files,
                          std::vector<Member>& members) {
  members.clear();
  for (const auto& member : packed) {
    members.push_back({std::string(member.name), member.bytes.size(), sha256_of(member.bytes)});
  }
  for (const auto& along : files) {
    const auto file = InputFile::open(along.path, true);
    if (!file) {
      return fail(Error(file.error()).during(along.path));
    }
    members.push_back({std::string(kFiles) + along.sha256, file->size(), along.sha256});
  }
  return {};
}

Error changed(const FileAlong& along) {
  return Error(Errc::changed, fmt::format("{}: it is not what was read before", along.path))
      .hint("it changed meanwhile: read it again");
}

Result<void> write_file(const FileAlong& along, const Member& member, ContainerWriter& container) {
  const auto file = InputFile::open(along.path, true);
  if (!file) {
    return fail(Error(file.error()).during(along.path));
  }
  if (file->size() != member.size) {
    return fail(changed(along));
  }
  FileHasher hasher;
  auto written = container.begin(member.name, member.size);
  if (written) {
    written = read_extent(*file, {0, member.size}, [&](std::string_view piece) {
      hasher.add(piece);
      return container.add(piece);
    });
  }
  if (!written && written.error().code() == Errc::corrupt) {  // it became shorter
    return fail(changed(along));
  }
  return !written || hasher.finish().sha256 == along.sha256 ? written : fail(changed(along));
}

Result<void> write_text(std::string_view name, std::string_view bytes, ContainerWriter& container) {
  const auto begun = container.begin(std::string(name), bytes.size());
  return begun ? container.add(bytes) : begun;
}

/// What a bundle holds, ready to be written.
struct Load {
  std::vector<Packed> packed;  ///< in their order, the manifest first
  std::vector<FileAlong> files;
  std::vector<Member> members;  ///< of the manifest; the files are its last
};

Result<void> write_container(const Load& load, const ContainerWriter::Sink& sink) {
  ContainerWriter container(sink);
  for (const auto& member : load.packed) {
    if (auto written = write_text(member.name, member.bytes, container); !written) {
      return written;
    }
  }
  auto member = load.members.end() - static_cast<std::ptrdiff_t>(load.files.size());
  for (const auto& along : load.files) {
    if (auto written = write_file(along, *member++, container); !written) {
      return written;
    }
  }
  return container.finish();
}

/// The manifest and its signature, which come first.
Result<std::vector<Packed>> sign(const Manifest& manifest, const PrivateKey* signer) {
  std::vector<Packed> heads;
  heads.push_back({kManifest, manifest_text(manifest)});
  // What could not be read again is of no use to anybody.
  if (const auto again = manifest_from(heads.front().bytes); !again) {
    return fail(Error(Errc::wrong_use, again.error().message()).during("the bundle's manifest"));
  }
  if (signer != nullptr) {
    auto bytes = signer->sign(heads.front().bytes);
    if (!bytes) {
      return fail(std::move(bytes).error());
    }
    heads.push_back({kSignature, signature_text({signer->public_key(), std::move(*bytes)})});
  }
  return heads;
}

Result<Load> prepare(Contents contents, const PrivateKey* signer) {
  put_in_order(contents.files);
  auto packed = pack_all(contents);
  if (!packed) {
    return fail(std::move(packed).error());
  }
  auto& manifest = contents.manifest;
  manifest.writer = container_writer();
  manifest.signer = signer == nullptr ? "" : signer->public_key().id();
  manifest.signer_name = signer == nullptr ? "" : signer->public_key().name;
  if (auto listed = list_members(*packed, contents.files, manifest.members); !listed) {
    return fail(std::move(listed).error());
  }
  auto heads = sign(manifest, signer);
  if (!heads) {
    return fail(std::move(heads).error());
  }
  Load load{std::move(*heads), std::move(contents.files), std::move(manifest.members)};
  std::move(packed->begin(), packed->end(), std::back_inserter(load.packed));
  return load;
}

}  // namespace

Result<void> write_bundle(const std::string& path, Contents contents, const PrivateKey* signer,
                          const PublicKey* recipient) {
  const auto load = prepare(std::move(contents), signer);
  auto file = load ? FileBeside::create(path) : fail(load.error());
  if (!file) {
    return fail(std::move(file).error());
  }
  const auto to_file = [&file](std::string_view piece) { return (**file).add(piece); };
  std::optional<EnvelopeWriter> envelope;
  if (recipient != nullptr) {
    auto begun = EnvelopeWriter::begin(*recipient, to_file);
    if (!begun) {
      return fail(std::move(begun).error());
    }
    envelope = std::move(*begun);
  }
  auto written = write_container(*load, [&](std::string_view piece) {
    return envelope ? envelope->add(piece) : to_file(piece);
  });
  if (written && envelope) {
    written = envelope->finish();
  }
  return written ? (**file).become(path) : written;
}

}  // namespace ot::agent::bundle
