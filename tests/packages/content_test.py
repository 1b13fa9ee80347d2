"""What is in the packages: fields, files and their modes, licences, SBOM; lintian's word on them."""
import glob
import gzip
import hashlib
import json
import os
import re
import subprocess
import sys
import tarfile
import tempfile
import unittest

import chroot
import packages as npm  # of tests/peers
import plant

REPOSITORY = chroot.REPOSITORY
NPM = os.path.join(REPOSITORY, "tests", "peers", "npm", "cyclonedx")
DEBS = sorted(glob.glob(os.path.join(chroot.PACKAGES, "*.deb")))
TARBALLS = sorted(glob.glob(os.path.join(chroot.PACKAGES, "rackscout-*-linux-*.tar.xz")))
MACHINES = {"amd64": "X86-64", "arm64": "AArch64", "armhf": "ARM"}
SOURCES = re.compile(rb"/(?:agent|base|parsers|protocols|store)/[\w/]+\.[ch]pp\b")
LIBRARIES = ("libarchive13", "libc6", "libfmt9", "libmodbus5", "libpugixml1v5", "libseccomp2",
             "libsqlite3-0", "libssl3", "libstdc++6", "zlib1g")
WANTED = {
    "etc/rackscout/rackscout.toml": 0o644, "lib/systemd/system/rackscout.service": 0o644,
    "usr/bin/rackscout": 0o755, "usr/lib/sysusers.d/rackscout.conf": 0o644,
    "usr/lib/tmpfiles.d/rackscout.conf": 0o644, "usr/share/man/man1/rackscout.1.gz": 0o644,
    "usr/share/man/man1/rackscout-probe.1.gz": 0o644,
    "usr/share/man/man5/rackscout.toml.5.gz": 0o644,
    "usr/share/bash-completion/completions/rackscout": 0o644,
    "usr/share/zsh/vendor-completions/_rackscout": 0o644,
    "usr/share/fish/vendor_completions.d/rackscout.fish": 0o644,
    "usr/share/doc/rackscout/changelog.gz": 0o644, "usr/share/doc/rackscout/copyright": 0o644,
    "usr/share/doc/rackscout/rackscout.cdx.json": 0o644,
}


def output(*command, **options):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, **options).stdout


def field(deb, name):
    return output("dpkg-deb", "--field", deb, name).strip()


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def needed(program):
    lines = output("readelf", "--wide", "--dynamic", program).splitlines()
    return [line.split("[")[1].rstrip("]") for line in lines if "(NEEDED)" in line]


