#!/usr/bin/env python3
"""Adds to the files that `cmake --install` put together what a Debian package has beside them, and
writes the control files. Prints the Depends when the libraries are those of a sysroot.

The same input and SOURCE_DATE_EPOCH give the same bytes, whatever the umask, the folder and the time."""
import argparse
import gzip
import os
import re
import shutil
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [HERE, os.path.join(HERE, ".."), os.path.join(HERE, "..", "sbom")]
import changelog  # noqa: E402
import debian_packages  # noqa: E402
import depends  # noqa: E402
import linked  # noqa: E402
import sbom  # noqa: E402

SCRIPTS = ("preinst", "postinst", "prerm", "postrm")


def read(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return file.read()


def write(text, *path):
    os.makedirs(os.path.dirname(os.path.join(*path)), exist_ok=True)
    with open(os.path.join(*path), "w", encoding="utf-8") as file:
        file.write(text)


def compressed(path, data):
    with open(path, "wb") as file:
        file.write(gzip.compress(data, 9, mtime=0))


def schema():
    """The version of the store's schema: how many steps lead to it."""
    found = re.findall(r"std::array<std::string_view, (\d+)> kMigrations\b",
                       read(SOURCE, "store", "schema.cpp"))
    if len(found) != 1:
        sys.exit("content.py: store/schema.cpp does not tell how many migrations there are")
    return found[0]


def compress_manual(stage):
    for folder, _, names in os.walk(os.path.join(stage, "usr", "share", "man")):
        for name in names:
            path = os.path.join(folder, name)
            if not name.endswith(".gz"):
                compressed(path + ".gz", read(path).encode())
                os.remove(path)


def add_documents(stage, options):
    documents = os.path.join(stage, "usr", "share", "doc", "rackscout")
    os.makedirs(documents, exist_ok=True)
    shutil.copyfile(os.path.join(HERE, "copyright"), os.path.join(documents, "copyright"))
    text = changelog.debian(read(SOURCE, "CHANGELOG.md"), options.version, options.maintainer,
                            int(os.environ["SOURCE_DATE_EPOCH"]))
    compressed(os.path.join(documents, "changelog.gz"), text.encode())
    options.program = os.path.join(stage, "usr", "bin", "rackscout")
    options.map, options.source, options.build = "", [], "dynamic"
    sbom.write(os.path.join(documents, "rackscout.cdx.json"), options,
               linked.parts(sbom.build_of(options)))


def add_control(stage, control):
    os.makedirs(control, exist_ok=True)
    for script in SCRIPTS:
        write(read(HERE, script).replace("@SCHEMA@", schema()), control, script)
        os.chmod(os.path.join(control, script), 0o755)
    configuration = sorted(os.path.join(folder, name).removeprefix(stage)
                           for folder, _, names in os.walk(os.path.join(stage, "etc"))
                           for name in names)
    write("".join(path + "\n" for path in configuration), control, "conffiles")
    os.chmod(os.path.join(control, "conffiles"), 0o644)


def settle(stage):
    """Modes and times that don't tell who made the package, or when."""
    time = int(os.environ["SOURCE_DATE_EPOCH"])
    for folder, folders, names in os.walk(stage, topdown=False):
        for name in names:
            path = os.path.join(folder, name)
            os.chmod(path, 0o755 if os.path.basename(folder) == "bin" else 0o644)
            os.utime(path, (time, time))
        os.chmod(folder, 0o755)
        os.utime(folder, (time, time))


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    for name in ("stage", "folder", "root", "multiarch", "architecture", "version", "maintainer"):
        arguments.add_argument(f"--{name}", required=True)
    options = arguments.parse_args()
    if "SOURCE_DATE_EPOCH" not in os.environ:
        sys.exit("content.py: SOURCE_DATE_EPOCH is not set; ./dev package sets it to the time of the last "
                 "commit")
    compress_manual(options.stage)
    add_documents(options.stage, options)
    add_control(options.stage, os.path.join(options.folder, "control"))
    settle(options.stage)
    if options.root != "/":
        print(depends.field(debian_packages.Packages(options.root), options.program,
                            options.multiarch))


if __name__ == "__main__":
    main()
