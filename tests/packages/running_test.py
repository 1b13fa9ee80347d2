"""What happens to a service that runs when its package is upgraded, downgraded, removed and purged: in
a machine in a container, with systemd as its first process."""
import os
import sys
import tempfile
import unittest

import chroot
import plant
from dpkg_test import CONFIGURATION, STORE, repacked
from portable_test import unpacked_into

sys.path.insert(0, os.path.join(plant.REPOSITORY, "tests", "system"))
import machine  # noqa: E402


class Running(unittest.TestCase):
    """One machine, and one story: each test goes on where the one before has ended."""

    @classmethod
    def setUpClass(cls):
        reason = machine.why_not()
        if reason:
            raise unittest.SkipTest(reason)
        folder = tempfile.TemporaryDirectory(prefix="rackscout-packages-")
        cls.addClassCleanup(folder.cleanup)
        newer, cls.known = repacked(folder.name, "99.0", 1)
        cls.machine = machine.Machine("", chroot.package())
        cls.machine.__enter__()
        cls.addClassCleanup(cls.machine.__exit__)
        for path, name in ((chroot.package(), "ours.deb"), (newer, "newer.deb")):
            with open(path, "rb") as file, open(cls.machine.within(f"/root/{name}"), "wb") as copy:
                copy.write(file.read())

    def show(self, name):
        return self.machine.run("systemctl", "show", "--value", f"--property={name}",
                                "rackscout").stdout.strip()

    def test_1_an_upgrade_starts_the_new_one(self):
        self.assertEqual("active", self.show("ActiveState"))
        token = self.machine.run("cat", STORE + ".token").stdout
        before = self.show("MainPID")
        self.machine.run("dpkg", "-i", "/root/newer.deb")
        self.assertEqual(("active", "enabled"), (self.show("ActiveState"), self.show("UnitFileState")))
        self.assertNotEqual(before, self.show("MainPID"))
        self.assertEqual(token, self.machine.run("cat", STORE + ".token").stdout)

    def test_2_a_refused_downgrade_leaves_a_service_that_runs(self):
        before = self.show("MainPID")
        self.refused()
        self.assertEqual(("active", before), (self.show("ActiveState"), self.show("MainPID")))
        self.machine.run("systemctl", "stop", "rackscout")
        self.refused()
        self.assertEqual("inactive", self.show("ActiveState"))
        self.machine.run("systemctl", "start", "rackscout")
        self.assertEqual("99.0", self.machine.run("dpkg-query", "-W", "-f=${Version}", "rackscout").stdout)

    def refused(self):
        self.set_schema(self.known + 1)  # as a newer one leaves it
        done = self.machine.run("dpkg", "-i", "/root/ours.deb", check=False)
        self.assertNotEqual(0, done.returncode)
        self.assertIn("was written by a newer rackscout", done.stderr)
        self.set_schema(self.known)

    def set_schema(self, number):
        with open(self.machine.within(STORE), "r+b") as file:
            file.seek(60)
            file.write(number.to_bytes(4, "big"))

    def test_3_a_disabled_one_stays_off_over_an_upgrade(self):
        self.machine.run("systemctl", "disable", "--now", "rackscout")
        self.machine.run("dpkg", "-i", "/root/ours.deb")
        self.assertEqual("disabled", self.show("UnitFileState"))
        self.machine.run("systemctl", "enable", "--now", "rackscout")

    def test_4_removal_ends_it_and_keeps_what_it_knows(self):
        self.machine.run("dpkg", "-r", "rackscout")
        self.assertEqual("", self.machine.run("pgrep", "-x", "rackscout", check=False).stdout)
        for path in (STORE, CONFIGURATION):
            self.assertTrue(os.path.exists(self.machine.within(path)), path)

    def test_5_installed_again_it_goes_on(self):
        self.machine.run("dpkg", "-i", "/root/ours.deb")
        self.assertEqual(("active", "enabled"), (self.show("ActiveState"), self.show("UnitFileState")))

    def test_6_purge_leaves_nothing(self):
        told = self.machine.run("dpkg", "-P", "rackscout").stdout
        self.assertIn("deleted /var/lib/rackscout", told)
        for path in ("/var/lib/rackscout", "/etc/rackscout", "/run/rackscout",
                     "/etc/systemd/system/multi-user.target.wants/rackscout.service"):
            self.assertFalse(os.path.lexists(self.machine.within(path)), path)
        self.assertEqual("not-found", self.show("LoadState"))

    def test_7_the_portable_one_runs_as_well(self):
        unpacked_into(self.machine.within("/root"))
        self.machine.run("/root/portable/install.sh")
        self.assertEqual(("active", "enabled"), (self.show("ActiveState"), self.show("UnitFileState")))
        before = self.show("MainPID")
        self.assertEqual("/usr/local/bin/rackscout",
                         self.machine.run("readlink", f"/proc/{before}/exe").stdout.strip())
        self.machine.run("/root/portable/install.sh")
        self.assertEqual("active", self.show("ActiveState"))
        self.assertNotEqual(before, self.show("MainPID"))
        self.machine.run("/usr/local/share/rackscout/install.sh", "--purge")
        self.assertEqual("not-found", self.show("LoadState"))
        self.assertEqual("", self.machine.run("pgrep", "-x", "rackscout", check=False).stdout)
        self.assertFalse(os.path.lexists(self.machine.within("/var/lib/rackscout")))


if __name__ == "__main__":
    plant.main(300)
