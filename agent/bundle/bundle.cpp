#include "agent/bundle/bundle.hpp"

#include <array>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "agent/bundle/container_decrypted.hpp"
#include "agent/bundle/envelope.hpp"
#include "agent/bundle/examine.hpp"
#include "agent/bundle/walled_reader.hpp"
#include "agent/commands.hpp"
#include "agent/input_file.hpp"
#include "base/hash.hpp"

namespace ot::agent::bundle {
namespace {

constexpr std::uint64_t kLargestText = 1ULL << 30;
constexpr std::string_view kSuffix = ".rsb";

/// The file itself, or what its envelope holds.
struct Opened {
  InputFile content;
  bool was_encrypted = false;
  bool begins_as_bundle = false;
};

Result<Opened> open_content(const std::string& path, const Keyring& keys) {
  auto file = InputFile::open(path, true);
  if (!file) {
    return fail(std::move(file).error());
  }
  std::array<char, 16> first{};
  const auto count = file->read_at(0, first);
  if (!count) {
    return fail(count.error());
  }
  const std::string_view beginning(first.data(), *count);
  if (!is_envelope(beginning)) {
    const bool is_zip = beginning.starts_with("PK");
    return Opened{std::move(*file), false, is_zip};
  }
  auto content = decrypted(*file, keys);
  return content ? Result<Opened>(Opened{std::move(*content), true, true})
                 : fail(std::move(content).error());
}

/// What was a bundle, by its name or its beginning, and can't be read as one was altered.
Error unreadable(Error error, bool was_bundle) {
  if (error.code() != Errc::malformed) {
    return error;
  }
  if (was_bundle) {
    return Error(Errc::corrupt, error.message()).hint("ask for another copy of the bundle");
  }
  return Error(Errc::malformed, "it is no survey bundle")
      .hint("`rackscout survey --offline --out FILE.rsb` makes one");
}

/// Hands on what is read and hashes it.
ContainerWriter::Sink hashing(FileHasher& hasher, const ContainerWriter::Sink& sink) {
  return [&hasher, &sink](std::string_view piece) {
    hasher.add(piece);
    return sink(piece);
  };
}

std::string named(const PublicKey& key) {
  return key.name.empty() ? key.id() : fmt::format("{} ({})", key.name, key.id());
}

}  // namespace

struct Bundle::State {
  State(Opened file, const std::string& path, const wall::Options& wall)
      : opened(std::move(file)),
        reader(opened.content, std::filesystem::path(path).filename().string(), wall) {}

  Opened opened;
  WalledReader reader;
  Examination found;

  /// The hash that the manifest has for it; empty: it has none.
  std::string_view hash_of(std::string_view name) const {
    for (const auto& member : found.manifest.members) {
      if (member.name == name) {
        return member.sha256;
      }
    }
    return {};
  }

