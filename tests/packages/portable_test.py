"""install.sh of the portable tarball: on a clean Debian, into an image, and where there is nothing but
busybox and an old-fashioned passwd."""
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import unittest

import chroot
import plant
from dpkg_test import CONFIGURATION, LINK, MARK, STORE

UNIT = "/etc/systemd/system/rackscout.service"
INSTALLED = "/usr/local/share/rackscout/install.sh"
BUSYBOX = "/bin/busybox"


def unpacked_into(folder):
    """The tarball there, by another name than its own."""
    path = chroot.package("rackscout-*-linux-{}.tar.xz")
    with tarfile.open(path) as archive:
        archive.extractall(folder)
    name = os.path.basename(path).removesuffix(".tar.xz")
    os.rename(os.path.join(folder, name), os.path.join(folder, "portable"))


class Portable(unittest.TestCase):
    def setUp(self):
        self.root = chroot.Chroot()
        self.addCleanup(self.root.delete)
        unpacked_into(self.root.at("/root"))

    def ok(self, line):
        done = self.root.shell(line)
        self.assertEqual(0, done.exit_code, done.out)
        return done.out

    def fails(self, line):
        done = self.root.shell(line)
        self.assertNotEqual(0, done.exit_code, done.out)
        return done.out

    def test_it_installs_program_manual_and_service(self):
        out = self.ok("portable/install.sh")
        self.assertIn("systemd does not run here", out)
        self.assertEqual("rackscout", self.ok("id -un rackscout").strip())
        self.assertEqual("root rackscout 640", self.ok(f"stat -c '%U %G %a' {CONFIGURATION}").strip())
        self.assertIn("/usr/local/bin/rackscout run", self.root.read(UNIT))
        self.assertNotIn("/usr/bin/rackscout", self.root.read(UNIT))
        self.assertTrue(self.root.exists(LINK))
        self.ok("rackscout config check && test -e /usr/local/share/man/man1/rackscout-probe.1")

    def test_an_upgrade_keeps_what_is_yours_and_removes_what_is_old(self):
        self.ok("portable/install.sh && rackscout ingest /etc/rackscout")
        self.ok(f"echo '# ours' >>{CONFIGURATION} && rm {LINK}")
        self.ok("echo /usr/local/share/old-file >>/usr/local/share/rackscout/installed; "
                "touch /usr/local/share/old-file /usr/local/share/not-ours")
        before = self.ok(f"sha256sum {CONFIGURATION} {STORE}")
        self.ok("portable/install.sh")
        self.assertEqual(before, self.ok(f"sha256sum {CONFIGURATION} {STORE}"))
        self.assertFalse(self.root.exists("/usr/local/share/old-file"))
        self.assertTrue(self.root.exists("/usr/local/share/not-ours"))
        self.assertFalse(self.root.exists(LINK), "it was disabled")
        self.ok(INSTALLED + " --uninstall")
        self.assertTrue(self.root.exists(STORE) and self.root.exists(CONFIGURATION))
        self.assertFalse(self.root.exists("/usr/local/bin/rackscout"))

    def test_a_newer_store_is_left_alone(self):
        os.makedirs(os.path.dirname(self.root.at(STORE)))
        with sqlite3.connect(self.root.at(STORE)) as database:
            database.executescript(f"PRAGMA application_id = {MARK}; CREATE TABLE meta(name);"
                                   "PRAGMA user_version = 9999;")
        database.close()
        self.assertIn("written by a newer rackscout", self.fails("portable/install.sh"))
        self.assertFalse(self.root.exists("/usr/local/bin/rackscout"))
        self.assertFalse(self.root.exists(CONFIGURATION))

    def test_the_service_can_read_what_a_careful_root_installs(self):
        self.ok("umask 077; portable/install.sh")
        self.ok(f"setpriv --reuid rackscout --regid rackscout --clear-groups cat {CONFIGURATION} >/dev/null")
        self.ok("setpriv --reuid nobody --regid nogroup --clear-groups rackscout --version")

    def test_it_knows_where_it_was_installed(self):
        self.ok("portable/install.sh --prefix /opt/tools/rackscout")
        self.assertIn("ENOSYS", self.root.read(UNIT))
        self.assertIn("ExecPaths=/opt/tools/rackscout/bin/rackscout\n", self.root.read(UNIT))
        self.ok("rm -r portable && /opt/tools/rackscout/share/rackscout/install.sh --uninstall")
        self.assertFalse(self.root.exists("/opt/tools") or self.root.exists(UNIT))
        self.assertTrue(self.root.exists(CONFIGURATION))

    def test_nothing_is_purged_that_is_another_s(self):
        self.ok("portable/install.sh --prefix /opt/rackscout && mkdir -p /var/lib/rackscout")
        self.assertIn("--prefix names its place", self.fails("portable/install.sh --purge"))
        self.ok("portable/install.sh --no-service --prefix /opt/second")
        self.assertIn("--prefix names its place", self.fails("/opt/second/share/rackscout/install.sh --purge"))
        self.assertTrue(self.root.exists(CONFIGURATION) and self.root.exists("/var/lib/rackscout"))
        self.ok("portable/install.sh --purge --prefix /opt/rackscout")
        self.assertFalse(self.root.exists(CONFIGURATION) or self.root.exists("/var/lib/rackscout"))

    def test_a_service_can_be_added_and_is_not_lost(self):
        self.ok("portable/install.sh --no-service")
        self.assertFalse(self.root.exists(UNIT))
        self.ok("portable/install.sh")
        self.assertTrue(self.root.exists(UNIT) and self.root.exists(LINK))
        self.assertIn("leave out --no-service", self.fails("portable/install.sh --no-service"))
        self.assertTrue(self.root.exists(UNIT))

    def test_it_does_not_get_into_the_package_s_way(self):
        self.root.write("/var/lib/dpkg/status", self.root.read("/var/lib/dpkg/status") +
                        "\nPackage: rackscout\nStatus: install ok installed\nArchitecture: amd64\n"
                        "Maintainer: nobody\nVersion: 0.1\nDescription: it\n\n")
        self.assertIn("as a Debian package", self.fails("portable/install.sh"))
        self.ok("portable/install.sh --no-service && rackscout --version")
        self.assertFalse(self.root.exists(UNIT) or self.root.exists(CONFIGURATION))
        self.root.write(CONFIGURATION, "# the package's\n")
        self.assertIn("apt-get purge", self.fails("portable/install.sh --purge"))
        self.ok("portable/install.sh --uninstall")
        self.assertTrue(self.root.exists(CONFIGURATION))

    def test_another_machine_s_tarball_is_refused(self):
        with open(self.root.at("/root/portable/files/bin/rackscout"), "wb") as file:
            file.write(b"\x7fELF of another machine")
        self.assertIn("does not run", self.fails("portable/install.sh"))
        self.assertFalse(self.root.exists("/usr/local/bin/rackscout"))

    def test_an_image_gets_its_files_and_nothing_here_changes(self):
        self.ok("mkdir -p image/etc/systemd/system && portable/install.sh --root /root/image --prefix /usr")
        for path in ("/usr/bin/rackscout", UNIT, LINK, CONFIGURATION, "/etc/sysusers.d/rackscout.conf"):
            self.assertTrue(self.root.exists("/root/image" + path), path)
            self.assertFalse(self.root.exists(path), path)
        self.fails("id rackscout")
        self.ok("portable/install.sh --root /root/image --prefix /usr --purge")
        self.assertEqual("", self.ok("find image -type f -o -type l"))

    def test_mistakes_are_told(self):
        self.assertIn("no option '--prefx'", self.fails("portable/install.sh --prefx /usr"))
        self.assertIn("must begin at the root", self.fails("portable/install.sh --prefix usr"))
        for root in ("/", "//", "/etc/.."):
            self.assertIn("--root", self.fails(f"portable/install.sh --purge --root {root}"))
        self.assertIn("nothing was installed", self.fails("portable/install.sh --uninstall"))


