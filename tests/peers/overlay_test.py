"""A gateway whose root is an overlay: there a file has another device number than its folder, and what
is deleted must still be found gone, while files of a share that is away are kept.

    /usr/bin/python3 overlay_test.py RACKSCOUT PLANTSIM
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import netspace  # noqa: E402
import plant  # noqa: E402

SAMPLE = os.path.join(plant.REPOSITORY, "tests", "sample", "Packaging", "line3_pn.cfg")


def mount(kind, target, options):
    os.makedirs(target, exist_ok=True)
    subprocess.run(["mount", "-t", kind, "-o", options, kind, target], check=True)


class Overlay(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = scratch.name
        # Two file systems below it: else the overlay hands out its own device for all.
        for name in ("lower", "upper"):
            mount("tmpfs", self.within(name), "size=8m")
            self.addCleanup(subprocess.run, ["umount", "--lazy", self.within(name)], check=True)
        for name in ("upper/files", "upper/work", "lower/projects"):
            os.makedirs(self.within(name))
        shutil.copy(SAMPLE, self.within("lower/projects/shipped.cfg"))
        self.mount_root()
        self.addCleanup(subprocess.run, ["umount", "--lazy", self.within("root")], check=True)
        shutil.copy(SAMPLE, self.within("root/projects/saved.cfg"))

    def mount_root(self):
        mount("overlay", self.within("root"), "lowerdir={0}/lower,upperdir={0}/upper/files,workdir={0}/upper/work"
              .format(self.folder))

    def within(self, name):
        return os.path.join(self.folder, name)

    def ingest(self):
        run = plant.run([plant.RACKSCOUT, "ingest", "--store", self.within("store.db"), self.within("root")])
        self.assertIn(run.exit_code, (0, 3), run.err)
        return run.out + run.err

    def known(self):
        run = plant.run([plant.RACKSCOUT, "list", "files", "--store", self.within("store.db"), "--format", "json"])
        return sorted(file["name"] for file in json.loads(run.out) if file["status"] != "Deleted")

    def test_its_devices_differ_as_they_do_on_gateways(self):
        devices = {os.stat(self.within("root/projects" + name)).st_dev for name in ("", "/saved.cfg", "/shipped.cfg")}
        self.assertEqual(3, len(devices))

    def test_what_is_deleted_is_gone(self):
        self.ingest()
        self.assertEqual(["saved", "shipped"], self.known())
        os.remove(self.within("root/projects/saved.cfg"))
        self.ingest()
        self.assertEqual(["shipped"], self.known())
        os.remove(self.within("root/projects/shipped.cfg"))
        self.ingest()
        self.assertEqual([], self.known())

    def test_files_of_a_share_that_is_away_are_kept(self):
        mount("tmpfs", self.within("root/share"), "size=8m")
        shutil.copy(SAMPLE, self.within("root/share/away.cfg"))
        self.ingest()
        subprocess.run(["umount", self.within("root/share")], check=True)
        self.assertIn("file system that is not there", self.ingest())
        self.assertEqual(["away", "saved", "shipped"], self.known())

    def test_a_mount_of_another_number_is_the_same(self):
        shutil.copy(SAMPLE, self.within("root/projects/third.cfg"))
        for name in ("saved", "shipped", "third"):
            os.utime(self.within(f"root/projects/{name}.cfg"), (10 ** 9, 10 ** 9))
        self.ingest()
        before = os.stat(self.within("root/projects")).st_dev
        subprocess.run(["umount", self.within("root")], check=True)
        mount("tmpfs", self.within("decoy"), "size=8m")
        self.addCleanup(subprocess.run, ["umount", "--lazy", self.within("decoy")], check=True)
        self.mount_root()
        self.assertNotEqual(before, os.stat(self.within("root/projects")).st_dev)
        os.remove(self.within("root/projects/saved.cfg"))
        self.assertIn("0 imported, 2 unchanged, 0 failed, 1 gone", self.ingest())
        self.assertEqual(["shipped", "third"], self.known())


if __name__ == "__main__":
    try:
        netspace.unshare(netspace.CLONE_NEWNS)
        subprocess.run(["mount", "--make-rprivate", "/"], check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        plant.skip(f"no mounts of our own: {error}")
    plant.main(60)
