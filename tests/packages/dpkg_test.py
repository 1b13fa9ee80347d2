"""What dpkg does with the package: upgrade, a downgrade that the store forbids, removal and purge."""
import os
import shutil
import sqlite3
import subprocess
import unittest

import chroot
import plant

CONFIGURATION = "/etc/rackscout/rackscout.toml"
STORE = "/var/lib/rackscout/rackscout.db"
LINK = "/etc/systemd/system/multi-user.target.wants/rackscout.service"
MARK = 0x726b7363  # "rksc": the store is rackscout's


def repacked(folder, version, schema_more):
    """The package as a later (or earlier) one would be: another version, a configuration with another
    text, and a store's schema that is by so many steps further."""
    deb = chroot.package()
    root = os.path.join(folder, "unpacked")
    subprocess.run(["dpkg-deb", "--raw-extract", deb, root], check=True)
    control, preinst = (os.path.join(root, "DEBIAN", name) for name in ("control", "preinst"))
    with open(control) as file:
        text = file.read()
    with open(preinst) as file:
        script = file.read()
    known = int(script.split("\nknown=")[1].split("\n")[0])
    old = next(line for line in text.splitlines() if line.startswith("Version:"))
    with open(control, "w") as file:
        file.write(text.replace(old, f"Version: {version}"))
    with open(preinst, "w") as file:
        file.write(script.replace(f"\nknown={known}\n", f"\nknown={known + schema_more}\n"))
    with open(root + CONFIGURATION, "a") as file:
        file.write(f"# as {version} has it\n")
    made = os.path.join(folder, f"rackscout_{version}.deb")
    subprocess.run(["dpkg-deb", "--root-owner-group", "--build", root, made], check=True,
                   stdout=subprocess.DEVNULL)
    shutil.rmtree(root)
    return made, known