class Unpacked(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="rackscout-packages-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def unpacked(self, deb):
        """Its files and, in DEBIAN/, its control files."""
        root = os.path.join(self.folder, os.path.basename(deb))
        if not os.path.exists(root):
            subprocess.run(["dpkg-deb", "--raw-extract", deb, root], check=True)
        return root

    def read(self, *path):
        with open(os.path.join(*path)) as file:
            return file.read()

    def check_program(self, program, architecture):
        self.assertIn(f"Machine:", output("readelf", "--file-header", program))
        machine = re.search(r"Machine: +(.*)", output("readelf", "--file-header", program))[1]
        self.assertIn(MACHINES[architecture], machine)
        self.assertNotIn(".symtab", output("readelf", "--wide", "--sections", program))
        with open(program, "rb") as file:
            content = file.read()
        self.assertNotIn(REPOSITORY.encode(), content, "a path of the machine that built it")
        self.assertEqual([], SOURCES.findall(content), "its bytes depend on where it was built")

    def check_sbom(self, path, program, parts):
        document = json.loads(self.read(path))
        self.assertEqual(sha256(program), document["metadata"]["component"]["hashes"][0]["content"])
        names = {each["name"] for each in document["components"]}
        self.assertLessEqual(set(parts), names)
        for each in document["components"]:
            self.assertTrue(each["licenses"] and each["version"] and each["purl"], each)
        return document


class Debs(Unpacked):
    def test_there_is_one(self):
        self.assertTrue(DEBS, f"{chroot.PACKAGES} has no .deb: ./dev package makes it")

    def test_fields(self):
        for deb in DEBS:
            with self.subTest(deb=os.path.basename(deb)):
                architecture = field(deb, "Architecture")
                self.assertEqual(f"rackscout_{field(deb, 'Version')}_{architecture}.deb",
                                 os.path.basename(deb))
                self.assertEqual(("rackscout", "net", "optional"),
                                 tuple(field(deb, name) for name in ("Package", "Section", "Priority")))
                depends = {each.split()[0] for each in field(deb, "Depends").split(", ")}
                self.assertLessEqual(set(LIBRARIES), depends)
                self.assertIn("systemd", depends)

    def test_all_architectures_depend_on_the_same(self):
        """The versions are those of Debian 12; libc6's differ by what an architecture has."""
        told = {re.sub(r"libc6 \([^)]*\)|libgcc-s1 \([^)]*\)", "", field(deb, "Depends"))
                for deb in DEBS}
        self.assertLessEqual(len({tuple(sorted(each.split(", "))) for each in told}), 1, told)

    def test_depends_are_those_of_dpkg_shlibdeps(self):
        """depends.py, which asks sysroots, says of this machine what dpkg-shlibdeps says."""
        machine = output("dpkg", "--print-architecture").strip()
        for deb in DEBS:
            if field(deb, "Architecture") != machine:
                continue
            program = os.path.join(self.unpacked(deb), "usr", "bin", "rackscout")
            multiarch = output("dpkg-architecture", "-qDEB_HOST_MULTIARCH").strip()
            told = output(os.path.join(REPOSITORY, "cross", "deb", "depends.py"), "--multiarch",
                          multiarch, program).strip().split(", ")
            self.assertEqual(sorted(told), sorted(each for each in field(deb, "Depends").split(", ")
                                                  if not each.startswith("systemd")))

    def test_files(self):
        for deb in DEBS:
            with self.subTest(deb=os.path.basename(deb)):
                root = self.unpacked(deb)
                modes = {os.path.relpath(os.path.join(folder, name), root):
                         os.stat(os.path.join(folder, name)).st_mode & 0o7777
                         for folder, _, names in os.walk(root) for name in names}
                self.assertLessEqual(WANTED.items(), modes.items())
                for path, mode in modes.items():
                    expected = 0o755 if path.startswith("usr/bin/") else 0o644
                    if not path.startswith("DEBIAN/"):
                        self.assertEqual(expected, mode, path)
                self.assertEqual("/etc/rackscout/rackscout.toml\n",
                                 self.read(root, "DEBIAN", "conffiles"))
                listed = output("dpkg-deb", "--contents", deb).splitlines()
                self.assertEqual({"root/root"}, {line.split()[1] for line in listed})

    def test_program_and_sbom(self):
        for deb in DEBS:
            with self.subTest(deb=os.path.basename(deb)):
                root = self.unpacked(deb)
                program = os.path.join(root, "usr", "bin", "rackscout")
                self.check_program(program, field(deb, "Architecture"))
                self.assertIn("libmodbus.so.5", needed(program))
                documents = os.path.join(root, "usr", "share", "doc", "rackscout")
                sbom = self.check_sbom(os.path.join(documents, "rackscout.cdx.json"), program,
                                       ("boost1.81", "glibc", "libmodbus", "nlohmann-json3", "openssl"))
                copyright = self.read(documents, "copyright")
                for each in sbom["components"]:
                    if {"name": "rackscout:linked", "value": "header"} in each["properties"]:
                        self.assertIn(f"Files: {each['name']}/*", copyright)

    def test_changelog(self):
        for deb in DEBS:
            with self.subTest(deb=os.path.basename(deb)):
                path = os.path.join(self.unpacked(deb), "usr/share/doc/rackscout/changelog.gz")
                plain = os.path.join(self.folder, "changelog")
                with gzip.open(path, "rt", encoding="utf-8") as file, open(plain, "w") as copy:
                    copy.write(file.read())
                told = plant.run(["dpkg-parsechangelog", "-l", plain, "-S", "Version"])
                self.assertEqual((field(deb, "Version"), ""), (told.out.strip(), told.err))
                self.assertNotIn("](", self.read(plain))

    def test_the_schema_that_the_package_knows_is_the_program_s(self):
        store = os.path.join(self.folder, "store.db")
        done = plant.run([plant.RACKSCOUT, "ingest", "--store", store, self.folder])
        self.assertIn(done.exit_code, (0, 3), done.err)
        with open(store, "rb") as file:
            schema = int.from_bytes(file.read(64)[60:], "big")
        for deb in DEBS:
            self.assertIn(f"\nknown={schema}\n", self.read(self.unpacked(deb), "DEBIAN", "preinst"))

    def test_lintian_finds_neither_errors_nor_warnings_and_nothing_is_hidden_from_it(self):
        for deb in DEBS:
            with self.subTest(deb=os.path.basename(deb)):
                root = self.unpacked(deb)
                self.assertFalse(os.path.exists(os.path.join(root, "usr/share/lintian/overrides")))
                done = plant.run(["lintian", "--fail-on", "error,warning", "--allow-root",
                                  "--tag-display-limit", "0", deb])
                self.assertEqual((0, ""), (done.exit_code, done.out), done.err)


class Tarballs(Unpacked):
    def test_each(self):
        self.assertTrue([path for path in TARBALLS if path.endswith(f"-{chroot.ARCHITECTURE}.tar.xz")])
        for path in TARBALLS:
            with self.subTest(tarball=os.path.basename(path)):
                self.check(path)

    def check(self, path):
        name = os.path.basename(path).removesuffix(".tar.xz")
        architecture = name.rsplit("-", 1)[1]
        with tarfile.open(path) as archive:
            entries = archive.getmembers()
            archive.extractall(self.folder)
        self.assertEqual({(0, 0, "root", "root")},
                         {(each.uid, each.gid, each.uname, each.gname) for each in entries})
        self.assertEqual(1, len({each.mtime for each in entries}))
        names = [each.name for each in entries]
        self.assertEqual(sorted(names, key=lambda each: each.split("/")), names)
        root = os.path.join(self.folder, name)
        program = os.path.join(root, "files", "bin", "rackscout")
        self.check_program(program, architecture)
        self.assertEqual([], needed(program))
        sbom = self.check_sbom(os.path.join(root, "rackscout.cdx.json"), program,
                               ("boost1.81", "glibc", "libarchive", "libmodbus", "libseccomp", "openssl"))
        for each in sbom["components"]:
            text = self.read(root, "licences", each["name"] + ".txt")
            self.assertTrue(text.strip())
            for named in re.findall(r"/usr/share/common-licenses/([A-Za-z0-9]+(?:-[0-9]+(?:\.[0-9]+)*)?)", text):
                self.assertTrue(self.read(root, "licences", "common-licenses", named))
        self.assertNotIn("@", re.sub(r"\$@|\S+@\S+\.\S+", "", self.read(root, "README.txt")))
        self.assertTrue(os.path.exists(os.path.join(root, "files/share/man/man1/rackscout.1")))


class Sboms(Unpacked):
    def test_they_are_valid(self):
        folder = npm.install(NPM, "npm-cyclonedx")
        if folder is None:
            self.skipTest("npm, or its registry, is not there")
        paths = [os.path.join(self.unpacked(deb), "usr/share/doc/rackscout/rackscout.cdx.json")
                 for deb in DEBS]
        for tarball in TARBALLS:
            name = os.path.basename(tarball).removesuffix(".tar.xz") + "/rackscout.cdx.json"
            with tarfile.open(tarball) as archive:
                archive.extract(name, self.folder)
            paths.append(os.path.join(self.folder, name))
        done = plant.run(["node", os.path.join(NPM, "validate.js"), *paths],
                         env=npm.environment(folder))
        self.assertEqual(0, done.exit_code, done.err)
        self.assertEqual([None] * len(paths), json.loads(done.out))


if __name__ == "__main__":
    plant.main(600)