class Busybox(unittest.TestCase):
    """A gateway as small as they come: no glibc, no systemd, no useradd."""

    def setUp(self):
        if not os.path.exists(BUSYBOX):
            self.skipTest("there is no busybox-static")
        self.root = chroot.Chroot()
        self.addCleanup(self.root.delete)
        self.small = self.root.at("/small")
        for folder in ("bin", "sbin", "etc", "root", "tmp", "proc", "dev", "var/lib", "usr/sbin"):
            os.makedirs(os.path.join(self.small, folder))
        shutil.copy(BUSYBOX, os.path.join(self.small, "bin", "busybox"))
        for applet in subprocess.run([BUSYBOX, "--list"], check=True, stdout=subprocess.PIPE,
                                     text=True).stdout.split():
            if applet != "busybox":
                os.symlink("busybox", os.path.join(self.small, "bin", applet))
        self.root.write("/small/etc/passwd", "root:x:0:0:root:/root:/bin/sh\n")
        self.root.write("/small/etc/group", "root:x:0:\n")
        unpacked_into(os.path.join(self.small, "root"))

    def run_there(self, line):
        return self.root.run("chroot", "/small", "/bin/sh", "-c", "mount -t proc proc /proc && " + line)

    def ok(self, line):
        done = self.run_there(line)
        self.assertEqual(0, done.exit_code, done.out)
        return done.out

    def add_what_makes_users(self):
        """Debian's busybox is without; these do with their options what others' do."""
        for name, line in (("addgroup", "rackscout:x:900:"),
                           ("adduser", "rackscout:x:900:900::/var/lib/rackscout:/bin/false")):
            file = "group" if name == "addgroup" else "passwd"
            self.root.write(f"/small/bin/{name}", f"#!/bin/sh\necho '{line}' >>/etc/{file}\n")
            os.chmod(self.root.at(f"/small/bin/{name}"), 0o755)

    def test_nothing_is_begun_that_can_t_be_done(self):
        done = self.run_there("/root/portable/install.sh")
        self.assertNotEqual(0, done.exit_code)
        self.assertIn("nothing here makes users", done.out)
        self.assertFalse(self.root.exists("/small/usr/local"))
        self.ok("/root/portable/install.sh --no-service && /usr/local/bin/rackscout --version")

    def test_it_installs_and_works_there(self):
        self.add_what_makes_users()
        self.ok("/root/portable/install.sh && id rackscout && /usr/local/bin/rackscout --version")
        self.ok("/usr/local/bin/rackscout ingest /etc && /usr/local/bin/rackscout list files")
        self.ok("/root/portable/install.sh")  # once more: an upgrade
        self.ok("/usr/local/share/rackscout/install.sh --purge")
        left = self.ok("find / -xdev -name '*rackscout*' | grep -v ^/root/ || true").split()
        self.assertEqual([], left)


if __name__ == "__main__":
    plant.main(600)
