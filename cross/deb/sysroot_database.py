#!/usr/bin/env python3
"""Gives a sysroot the dpkg database that extracting packages alone doesn't make, so that it can be
asked which package, of which version, a library comes from:

    mmdebstrap --variant=extract --extract-hook='cross/deb/sysroot_database.py "$1"' ...
"""
import os
import shutil
import subprocess
import sys
import tempfile


def output(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def packed_paths(package):
    """The paths in a .deb, as dpkg lists them: /usr/lib/..., without a slash at the end."""
    tar = subprocess.run(["dpkg-deb", "--fsys-tarfile", package], check=True,
                         stdout=subprocess.PIPE).stdout
    names = subprocess.run(["tar", "-t"], check=True, input=tar, stdout=subprocess.PIPE).stdout
    for name in names.decode().splitlines():
        yield name.removeprefix(".").rstrip("/") or "/."


def known_as(package):
    """How dpkg names its files: with the architecture where several may be installed."""
    name, architecture, kind = (output("dpkg-deb", "--field", package, field).strip()
                                for field in ("Package", "Architecture", "Multi-Arch"))
    return f"{name}:{architecture}" if kind == "same" else name


def register(package, database):
    """Its stanza in the status, its list of files, and what it says of its libraries."""
    info = os.path.join(database, "info", known_as(package))
    with open(info + ".list", "w") as file:
        file.writelines(path + "\n" for path in packed_paths(package))
    with tempfile.TemporaryDirectory() as control:
        subprocess.run(["dpkg-deb", "--control", package, control], check=True)
        for part in ("symbols", "shlibs"):
            if os.path.exists(os.path.join(control, part)):
                shutil.copyfile(os.path.join(control, part), f"{info}.{part}")
    stanza = output("dpkg-deb", "--field", package).split("\n", 1)
    return "\n".join([stanza[0], "Status: install ok installed", stanza[1]])


def main():
    root = sys.argv[1]
    archives = os.path.join(root, "var", "cache", "apt", "archives")
    database = os.path.join(root, "var", "lib", "dpkg")
    packages = sorted(name for name in os.listdir(archives) if name.endswith(".deb"))
    if not packages:
        sys.exit(f"sysroot_database.py: there is no .deb in {archives}")
    os.makedirs(os.path.join(database, "info"), exist_ok=True)
    with open(os.path.join(database, "info", "format"), "w") as file:
        file.write("1\n")  # names of files have the architecture
    stanzas = [register(os.path.join(archives, name), database) for name in packages]
    with open(os.path.join(database, "status"), "w") as file:
        file.write("\n".join(stanzas))


if __name__ == "__main__":
    main()