  /// It was proven when the bundle was opened; since then the file may have changed.
  Result<void> prove(const StoredMember& member) const {
    const auto expected = hash_of(member.name);
    if (!found.findings.empty() || expected.empty()) {
      return {};
    }
    FileHasher hasher;
    const ContainerWriter::Sink ignore = [](std::string_view) { return Result<void>(); };
    auto read = read_extent(opened.content, member.extent, hashing(hasher, ignore));
    if (read && hasher.finish().sha256 != expected) {
      return fail(Errc::changed, fmt::format("{}: the bundle changed meanwhile", member.name));
    }
    return read;
  }
};

Bundle::Bundle(std::unique_ptr<State> state) : state_(std::move(state)) {}
Bundle::Bundle(Bundle&&) noexcept = default;
Bundle& Bundle::operator=(Bundle&&) noexcept = default;
Bundle::~Bundle() = default;

Result<Bundle> Bundle::open(const std::string& path, const Keyring& keys,
                            const wall::Options& wall) {
  auto opened = open_content(path, keys);
  if (!opened) {
    return fail(std::move(opened).error());
  }
  auto state = std::make_unique<State>(std::move(*opened), path, wall);
  if (auto ready = state->reader.ready(); !ready) {
    return fail(std::move(ready).error());
  }
  auto found = examine(state->opened.content, state->reader, keys);
  if (!found) {
    const bool was_bundle = state->opened.begins_as_bundle || path.ends_with(kSuffix);
    return fail(unreadable(std::move(found).error(), was_bundle));
  }
  state->found = std::move(*found);
  return Bundle(std::move(state));
}

const std::vector<std::string>& Bundle::findings() const {
  return state_->found.findings;
}

Trust Bundle::trust() const {
  return state_->found.trust;
}

const PublicKey* Bundle::signer() const {
  return state_->found.signer ? &*state_->found.signer : nullptr;
}

std::string Bundle::trust_text() const {
  const auto& manifest = state_->found.manifest;
  if (const auto* key = signer()) {
    return fmt::format("signed by {}, {}", named(*key),
                       trust() == Trust::trusted ? "trusted" : "a key that is not trusted here");
  }
  if (manifest.signer.empty()) {
    return "not signed";
  }
  return fmt::format("said to be signed by {}, but the signature does not hold", manifest.signer);
}

bool Bundle::was_encrypted() const {
  return state_->opened.was_encrypted;
}

const Manifest& Bundle::manifest() const {
  return state_->found.manifest;
}

Result<void> Bundle::each_piece(std::string_view member,
                                const std::function<Result<void>(std::string_view)>& sink) const {
  const auto* stored = state_->found.listing.find(member);
  if (stored == nullptr) {
    return fail(Errc::not_found, fmt::format("the bundle has no member {}", member));
  }
  if (auto proven = state_->prove(*stored); !proven) {
    return proven;
  }
  auto read = member.ends_with(".gz") ? state_->reader.unpack(stored->extent, sink)
                                      : read_extent(state_->opened.content, stored->extent, sink);
  return read ? read : fail(std::move(read).error().during(member));
}

Result<std::string> Bundle::text(std::string_view member) const {
  std::string text;
  const auto read = each_piece(member, into(text, kLargestText));
  return read ? Result<std::string>(std::move(text)) : fail(read.error());
}

Result<void> Bundle::read_file(std::string_view sha256,
                               const std::function<Result<void>(std::string_view)>& sink) const {
  return each_piece(std::string(kFiles) + std::string(sha256), sink);
}

namespace {

int exit_of(Errc code) {
  switch (code) {
    case Errc::corrupt: return exit_code::kTampered;
    case Errc::io: return exit_code::kOwnFailure;
    default: return exit_code::kWrongUse;
  }
}

Error altered(const Bundle& bundle) {
  const auto more = bundle.findings().size() - 1;
  return Error(Errc::corrupt, fmt::format("it was altered: {}{}", bundle.findings().front(),
                                          more == 0 ? "" : fmt::format(" (and {} more)", more)))
      .hint("`rackscout bundle verify` tells all that does not match; ask for another copy");
}

Error untrusted(const Bundle& bundle) {
  return Error(Errc::forbidden, "it is " + bundle.trust_text())
      .hint(
          bundle.trust() == Trust::nobody
              ? "--allow-unsigned takes it all the same"
              : "`rackscout bundle verify` tells how to trust that key; --allow-unsigned takes it "
                "all the same");
}

}  // namespace

Result<Bundle> open_to_use(const Opening& opening, int& exit) {
  const auto keys = load_keyring(opening.key);
  if (!keys) {
    exit = exit_of(keys.error().code());
    return fail(keys.error());
  }
  auto bundle = Bundle::open(opening.path, *keys, opening.wall);
  if (!bundle) {
    exit = exit_of(bundle.error().code());
    return bundle;
  }
  if (bundle->is_altered()) {
    exit = exit_code::kTampered;
    return fail(altered(*bundle));
  }
  if (bundle->trust() != Trust::trusted && !opening.allow_unsigned) {
    exit = exit_code::kWithFailures;
    return fail(untrusted(*bundle));
  }
  return bundle;
}

}  // namespace ot::agent::bundle