class Dpkg(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        """It is installed once; each test begins there."""
        cls.template = chroot.Chroot()
        cls.addClassCleanup(cls.template.delete)
        deb = cls.template.put(chroot.package())
        newer, cls.known = repacked(cls.template.at("/root"), "99.0", 1)
        cls.newer = os.path.join("/root", os.path.basename(newer))
        cls.ours = deb
        done = cls.template.shell(f"apt-get update && apt-get install {deb}")
        if done.exit_code != 0:
            raise AssertionError(done.out)

    def setUp(self):
        self.root = chroot.Chroot(self.template)
        self.addCleanup(self.root.delete)

    def ok(self, line):
        done = self.root.shell(line)
        self.assertEqual(0, done.exit_code, done.out)
        return done.out

    def version(self):
        return self.ok("dpkg-query -W -f='${Version} ${db:Status-Status}' rackscout")

    def store(self, schema, path=STORE):
        """A store of a schema, as a rackscout leaves it: written, and closed."""
        os.makedirs(os.path.dirname(self.root.at(path)), exist_ok=True)
        with sqlite3.connect(self.root.at(path)) as database:
            database.executescript(f"PRAGMA journal_mode = wal; PRAGMA application_id = {MARK};"
                                   f"CREATE TABLE meta(name); PRAGMA user_version = {schema};")
        database.close()

    def refused(self, command):
        """It fails, names the way out, and the newer one is there as before."""
        before = self.ok("sha256sum /usr/bin/rackscout /etc/rackscout/* /var/lib/rackscout/*")
        done = self.root.shell(command)
        self.assertNotEqual(0, done.exit_code)
        self.assertIn(f"it has schema {self.known + 1}, this package knows up to {self.known}", done.out)
        self.assertIn("move the store away", done.out)
        self.assertEqual("99.0 installed", self.version())
        self.assertEqual(before,
                         self.ok("sha256sum /usr/bin/rackscout /etc/rackscout/* /var/lib/rackscout/*"))
        self.assertEqual("", self.ok("dpkg --audit"))

    def test_an_upgrade_keeps_store_and_configuration(self):
        self.ok("rackscout ingest /etc/rackscout")
        self.ok(f"echo '# ours' >> {CONFIGURATION} && chmod 0600 {CONFIGURATION}")
        before = self.ok(f"sha256sum {CONFIGURATION} {STORE}; stat -c '%U %a' {CONFIGURATION}")
        self.ok(f"apt-get -o Dpkg::Options::=--force-confold install {self.newer} </dev/null")
        self.assertEqual("99.0 installed", self.version())
        self.assertEqual(before,
                         self.ok(f"sha256sum {CONFIGURATION} {STORE}; stat -c '%U %a' {CONFIGURATION}"))
        self.assertIn("as 99.0 has it", self.root.read(CONFIGURATION + ".dpkg-dist"))
        self.assertTrue(self.root.exists(LINK))

    def test_who_has_disabled_the_service_finds_it_disabled(self):
        self.ok("systemctl disable rackscout")
        self.assertFalse(self.root.exists(LINK))
        self.ok(f"dpkg -i {self.newer}")
        self.assertFalse(self.root.exists(LINK))

    def test_an_older_package_over_a_newer_store_is_refused(self):
        self.ok(f"dpkg -i {self.newer}")
        self.store(self.known + 1)
        for command in (f"dpkg -i {self.ours}", f"dpkg --force-all -i {self.ours}",
                        f"apt-get install --allow-downgrades {self.ours}"):
            with self.subTest(command=command):
                self.refused(command)

    def test_a_newer_schema_that_waits_in_the_log_is_seen(self):
        self.ok(f"dpkg -i {self.newer}")
        self.store(self.known)
        path = self.root.at(STORE)
        database = sqlite3.connect(path)
        database.execute(f"PRAGMA user_version = {self.known + 1}")
        for suffix in ("", "-wal"):  # as a power cut leaves them
            shutil.copyfile(path + suffix, path + suffix + ".cut")
        database.close()
        for suffix in ("", "-wal"):
            os.replace(path + suffix + ".cut", path + suffix)
        with open(path, "rb") as file:
            self.assertEqual(self.known, int.from_bytes(file.read(64)[60:], "big"))
        self.refused(f"dpkg -i {self.ours}")

    def test_a_store_elsewhere_is_seen(self):
        self.ok(f"dpkg -i {self.newer}")
        self.store(self.known + 1, "/srv/plant/inventory.db")
        text = self.root.read(CONFIGURATION)
        self.root.write(CONFIGURATION, text + '\n[store]  # ours\npath = "/srv/plant/inventory.db"\n')
        done = self.root.shell(f"dpkg -i {self.ours}")
        self.assertNotEqual(0, done.exit_code)
        self.assertIn("/srv/plant/inventory.db", done.out)

    def test_a_portable_one_is_not_hidden(self):
        unit = "/etc/systemd/system/rackscout.service"
        self.root.write(unit, "[Service]\nExecStart=/usr/local/bin/rackscout run\n")
        done = self.root.shell(f"dpkg -i {self.newer}")
        self.assertNotEqual(0, done.exit_code)
        self.assertIn("/usr/local/share/rackscout/install.sh --uninstall", done.out)
        self.ok("dpkg -r rackscout && mkdir -p /var/lib/rackscout && touch /etc/rackscout/hub.token")
        self.assertIn("kept /var/lib/rackscout", self.ok("dpkg -P rackscout"))
        self.assertTrue(self.root.exists("/var/lib/rackscout") and self.root.exists("/etc/rackscout/hub.token"))
        self.root.write(unit, "[Service]\nExecStart=/usr/bin/rackscout run\n")
        self.ok(f"dpkg -i {self.newer}")

    def test_the_way_out_is_one(self):
        self.ok(f"dpkg -i {self.newer}")
        self.store(self.known + 1)
        self.ok("mkdir -p /root/rackscout-newer && mv /var/lib/rackscout/rackscout.db* /root/rackscout-newer/")
        self.ok(f"dpkg -i {self.ours}")
        self.assertNotIn("99.0", self.version())

    def test_an_older_package_over_a_store_that_it_knows_is_installed(self):
        self.ok("rackscout ingest /etc/rackscout")
        self.ok(f"dpkg -i {self.newer}")
        self.ok(f"dpkg -i {self.ours}")
        self.assertNotIn("99.0", self.version())
        self.ok("rackscout list files")

    def test_a_first_install_over_a_newer_store_is_refused(self):
        self.ok("dpkg -r rackscout")
        self.store(self.known + 1)
        done = self.root.shell(f"dpkg -i {self.ours}")
        self.assertNotEqual(0, done.exit_code)
        self.assertFalse(self.root.exists("/usr/bin/rackscout"))

    def test_removal_keeps_and_purge_deletes(self):
        self.ok("rackscout ingest /etc/rackscout && touch /etc/rackscout/hub.secret")
        self.ok("dpkg -r rackscout")
        self.assertFalse(self.root.exists("/usr/bin/rackscout"))
        self.assertTrue(self.root.exists(STORE) and self.root.exists(CONFIGURATION))
        out = self.ok("dpkg -P rackscout")
        self.assertIn("deleted /var/lib/rackscout", out)
        self.assertIn("deleted /etc/rackscout", out)
        for path in ("/var/lib/rackscout", "/etc/rackscout", LINK):
            self.assertFalse(self.root.exists(path), path)
        self.ok("id rackscout")
        left = self.ok("find / -xdev -name '*rackscout*' -not -path '/root/*' -not -path '/proc/*' "
                       "-not -path '/var/log/*' -not -path '/var/cache/*' -not -path '/var/lib/apt/*'")
        self.assertEqual("", left)


if __name__ == "__main__":
    plant.main(900)
