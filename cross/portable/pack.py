#!/usr/bin/env python3
"""Makes the portable tarball of one architecture: the static program, what `cmake --install` puts beside
it, install.sh, the licences of all that is linked in, and an SBOM. The same input and
SOURCE_DATE_EPOCH give the same bytes."""
import argparse
import lzma
import os
import re
import shutil
import sys
import tarfile
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [os.path.join(HERE, ".."), os.path.join(HERE, "..", "sbom")]
import debian_packages  # noqa: E402
import linked  # noqa: E402
import sbom  # noqa: E402

# Where `make install` of others puts them below /usr/local.
PLACES = (("usr/share/man", "share/man"), ("usr/share/doc/rackscout", "share/doc/rackscout"),
          ("usr/share/bash-completion", "share/bash-completion"),
          ("usr/share/zsh/vendor-completions", "share/zsh/site-functions"),
          ("usr/share/fish", "share/fish"))
COMMON = "/usr/share/common-licenses"
SERVICE = ("rackscout.service", "rackscout.sysusers.conf", "rackscout.tmpfiles.conf", "rackscout.toml")


def fill(text, options):
    return text.replace("@VERSION@", options.version).replace("@ARCHITECTURE@", options.architecture)


def copy_filled(source, destination, options):
    with open(source, encoding="utf-8") as file:
        text = fill(file.read(), options)
    with open(destination, "w", encoding="utf-8") as file:
        file.write(text)


def add_files(folder, options):
    os.makedirs(os.path.join(folder, "files", "bin"))
    shutil.copyfile(options.program, os.path.join(folder, "files", "bin", "rackscout"))
    for source, destination in PLACES:
        shutil.copytree(os.path.join(options.installed, source),
                        os.path.join(folder, "files", destination))
    os.makedirs(os.path.join(folder, "service"))
    for name in SERVICE:
        shutil.copyfile(os.path.join(SOURCE, "cross", "service", name),
                        os.path.join(folder, "service", name))
    shutil.copyfile(os.path.join(SOURCE, "LICENSE"), os.path.join(folder, "LICENSE"))
    for name in ("install.sh", "README.txt"):
        copy_filled(os.path.join(HERE, name), os.path.join(folder, name), options)


def add_licences(folder, parts):
    """One text for each source, and the licences that these texts name as Debian's common ones; exits
    for a part that has none."""
    common = set()
    os.makedirs(os.path.join(folder, "licences", "common-licenses"))
    for part in parts:
        if not os.path.isfile(part.copyright):
            sys.exit(f"pack.py: {part.source} is linked in, and its licence is not at {part.copyright}")
        shutil.copyfile(part.copyright, os.path.join(folder, "licences", part.source + ".txt"))
        with open(part.copyright, encoding="utf-8") as file:
            common.update(re.findall(COMMON + r"/([A-Za-z0-9]+(?:-[0-9]+(?:\.[0-9]+)*)?)", file.read()))
    for name in sorted(common):
        if not os.path.isfile(os.path.join(COMMON, name)):
            sys.exit(f"pack.py: a licence names {COMMON}/{name}, which is not there")
        shutil.copyfile(os.path.join(COMMON, name),
                        os.path.join(folder, "licences", "common-licenses", name))


def settled(entry, time):
    """An entry of the archive, without who made it, and when."""
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = "root"
    entry.mtime = time
    program = entry.name.endswith(("/bin/rackscout", "/install.sh"))
    entry.mode = 0o755 if entry.isdir() or program else 0o644
    return entry


def pack(folder, path):
    """Sorted by name, compressed by one thread."""
    time = int(os.environ["SOURCE_DATE_EPOCH"])
    name = os.path.basename(path).removesuffix(".tar.xz")
    with lzma.open(path, "wb", preset=9) as file, \
            tarfile.open(fileobj=file, mode="w", format=tarfile.GNU_FORMAT) as archive:
        # add() goes through folders in the order of their names.
        archive.add(folder, arcname=name, filter=lambda entry: settled(entry, time))


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    sbom.add_arguments(arguments)
    arguments.add_argument("--installed", required=True, help="DESTDIR of a cmake --install")
    arguments.add_argument("--out", required=True, help="the folder for the tarball")
    options = arguments.parse_args()
    options.build = "portable"
    if debian_packages.needed(options.program):
        sys.exit(f"pack.py: {options.program} is linked with shared libraries: it is not portable")
    parts = linked.parts(sbom.build_of(options))
    with tempfile.TemporaryDirectory() as folder:
        add_files(folder, options)
        add_licences(folder, parts)
        sbom.write(os.path.join(folder, "rackscout.cdx.json"), options, parts)
        pack(folder, os.path.join(
            options.out, f"rackscout-{options.version}-linux-{options.architecture}.tar.xz"))


if __name__ == "__main__":
    main()
