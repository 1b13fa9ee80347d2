#include "agent/bundle/examine.hpp"

#include <map>
#include <utility>

#include <fmt/format.h>

#include "agent/bundle/chain.hpp"
#include "agent/bundle/examine_container.hpp"
#include "agent/bundle/examine_signature.hpp"
#include "agent/bundle/exchange.hpp"
#include "agent/bundle/walk_target.hpp"

namespace ot::agent::bundle {
namespace {

constexpr std::uint64_t kLargestManifest = 64ULL << 20;
constexpr std::uint64_t kLargestSignature = 64ULL << 10;
constexpr std::size_t kLongestLine = 1ULL << 20;
constexpr std::size_t kMostFindings = 50;

/// Cuts what comes in pieces into lines, each handed on without its line feed.
class Lines {
 public:
  using Each = std::function<Result<void>(std::string_view)>;

  explicit Lines(Each each) : each_(std::move(each)) {}

  Result<void> add(std::string_view piece) {
    for (auto end = piece.find('\n'); end != piece.npos; end = piece.find('\n')) {
      rest_ += piece.substr(0, end);
      ++number_;
      if (auto taken = each_(rest_); !taken) {
        return fail(std::move(taken).error().at(Position::line(number_)));
      }
      rest_.clear();
      piece.remove_prefix(end + 1);
    }
    rest_ += piece;
    return rest_.size() <= kLongestLine ? Result<void>() : broken("it is too long");
  }

  Result<void> finish() const { return rest_.empty() ? Result<void>() : broken("it is cut short"); }

  std::uint64_t number() const { return number_; }

 private:
  Result<void> broken(std::string what) const {
    return fail(Error(Errc::malformed, std::move(what)).at(Position::line(number_ + 1)));
  }

  Each each_;
  std::string rest_;
  std::uint64_t number_ = 0;
};

/// One examination, step by step. A step fails where reading does; what does not match is a
/// finding.
class Examiner {
 public:
  Examiner(const parsers::Content& content, ContainerReader& reader, const Keyring& keys)
      : content_(content), reader_(reader), keys_(keys) {}

  Result<Examination> run() {
    auto listing = reader_.list();
    if (!listing) {
      return fail(std::move(listing).error());
    }
    found_.listing = std::move(*listing);
    auto manifest = read_manifest();
    auto done = compare(manifest ? &*manifest : nullptr);
    if (!done || !manifest) {
      return done ? unreadable(std::move(manifest).error()) : fail(std::move(done).error());
    }
    found_.manifest = std::move(*manifest);
    for (const auto step : {&Examiner::check_members, &Examiner::check_signature,
                            &Examiner::check_exchanges, &Examiner::check_targets}) {
      if (done = (this->*step)(); !done) {
        return fail(std::move(done).error());
      }
    }
    explain_writer();
    shorten();
    return std::move(found_);
  }

 private:
  void find(std::string finding) { found_.findings.push_back(std::move(finding)); }
  void find(std::string_view member, const Error& error) {
    const auto position = error.position();
    const bool in_line = position.unit == Position::Unit::line;
    find(fmt::format("{}: {}{}", member, in_line ? fmt::format("line {}: ", position.value) : "",
                     error.message()));
  }

  /// What reading said of a member: a finding, unless the disk failed.
  Result<void> note(std::string_view member, const Result<void>& read) {
    if (!read && read.error().code() == Errc::io) {
      return read;
    }
    if (!read) {
      find(member, read.error());
    }
    return {};
  }

  Result<std::string> text_of(const StoredMember& member, std::uint64_t most) const {
    std::string text;
    const auto read = read_extent(content_, member.extent, into(text, most));
    return read ? Result<std::string>(std::move(text)) : fail(read.error());
  }

  Result<Manifest> read_manifest() {
    const auto& members = found_.listing.members;
    if (members.empty() || members.front().name != kManifest) {
      return fail(Errc::malformed, "it is no survey bundle: it does not begin with a manifest");
    }
    const auto text = text_of(members.front(), kLargestManifest);
    if (!text) {
      return fail(text.error());
    }
    manifest_text_ = *text;
    auto manifest = manifest_from(*text);
    return manifest ? std::move(manifest)
                    : fail(std::move(manifest).error().during(std::string(kManifest)));
  }

  /// Of what is no manifest that we can read: what was altered is not that of another rackscout.
  Result<Examination> unreadable(Error error) const {
    if (error.code() == Errc::io || found_.findings.empty()) {
      return fail(std::move(error));
    }
    return fail(Errc::malformed, fmt::format("{}; {}", error.message(), found_.findings.front()));
  }

  /// The members that make the container: those of the manifest, else those that are there.
  std::vector<Expected> expected(const Manifest* manifest) const {
    std::vector<Expected> members;
    for (const auto& member : found_.listing.members) {
      const bool heads = member.name == kManifest || member.name == kSignature;
      if (manifest == nullptr || (heads && members.size() < 2)) {
        members.push_back({member.name, member.extent.size, 0, {}});
      }
    }
    if (manifest != nullptr) {
      for (const auto& member : manifest->members) {
        members.push_back({member.name, member.size, 0, {}});
      }
    }
    return members;
  }

  Result<void> compare(const Manifest* manifest) {
    expected_ = expected(manifest);
    const auto difference = compare_container(content_, expected_);
    if (!difference) {
      return fail(difference.error());
    }
    const auto& complaint = found_.listing.complaint;
    if (*difference || !complaint.empty()) {
      only_container_differs_ = true;
      find(*difference ? (**difference).text() : "the container: " + complaint);
    }
    return {};
  }

