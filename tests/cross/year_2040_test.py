"""The programs under a clock of 2040, with files of 2040: most of all those for 32-bit ARM, whose
libraries know no date after 2038.

    /usr/bin/python3 year_2040_test.py build/ARCHITECTURE/rackscout

The program may be the portable one. Its clock is libfaketime's; for a program of another architecture
that is the clock of the emulator: Debian's packages faketime and, for ARM, qemu-user, which unlike
qemu-user-static can be lied to.
"""
import glob
import json
import os
import shutil
import struct
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "peers"))

import plant  # noqa: E402
from uplink import Gateway, hub_for, hub_sink, save, station  # noqa: E402
from uplink_line import Authority  # noqa: E402

THEN = "2040-05-04 03:02:01"
DAY = "2040-05-04T"
FILES = 2219709721  # an hour before
EMULATORS = {40: "qemu-arm", 62: None, 183: "qemu-aarch64"}  # ELF's e_machine


def emulator(program):
    with open(program, "rb") as file:
        return EMULATORS[struct.unpack_from("<H", file.read(20), 18)[0]]


def library():
    found = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
    return found[0] if found else None


def missing():
    wanted = [emulator(plant.RACKSCOUT)] if emulator(plant.RACKSCOUT) else []
    wanted += ["faketime", "openssl"]
    lacking = [name for name in wanted if not shutil.which(name)]
    return f"{', '.join(lacking)}: not here" if lacking or not library() else ""


def in_2040(folder):
    """The program, under a clock that begins then; times of files stay what the disk says."""
    machine = emulator(plant.RACKSCOUT)
    path = os.path.join(folder, "rackscout")
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"""#!/bin/sh
export TZ=UTC FAKETIME='@{THEN}' NO_FAKE_STAT=1 FAKETIME_DONT_FAKE_MONOTONIC=1
LD_PRELOAD={library()} exec {f'{machine} -U LD_PRELOAD' if machine else ''} '{plant.RACKSCOUT}' "$@"
""")
    os.chmod(path, 0o755)
    return path


def date(path):
    os.utime(path, (FILES, FILES))


class Year2040(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="rackscout-2040-")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        plant.RACKSCOUT = in_2040(cls.folder)

    def done(self, run):
        self.assertEqual(0, run.returncode, run.stderr)
        return run.stdout

    def filled(self):
        """An agent that has read one station, from a file and a folder of 2040."""
        agent = Gateway("hall", watches=True)
        self.addCleanup(agent.__exit__)
        path = os.path.join(agent.projects, "s1.cfg")
        save(path, station(1, "DI"))
        date(path)
        date(agent.projects)
        os.makedirs(os.path.dirname(agent.store))
        self.done(agent.command("ingest", "--store", agent.store, agent.projects))
        date(agent.store)
        return agent

    def test_files_are_read_and_the_store_says_when(self):
        agent = self.filled()
        files = json.loads(self.done(agent.command("list", "files", "--format", "json")))
        self.assertEqual(["Imported"], [each["status"] for each in files])
        self.assertTrue(files[0]["lastUpdated"].startswith(DAY), files)
        again = self.done(agent.command("ingest", "--store", agent.store, agent.projects))
        self.assertIn("0 imported, 1 unchanged", again)
        self.done(agent.command("store", "check"))
        today = self.done(agent.command("list", "assets", "--filter", "lastUpdated > now-1h",
                                        "--format", "json"))
        self.assertEqual(1, len(json.loads(today)["assets"]))
        self.assertIn(DAY[:-1], self.done(agent.command("journal", "--since", "1h")))

    def told(self, name, made):
        """A hub with a certificate that was made that day and holds for 30 days, and what comes of
        an upload to it."""
        authority = Authority(os.path.join(self.folder, "authority"), before=["faketime", "2040-04-20"])
        certificate, key = authority.sign(name, "IP:127.0.0.1", before=["faketime", made])
        hub = hub_for("hall", api=f'port = 0\ncertificate = "{certificate}"\nkey = "{key}"')
        self.addCleanup(hub.__exit__)
        hub.start()
        agent = self.filled()
        agent.use(hub_sink(agent, hub.tokens["hall"], hub.url, ca=authority.certificate))
        return hub, agent.upload()

    def test_tls_takes_a_certificate_of_then(self):
        hub, upload = self.told("valid", "2040-05-01")
        self.done(upload)
        listed = json.loads(self.done(hub.command("list", "assets", "--format", "json")))
        self.assertEqual(1, len(listed["assets"]))
        self.assertIn(DAY, hub.logged())
        self.assertNotIn("expired", hub.logged())

    def test_tls_refuses_certificates_that_are_over_or_not_valid_yet(self):
        for name, before, why in (("over", "2039-05-01", "expired on 2039-05-31T"),
                                  ("early", "2040-06-01", "is not valid before 2040-06-01T"),
                                  ("old", "2026-05-01", "expired on 2026-05-31T")):
            with self.subTest(name):
                _, upload = self.told(name, before)
                self.assertNotEqual(0, upload.returncode)
                self.assertIn(why, upload.stderr + upload.stdout)


if __name__ == "__main__":
    if missing():
        plant.skip(missing())
    unittest.main(argv=sys.argv[:1] + sys.argv[2:])
