"""Who builds the same source gets the same packages, byte for byte: wherever, whenever and as whom he
does it. The program is packed again by another user's habits and at another time; with
RACKSCOUT_REBUILD=1 it is also built again in another folder, without ccache."""
import glob
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "peers"))
import plant  # noqa: E402

BUILD = os.path.join(plant.REPOSITORY, "build")
PACKAGES = os.path.join(BUILD, "packages")
DIFFERING = os.path.join(BUILD, "packages-built-again")


def digests(folder):
    found = {}
    for path in glob.glob(os.path.join(folder, "rackscout*amd64*")):
        with open(path, "rb") as file:
            found[os.path.basename(path)] = hashlib.sha256(file.read()).hexdigest()
    return found


class Reproducible(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="rackscout-packages-", dir=BUILD)
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def succeeds(self, *command, **options):
        done = plant.run(command, **options)
        self.assertEqual(0, done.exit_code, done.out + done.err)

    def test_packed_again_it_is_the_same(self):
        strange = {**os.environ, "TZ": "Pacific/Kiritimati", "LC_ALL": "C", "HOME": self.folder,
                   "TMPDIR": self.folder}
        again = os.path.join(self.folder, "again")
        self.succeeds("bash", "-c", 'umask 077; exec faketime -f +400d cross/package.sh amd64 "$0"', again,
                      cwd=plant.REPOSITORY, env=strange)
        self.assertTrue(digests(again))
        self.assertEqual(digests(PACKAGES), digests(again))

    @unittest.skipUnless(os.environ.get("RACKSCOUT_REBUILD"), "it takes as long as a build")
    def test_built_again_it_is_the_same(self):
        shutil.rmtree(DIFFERING, ignore_errors=True)  # of an earlier run
        copy = os.path.join(self.folder, "a-folder-of-another-name", "rackscout")
        os.makedirs(os.path.join(copy, "build", "libmodbus"))
        subprocess.run("tar -c --exclude=./build . | tar -x -C " + copy, shell=True, check=True,
                       cwd=plant.REPOSITORY)
        shutil.copytree(os.path.join(BUILD, "libmodbus", "source"),
                        os.path.join(copy, "build", "libmodbus", "source"))
        self.succeeds("./dev", "package", "amd64", cwd=copy,
                      env={**os.environ, "CCACHE_DISABLE": "1"})
        made = os.path.join(copy, "build", "packages")
        if digests(PACKAGES) != digests(made):
            shutil.rmtree(DIFFERING, ignore_errors=True)
            shutil.move(made, DIFFERING)
            self.fail(f"other bytes: diffoscope {PACKAGES} {DIFFERING}")


if __name__ == "__main__":
    plant.main(3 * 3600)
