"""The service while the disk is full, while it fails, and while the clock jumps."""
import contextlib
import glob
import json
import os
import subprocess
import sys
import unittest

import plant
from service import Service, until

STATION = "Packaging/line3_pn.cfg"
INSIDE = "RACKSCOUT_OWN_MOUNTS"
DAY = 24 * 3600


def works(*command):
    try:
        return plant.run(command).exit_code == 0
    except OSError:
        return False


def faketime():
    found = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
    return found[0] if found else None


def listed(service, count):
    """What failed is tried again half a minute later."""
    return until(lambda: len(service.files()) == count and
                 set(service.files().values()) == {"Imported"}, f"{count} files are listed", 50)


class Disk(unittest.TestCase):
    def resize(self, folder, size):
        subprocess.run(["mount", "-o", f"remount,size={size}", folder], check=True)

    def check(self, service, count):
        listed(service, count)
        rows = service.list("projectfile", pageSize=100)
        self.assertEqual(count, len(rows), "each file once")
        sound = service.command("store", "check")
        self.assertEqual(0, sound.returncode, sound.stderr)

    @contextlib.contextmanager
    def filled(self):
        """A service with one file in its list, and a disk too small for thirty more."""
        service = Service()
        state = os.path.dirname(service.store)
        os.mkdir(state, 0o700)
        subprocess.run(["mount", "-t", "tmpfs", "none", state], check=True)
        try:
            with service:
                service.put(STATION, "first.cfg")
                listed(service, 1)
                self.resize(state, sum(os.stat(path).st_blocks * 512
                                       for path in glob.glob(state + "/*")) + 50_000)
                for number in range(30):
                    service.put("Boiler house/boiler_as_h.cfg", f"f{number}.cfg")
                until(lambda: "is full" in service.logged(), "it is told")
                yield service, state
        finally:
            subprocess.run(["umount", "-l", state], check=False)

    @unittest.skipUnless(os.environ.get(INSIDE), "no mounts of its own here")
    def test_a_full_disk_is_told_and_nothing_is_lost(self):
        with self.filled() as (service, state):
            self.assertEqual(200, service.curl("/healthz", token=False).status)
            self.assertEqual("Imported", service.files()["first"])
            self.assertIn("is full", json.dumps(service.status()))
            self.resize(state, 60_000_000)
            self.check(service, 31)

    @unittest.skipUnless(os.environ.get(INSIDE), "no mounts of its own here")
    def test_what_leaves_after_a_full_disk_is_noticed(self):
        with self.filled() as (service, state):
            for path in glob.glob(service.projects + "/*.cfg"):
                os.unlink(path)
            self.resize(state, 60_000_000)
            until(lambda: service.files()["first"] == "Deleted", "it has left", 50)

    @unittest.skipUnless(works("strace", "-f", "-o", "/dev/null", "true"), "strace can't trace here")
    def test_a_disk_that_fails_is_told_and_nothing_is_lost(self):
        service = Service()
        calls = "pwrite64"  # each call is counted by itself: one fault, not one of each
        strace = ["strace", "-f", "-qq", "-o", "/dev/null", "-P", service.store, "-P",
                  service.store + "-wal", "-e", f"trace={calls}", "-e",
                  f"inject={calls}:error=EIO:when=10"]
        with service:
            self.assertEqual(0, service.stop())
            service.prefix = strace
            service.start()
            for number in range(20):
                service.put(STATION, f"f{number}.cfg")
            until(lambda: "disk I/O error" in service.logged(), "it is told")
            self.check(service, 20)


class Clock(unittest.TestCase):
    """The time of day is another library's, which a file tells by how much it is off."""

    @unittest.skipUnless(faketime(), "no libfaketime here")
    def test_a_jump_by_a_day_stops_nothing_and_hurries_nothing(self):
        service = Service()
        ahead = os.path.join(service.folder, "clock")
        self.set_clock(ahead, 0)
        service.environment = {"LD_PRELOAD": faketime(), "FAKETIME_TIMESTAMP_FILE": ahead,
                               "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1",
                               "NO_FAKE_STAT": "1",
                               # ASan's allocator asks for the time while it is locked, and
                               # libfaketime allocates when it is asked first.
                               "ASAN_OPTIONS": "allocator_release_to_os_interval_ms=-1"}
        racks = plant.Plant(self.SCENE, "--free-ports")
        with racks, service_with_probe(service, racks):
            until(lambda: service.list("host"), "the rack is listed")
            requests = until(lambda: service.metric("rackscout_probe_requests_total"), "asked")
            for count, jump in enumerate((DAY, -DAY, 0), 1):
                self.set_clock(ahead, jump)
                service.put(STATION, f"f{count}.cfg")
                listed(service, count)
                self.assertTrue(service.status()["running"])
            self.assertEqual(requests, service.metric("rackscout_probe_requests_total"))

    SCENE = """
[[host]]
name = "press"
address = "127.50.6.11"
[host.fins]
port = 0
cpu = "CJ2M-CPU33"
version = "02.01"
units = []
"""

    def set_clock(self, path, seconds):
        with open(path + ".new", "w", encoding="ascii") as file:
            file.write(f"{seconds:+d}\n")
        os.rename(path + ".new", path)


def service_with_probe(service, racks):
    service.configure(f'[[probe]]\nname = "press"\ntargets = ["{racks.target("press", "fins")}"]\n'
                      'protocols = ["fins"]\nevery = "1h"\n')
    return service


if __name__ == "__main__":
    # In name spaces of its own whoever runs this may mount, and nobody else sees it.
    own = ["unshare", "--user", "--map-root-user", "--mount"]
    if not os.environ.get(INSIDE) and works(*own, "true"):
        os.environ[INSIDE] = "yes"
        os.execvp(own[0], [*own, sys.executable, *sys.argv])
    plant.main(120)
