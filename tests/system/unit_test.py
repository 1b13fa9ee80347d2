"""What systemd says of the unit, its drop-ins and the files beside it, without starting anything."""
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest

import arguments
from machine import SERVICE

MOST_EXPOSED = 1.5  # on systemd's scale, 10 is the worst; with each drop-in, too


class Folder:
    """A folder with the unit, whose program is there, and maybe a drop-in."""

    def __init__(self, drop_in=None, line=""):
        self.drop_in, self.line = drop_in, line

    def __enter__(self):
        self.folder = tempfile.mkdtemp()
        with open(os.path.join(SERVICE, "rackscout.service"), encoding="utf-8") as file:
            unit = file.read().replace("/usr/bin/rackscout", arguments.PROGRAM)
        self.unit = os.path.join(self.folder, "rackscout.service")
        with open(self.unit, "w", encoding="utf-8") as file:
            file.write(unit.replace("[Service]\n", "[Service]\n" + self.line))
        if self.drop_in:
            os.mkdir(self.unit + ".d")
            shutil.copy(os.path.join(SERVICE, "examples", self.drop_in + ".conf"), self.unit + ".d")
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder)

    def analyze(self, *words):
        run = subprocess.run(["systemd-analyze", *words, self.unit], capture_output=True, text=True,
                             check=False, env={**os.environ, "SYSTEMD_COLORS": "0"})
        return run.returncode, run.stdout + run.stderr

    def verify(self):
        """Its exit status says nothing of an unknown key: what it prints does."""
        return self.analyze("verify", "--man=no", "--recursive-errors=no")

    def exposure(self):
        _, said = self.analyze("security", "--offline=true", "--no-pager")
        return float(re.search(r"Overall exposure level for \S+: ([0-9.]+)", said)[1]), said


def drop_ins():
    return sorted(name[:-len(".conf")] for name in os.listdir(os.path.join(SERVICE, "examples")))


class Unit(unittest.TestCase):
    def test_systemd_has_nothing_to_say_of_it(self):
        with Folder() as folder:
            self.assertEqual((0, ""), folder.verify())

    def test_a_key_that_systemd_does_not_know_would_be_seen(self):
        with Folder(line="NoNewPriviledges=yes\n") as folder:
            self.assertIn("NoNewPriviledges", folder.verify()[1])

    def test_it_is_hardly_exposed(self):
        with Folder() as folder:
            exposure, said = folder.exposure()
        print(said.strip().splitlines()[-1])
        self.assertLessEqual(exposure, MOST_EXPOSED, said)

    def test_the_drop_ins_are_sound_and_give_away_little(self):
        for name in drop_ins():
            with self.subTest(name), Folder(name) as folder:
                self.assertEqual((0, ""), folder.verify())
                exposure, said = folder.exposure()
                print(f"with {name}.conf: {exposure}")
                self.assertLessEqual(exposure, MOST_EXPOSED, said)


class Beside(unittest.TestCase):
    def setUp(self):
        if os.geteuid() != 0:
            self.skipTest("only root can make users and folders, even below a folder")
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def place(self, source, target):
        path = os.path.join(self.folder.name, target)
        os.makedirs(os.path.dirname(path))
        shutil.copy(os.path.join(SERVICE, source), path)

    def run_in_folder(self, *command):
        run = subprocess.run([command[0], f"--root={self.folder.name}", *command[1:]], check=False,
                             capture_output=True, text=True)
        self.assertEqual((0, ""), (run.returncode, run.stdout))

    def test_the_user_can_not_log_in(self):
        self.place("rackscout.sysusers.conf", "usr/lib/sysusers.d/rackscout.conf")
        os.mkdir(os.path.join(self.folder.name, "etc"))
        self.run_in_folder("systemd-sysusers", "rackscout.conf")
        with open(os.path.join(self.folder.name, "etc/passwd"), encoding="ascii") as file:
            name, _, _, _, about, home, shell = file.read().strip().split(":")
        self.assertEqual(("rackscout", "rackscout service", "/var/lib/rackscout", "/usr/sbin/nologin"),
                         (name, about, home, shell))

    def test_the_folder_of_the_stop_file_is_made_at_boot(self):
        self.place("rackscout.tmpfiles.conf", "usr/lib/tmpfiles.d/rackscout.conf")
        os.mkdir(os.path.join(self.folder.name, "run"))
        self.run_in_folder("systemd-tmpfiles", "--create", "rackscout.conf")
        status = os.stat(os.path.join(self.folder.name, "run/rackscout"))
        self.assertEqual((0o40755, 0), (status.st_mode, status.st_uid))


class Configuration(unittest.TestCase):
    PATH = os.path.join(SERVICE, "rackscout.toml")

    def rackscout(self, *words):
        run = subprocess.run([arguments.PROGRAM, *words], capture_output=True, text=True, check=False)
        self.assertEqual(0, run.returncode, run.stdout + run.stderr)
        return run.stdout

    def test_it_is_what_the_program_would_write(self):
        with open(self.PATH, encoding="utf-8") as file:
            self.assertEqual(self.rackscout("config", "init", "--stdout"), file.read(),
                             "./dev system --write-configuration writes it anew")

    def test_it_is_sound_and_does_nothing_by_itself(self):
        self.rackscout("config", "check", "--config", self.PATH)
        config = json.loads(self.rackscout("config", "show", "--config", self.PATH, "--format",
                                           "json"))
        for key in ("folder", "probe", "sink", "hub.sensor"):
            self.assertFalse(config.get(key))
        self.assertEqual("127.0.0.1", config["api"]["address"])
        self.assertFalse(config["hub"]["accept"])