  /// What is there against what the manifest says should be.
  Result<void> check_members() {
    std::map<std::string_view, const StoredMember*> there;
    for (const auto& member : found_.listing.members) {
      if (!there.emplace(member.name, &member).second) {
        find(member.name + ": it is there more than once");
      }
    }
    for (const auto& member : expected_) {
      const auto found = there.find(member.name);
      check_place(member, found == there.end() ? nullptr : found->second);
      there.erase(member.name);
    }
    for (const auto& [name, member] : there) {
      find(fmt::format("{}: the manifest knows of no such member", name));
    }
    check_hashes();
    return {};
  }

  void check_place(const Expected& member, const StoredMember* there) {
    const bool all_are_listed = found_.listing.complaint.empty();
    if (there == nullptr) {
      return all_are_listed ? find(member.name + ": it is missing") : void();
    }
    if (there->extent.size != member.size) {
      find(fmt::format("{}: it has {} bytes, the manifest says {}", member.name, there->extent.size,
                       member.size));
    } else if (all_are_listed && there->extent.offset != member.offset) {
      find(member.name + ": it does not lie where it must");
    }
  }

  void check_hashes() {
    const auto& members = found_.manifest.members;
    auto at = expected_.end() - static_cast<std::ptrdiff_t>(members.size());
    for (const auto& member : members) {
      const auto& there = *at++;
      if (!there.sha256.empty() && there.sha256 != member.sha256) {
        find(member.name + ": its SHA-256 is another one than the manifest says");
      }
    }
  }

  Result<void> check_signature() {
    const auto& signer = found_.manifest.signer;
    const auto* member = found_.listing.find(kSignature);
    if (member == nullptr || signer.empty()) {
      if (member != nullptr) {
        find("signature.json: the manifest names nobody who signed");
      } else if (!signer.empty()) {
        find(fmt::format("signature.json: it is missing, but the key {} signed", signer));
      }
      return {};
    }
    const auto text = text_of(*member, kLargestSignature);
    if (!text) {
      return note(kSignature, fail(text.error()));
    }
    const auto signature = signature_from(*text);
    if (!signature) {
      return note(kSignature, fail(signature.error()));
    }
    judge(*signature);
    return {};
  }

  void judge(const Signature& signature) {
    const auto& key = signature.key;
    const auto& manifest = found_.manifest;
    if (key.id() != manifest.signer || key.name != manifest.signer_name) {
      return find(
          fmt::format("signature.json: it is by the key {} \"{}\", the manifest says {} "
                      "\"{}\"",
                      key.id(), key.name, manifest.signer, manifest.signer_name));
    }
    if (!is_signed_by(key, manifest_text_, signature.bytes)) {
      return find("manifest.json: the signature is not of this manifest");
    }
    const auto* trusted = keys_.trusts(key.id());
    const bool same = trusted != nullptr && trusted->signing == key.signing;
    found_.trust = same ? Trust::trusted : Trust::unknown_key;
    found_.signer = same ? *trusted : key;
  }

  Result<void> check_exchanges() {
    const auto* member = found_.listing.find(kExchanges);
    if (member == nullptr) {
      return {};
    }
    Chain chain(found_.manifest.walk);
    Lines lines([&chain](std::string_view line) -> Result<void> {
      const auto exchange = exchange_from(line, chain);
      return exchange ? Result<void>() : fail(exchange.error());
    });
    auto read = reader_.unpack(member->extent,
                               [&lines](std::string_view piece) { return lines.add(piece); });
    read = read ? lines.finish() : read;
    if (!read) {
      return note(kExchanges, read);
    }
    const auto& manifest = found_.manifest;
    if (lines.number() != manifest.exchanges) {
      find(fmt::format("{}: it has {} lines, the manifest says {}", kExchanges, lines.number(),
                       manifest.exchanges));
    } else if (chain.head() != manifest.chain) {
      find(fmt::format("{}: its chain ends otherwise than the manifest says", kExchanges));
    }
    return {};
  }

  Result<void> check_targets() {
    const auto* member = found_.listing.find(kTargets);
    if (member == nullptr) {
      return {};
    }
    Lines lines([](std::string_view line) -> Result<void> {
      const auto target = walk_targets_from(std::string(line) + "\n");
      return target ? Result<void>() : fail(Errc::malformed, target.error().message());
    });
    const auto read = reader_.unpack(member->extent,
                                     [&lines](std::string_view piece) { return lines.add(piece); });
    return note(kTargets, read ? lines.finish() : read);
  }

  /// Another libarchive may write the same members in another way.
  void explain_writer() {
    const auto& writer = found_.manifest.writer;
    if (only_container_differs_ && found_.findings.size() == 1 && writer != container_writer()) {
      found_.findings.front() += fmt::format(
          "; it was written by {}, and this is {}, which may write otherwise: verify it "
          "with the former before anything is concluded",
          writer.empty() ? "an unknown library" : writer, container_writer());
    }
  }

  void shorten() {
    auto& findings = found_.findings;
    if (findings.size() > kMostFindings) {
      const auto more = findings.size() - kMostFindings;
      findings.resize(kMostFindings);
      findings.push_back(fmt::format("and {} more", more));
    }
  }

  const parsers::Content& content_;
  ContainerReader& reader_;
  const Keyring& keys_;
  Examination found_;
  std::string manifest_text_;
  std::vector<Expected> expected_;
  bool only_container_differs_ = false;
};

}  // namespace

Result<Examination> examine(const parsers::Content& content, ContainerReader& reader,
                            const Keyring& keys) {
  return Examiner(content, reader, keys).run();
}

}  // namespace ot::agent::bundle
