#include "agent/watch/mounts.hpp"

#include "tests/catch.hpp"

namespace ot::agent::watch {
namespace {

constexpr std::string_view kTable =
    "22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda rw\n"
    "30 22 0:45 / /srv/plant rw,relatime shared:9 - nfs4 nas:/plant rw,vers=4.2\n"
    "31 22 8:1 / /srv/my\\040stick rw - vfat /dev/sda1 rw\n"
    "32 22 0:50 / /srv/back\\134slash rw master:1 propagate_from:2 - fuse.sshfs host: rw\n"
    "33 22 0:51 / /guest rw - virtiofs host rw\n";

}  // namespace

TEST_CASE("a mount has a point and a type", "[watch][mounts]") {
  const auto mounts = parse_mounts(kTable);
  REQUIRE(mounts.size() == 5);
  CHECK(mounts[0] == Mount{.id = 22, .point = "/", .type = "ext4"});
  CHECK(mounts[1] == Mount{.id = 30, .point = "/srv/plant", .type = "nfs4"});
  CHECK(mounts[2].point == "/srv/my stick");
  CHECK(mounts[3].point == "/srv/back\\slash");
  CHECK(mounts[3].type == "fuse.sshfs");
}

TEST_CASE("lines that are none are left out", "[watch][mounts]") {
  CHECK(parse_mounts("").empty());
  CHECK(parse_mounts("\n\n22\n22 1 254:1 /\nx 1 0:1 / / rw - ext4 a b\n").empty());
  CHECK(parse_mounts("22 1 254:1 / / rw ext4 /dev/vda rw\n").empty());
  CHECK(parse_mounts("22 1 254:1 / /a\\04 rw - ext4 /dev/vda rw")[0].point == "/a\\04");
}

TEST_CASE("a path lies on the deepest mount above it, the newest first", "[watch][mounts]") {
  auto mounts = parse_mounts(kTable);
  CHECK(reach_of(mounts, "/srv/plant") == Reach::remote);
  CHECK(reach_of(mounts, "/srv/plant/a/b") == Reach::remote);
  CHECK(reach_of(mounts, "/srv/plant2") == Reach::local);
  CHECK(reach_of(mounts, "/srv") == Reach::local);
  CHECK(reach_of(mounts, "/guest/a") == Reach::shared);
  mounts.push_back({.id = 40, .point = "/srv/plant", .type = "tmpfs"});
  CHECK(reach_of(mounts, "/srv/plant/a") == Reach::local);
  CHECK(reach_of(Mounts{}, "/srv") == Reach::local);
}

TEST_CASE("types tell who else writes there", "[watch][mounts]") {
  for (const auto* type : {"ext4", "xfs", "vfat", "overlay", "tmpfs", "btrfs", "fuseblk"}) {
    CHECK(reach_of(type) == Reach::local);
  }
  for (const auto* type : {"9p", "virtiofs", "vboxsf", "fuse.mergerfs"}) {
    CHECK(reach_of(type) == Reach::shared);
  }
  for (const auto* type : {"nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "fuse", "autofs", "afs"}) {
    CHECK(reach_of(type) == Reach::remote);
  }
}

TEST_CASE("what is mounted around a path decides which files are met", "[watch][mounts]") {
  const auto mounts = parse_mounts(kTable);
  CHECK(mounts_around(mounts, "/srv").size() == 4);
  CHECK(mounts_around(mounts, "/srv/plant/a") == Mounts{mounts[1]});
  CHECK(mounts_around(mounts, "/home") == Mounts{mounts[0]});
  CHECK(has_share(mounts, "/srv"));
  CHECK_FALSE(has_share(mounts, "/home"));
  CHECK(remote_below(mounts, "/srv") == std::vector<std::string>{"/srv/plant", "/srv/back\\slash"});
  CHECK(remote_below(mounts, "/srv/plant").empty());
}

TEST_CASE("this machine has a root", "[watch][mounts]") {
  CHECK_FALSE(read_mounts()->empty());
}

}  // namespace ot::agent::watch
