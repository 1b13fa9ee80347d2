"""What ./dev relink packs is enough to link rackscout-portable anew, also with a libmodbus of one's own.

    /usr/bin/python3 relink_test.py build/ARCHITECTURE
"""
import glob
import os
import subprocess
import sys
import tempfile
import unittest

FOLDER = os.path.abspath(sys.argv.pop(1))
ARCHITECTURE = os.path.basename(FOLDER)
TRIPLET = {"amd64": "x86_64-linux-gnu", "arm64": "aarch64-linux-gnu",
           "armhf": "arm-linux-gnueabihf"}[ARCHITECTURE]
SYSROOT = os.path.join(os.path.dirname(FOLDER), "sysroot", ARCHITECTURE)
OURS = "Illegal data value, says our own"  # as long as any: what modbus_strerror() answers


def run(folder, *arguments, **variables):
    done = subprocess.run(arguments, cwd=folder, env={**os.environ, **variables}, text=True,
                          capture_output=True, check=False)
    if done.returncode != 0:
        raise AssertionError(f"{arguments[0]}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


class Relink(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory(prefix="rackscout-relink-")
        cls.addClassCleanup(cls.scratch.cleanup)
        name = f"rackscout-relink-{ARCHITECTURE}"
        run(cls.scratch.name, "tar", "-xf", os.path.join(FOLDER, name + ".tar.xz"))
        cls.folder = os.path.join(cls.scratch.name, name)
        cls.variables = {"SYSROOT": SYSROOT} if os.path.isdir(SYSROOT) else {}

    def stripped(self, program):
        out = os.path.join(self.folder, "stripped")
        run(self.folder, f"{TRIPLET}-strip", "-o", out, program)
        with open(out, "rb") as file:
            return file.read()

    def test_the_same_libraries_give_the_same_program(self):
        run(self.folder, "./relink.sh", "again", **self.variables)
        self.assertEqual(self.stripped("again"), self.stripped(os.path.join(FOLDER, "rackscout-portable")))

    def test_a_changed_libmodbus_is_in_the_new_program(self):
        description = glob.glob(os.path.join(self.folder, "sources", "libmodbus_*.dsc"))[0]
        run(self.folder, "dpkg-source", "--no-check", "-x", description, "libmodbus")
        source = os.path.join(self.folder, "libmodbus")
        path = os.path.join(source, "src", "modbus.c")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        self.assertIn('"Illegal data value"', text)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace('"Illegal data value"', f'"{OURS}"'))
        run(source, "./autogen.sh")
        run(source, "./configure", f"--host={TRIPLET}", "--enable-static", "--disable-shared",
            "--disable-tests", "--without-documentation")
        run(source, "make", "-C", "src", "libmodbus.la")
        run(self.folder, "./relink.sh", "changed",
            LIBMODBUS=os.path.join(source, "src", ".libs", "libmodbus.a"), **self.variables)
        self.assertIn(OURS.encode(), self.stripped("changed"))
        self.assertIn("rackscout", run(self.folder, "./changed", "--version"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
