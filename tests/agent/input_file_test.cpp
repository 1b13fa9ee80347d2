#include "agent/input_file.hpp"

#include <filesystem>
#include <fstream>

#include <sys/stat.h>

#include "tests/catch.hpp"
#include "tests/store/plant.hpp"

using namespace ot;
using namespace ot::agent;

namespace {

std::string written(const store::test::Folder& folder, std::string_view text) {
  const auto path = folder.path("file");
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

/// Gives a byte at a time, and says that it has more than it has.
class Grudging final : public parsers::Content {
 public:
  Grudging(std::string bytes, std::uint64_t said) : bytes_(std::move(bytes)), said_(said) {}
  std::uint64_t size() const override { return said_; }
  Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) const override {
    return parsers::MemoryContent(bytes_).read_at(offset, into.first(1));
  }

 private:
  std::string bytes_;
  std::uint64_t said_;
};

}  // namespace

TEST_CASE("what comes in pieces is read whole", "[input-file]") {
  CHECK(whole_text(Grudging("text", 4)) == "text");
}

TEST_CASE("what ends before it should has changed meanwhile", "[input-file]") {
  const auto text = whole_text(Grudging("text", 5));
  REQUIRE_FALSE(text);
  CHECK(text.error().code() == Errc::changed);
}

TEST_CASE("a small file is read whole", "[input-file]") {
  const store::test::Folder folder;
  const auto path = written(folder, std::string_view("a\0b\n", 4));
  CHECK(read_whole(path, true, 4) == std::string("a\0b\n", 4));
  CHECK(read_whole(written(folder, ""), true, 4) == "");
}

TEST_CASE("a file that is larger than it may be is not read", "[input-file]") {
  const store::test::Folder folder;
  const auto path = written(folder, std::string(1025, 'x'));
  const auto text = read_whole(path, true, 1024);
  REQUIRE_FALSE(text);
  CHECK(text.error().code() == Errc::too_large);
  CHECK(text.error().message() == "it is over 1 KiB");
  std::filesystem::resize_file(path, (2U << 20) + 1);
  CHECK(read_whole(path, true, 2 << 20).error().message() == "it is over 2 MiB");
}

TEST_CASE("what is no regular file is not read whole", "[input-file]") {
  const store::test::Folder folder;
  CHECK(read_whole(folder.path("none"), true, 4).error().code() == Errc::not_found);
  CHECK(read_whole(folder.path(""), true, 4).error().code() == Errc::unsupported);
  REQUIRE(::mkfifo(folder.path("pipe").c_str(), 0600) == 0);
  CHECK(read_whole(folder.path("pipe"), true, 4).error().code() == Errc::unsupported);
}

TEST_CASE("a link is followed only where that is asked for", "[input-file]") {
  const store::test::Folder folder;
  std::filesystem::create_symlink(written(folder, "text"), folder.path("link"));
  CHECK(read_whole(folder.path("link"), true, 4) == "text");
  CHECK_FALSE(read_whole(folder.path("link"), false, 4));
}

TEST_CASE("of a file the beginning can be read", "[input-file]") {
  const store::test::Folder folder;
  const auto file = InputFile::open(written(folder, "text"), true);
  REQUIRE(file);
  CHECK(file->beginning(2) == "te");
  CHECK(file->beginning(9) == "text");
}

TEST_CASE("a file that became shorter has the beginning that it has now", "[input-file]") {
  const store::test::Folder folder;
  const auto path = written(folder, "text");
  const auto file = InputFile::open(path, true);
  REQUIRE(file);
  std::filesystem::resize_file(path, 1);
  CHECK(file->beginning(4) == "t");
}
