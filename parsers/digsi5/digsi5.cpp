#include <array>

#include <fmt/format.h>

#include "base/text.hpp"
#include "parsers/digsi5/container.hpp"
#include "parsers/digsi5/importer.hpp"
#include "parsers/digsi5/names.hpp"
#include "parsers/digsi5/zip_headers.hpp"
#include "parsers/digsi5/zip_reader.hpp"
#include "parsers/parser.hpp"

namespace ot::parsers::digsi5 {
namespace {

constexpr std::array<std::string_view, 1> kSuffixes = {".dz5"};

bool claims(const Sample& sample) {
  return to_lower_ascii(sample.name).ends_with(kSuffixes.front()) ||
         (is_zip(sample.head) && shows_project_member(sample));
}

Result<std::string> first_bytes(const Content& content) {
  constexpr std::size_t kEnough = 64;
  std::string head(kEnough, '\0');
  const auto count = content.read_at(0, head);
  if (!count) {
    return fail(count.error());
  }
  head.resize(*count);
  return head;
}

Result<Project> parse(const Source& source, const Limits& limits) {
  const MemoryContent memory(source.bytes);
  const Content& content = source.content != nullptr ? *source.content : memory;
  const auto head = first_bytes(content);
  if (!head) {
    return fail(head.error());
  }
  if (!is_zip(*head)) {
    return fail(not_a_zip(*head));
  }
  if (content.size() > limits.archive_bytes) {
    return fail(Errc::too_large,
                fmt::format("the archive has {}, over the limit of {}", size_text(content.size()),
                            size_text(limits.archive_bytes)));
  }
  return Importer(content, limits).run();
}

}  // namespace

extern const Parser module;
const Parser module{
    .name = "digsi5",
    .reads = "DIGSI 5 project archives",
    .suffixes = kSuffixes,
    .access = Access::ranges,
    .claims = claims,
    .parse = parse,
    .prepare = prepare_names,
};

}  // namespace ot::parsers::digsi5
