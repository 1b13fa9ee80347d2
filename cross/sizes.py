#!/usr/bin/env python3
"""The sizes of what was built, by architecture, and whose bytes the portable program consists of.

    cross/sizes.py [ARCHITECTURE...]      those that are built, unless some are named

A size is that of the file without its symbols (strip). Shares are from the linker's map: sections
that end up in the file, by the archive that they came from. Exit status 1: a program is too large.
"""
import collections
import os
import re
import subprocess
import sys
import tempfile

BUILD = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "build")
TRIPLETS = {"amd64": "x86_64-linux-gnu", "arm64": "aarch64-linux-gnu", "armhf": "arm-linux-gnueabihf"}
MB = 1_000_000
MOST_DYNAMIC = 6 * MB
MOST_PORTABLE = {"amd64": 14 * MB, "arm64": 12 * MB, "armhf": 9 * MB}

# An archive's or object's name, and whose it is. The first that matches counts.
OWNERS = [
    (r"lib(agent|store|protocols|parsers|base)\.a|(quick|rackscout)\.dir/", "rackscout"),
    (r"portable\.dir/fmt", "fmt"),
    (r"portable\.dir/", "rackscout"),
    (r"libcrypto\.a", "libcrypto"),
    (r"libssl\.a", "libssl"),
    (r"libsqlite3\.a", "SQLite"),
    (r"lib(archive|nettle|acl|bz2|lz4|lzma|zstd|z)\.a", "libarchive and what it reads with"),
    (r"lib(pugixml|modbus|seccomp)\.a", "pugixml, libmodbus, libseccomp"),
    (r"libstdc\+\+\.a|libsupc\+\+\.a|libgcc\w*\.a|crt(begin|end)\w*\.o|lib(stdc|gcc)", "libstdc++ and libgcc"),
    (r"lib(c|m|pthread|dl|rt|resolv|util|nsl|anl)(-[\d.]+)?\.a|libmvec\.a|crt[1in]\.o|rcrt1\.o", "glibc"),
]
RELOCATIONS = "tables and headers, less merged strings"
NOT_IN_FILE = (".bss", ".tbss", ".sbss")

# " .text.name   0x0000000000401000       0x2b /path/libx.a(y.o)", the name on a line of its own if long
OUTPUT = re.compile(r"^(\.[\w.\-]+|__\w+)(?:\s+0x([0-9a-f]+)\s+0x([0-9a-f]+))?")
INPUT = re.compile(r"^ (?:\*fill\*|[\w.$*\-+:@/]+)?\s+0x([0-9a-f]+)\s+0x([0-9a-f]+)(?: (.+))?$")
# mold: "          0x2e203c         20     4         /path/libx.a(y.o):(.text.name)"
MOLD = re.compile(r"^ +0x[0-9a-f]+ +(\d+) +\d+ {9}(\S[^:]*):\((\.[^)]*)\)$")


def owner_of(path):
    if path is None:
        return RELOCATIONS
    for pattern, owner in OWNERS:
        if re.search(pattern, path):
            return owner
    return os.path.basename(path)


def allocated_sections(program):
    """The names of the sections that are loaded and stored in the file."""
    listed = subprocess.run(["readelf", "-SW", program], capture_output=True, text=True, check=True).stdout
    names = set()
    for line in listed.splitlines():
        found = re.match(r"\s*\[\s*\d+\]\s+(\S+)\s+(\S+)\s+[0-9a-f]+ [0-9a-f]+ [0-9a-f]+ [0-9a-f]+ +(\w*)", line)
        if found and "A" in found[3] and found[2] != "NOBITS":
            names.add(found[1])
    return names


def shares(map_path, program):
    """Bytes by owner."""
    with open(map_path, encoding="utf-8", errors="replace") as file:
        is_of_mold = file.readline().split() == ["VMA", "Size", "Align", "Out", "In", "Symbol"]
    return shares_by_mold(map_path) if is_of_mold else shares_by_bfd(map_path, allocated_sections(program))


def shares_by_mold(map_path):
    """It does not say whose the tables for unwinding are."""
    total = collections.Counter()
    with open(map_path, encoding="utf-8", errors="replace") as file:
        for line in file:
            found = MOLD.match(line)
            if found and not found[3].startswith(NOT_IN_FILE):
                total[owner_of(found[2])] += int(found[1])
    return total


def shares_by_bfd(map_path, kept):
    total = collections.Counter()
    section, started = None, False
    with open(map_path, encoding="utf-8", errors="replace") as file:
        for line in file:
            started = started or line.startswith("Linker script and memory map")
            if not started:
                continue
            head = OUTPUT.match(line)
            if head:
                section = head[1]
                continue
            found = INPUT.match(line)
            if not found or section not in kept or int(found[1], 16) == 0:
                continue
            # Of padding a map names the pattern.
            relocation = section.startswith((".rela", ".rel.")) or not re.search(r"\.[ao]\b", found[3] or "")
            total[owner_of(None if relocation else found[3].strip())] += int(found[2], 16)
    return total


def stripped_size(program, triplet):
    with tempfile.NamedTemporaryFile() as file:
        subprocess.run([f"{triplet}-strip", "-o", file.name, program], check=True)
        return os.path.getsize(file.name)


def program_of(architecture, name):
    """Of amd64 also what ./dev build makes: it is the same."""
    folders = ["amd64", "release"] if (architecture, name) == ("amd64", "rackscout") else [architecture]
    paths = [os.path.join(BUILD, folder, name) for folder in folders]
    return next((path for path in paths if os.path.exists(path)), None)


def judged(size, most):
    return f"{size:>11,} of {most:>10,}" + ("  TOO LARGE" if size > most else "")


def show(architecture):
    """Prints what there is; True when nothing is too large."""
    triplet, fits = TRIPLETS[architecture], True
    for name, most in (("rackscout", MOST_DYNAMIC), ("rackscout-portable", MOST_PORTABLE[architecture])):
        program = program_of(architecture, name)
        if program is None:
            continue
        size = stripped_size(program, triplet)
        fits = fits and size <= most
        print(f"{architecture:6} {name:20} {judged(size, most)}")
        if name == "rackscout-portable":
            show_shares(shares(program + ".map", program), size)
    return fits


def show_shares(total, size):
    total[RELOCATIONS] = size - sum(total.values()) + total[RELOCATIONS]
    for owner, count in sorted(total.items(), key=lambda item: -item[1]):
        print(f"         {owner:42} {count:>11,}  {100 * count / size:4.1f} %")


def main():
    named = sys.argv[1:]
    unknown = [name for name in named if name not in TRIPLETS]
    if unknown:
        sys.exit(f"sizes.py: no architecture is called '{unknown[0]}'")
    chosen = named or [one for one in TRIPLETS if program_of(one, "rackscout") or
                       program_of(one, "rackscout-portable")]
    if not chosen:
        sys.exit("sizes.py: nothing is built: ./dev build, ./dev cross ARCHITECTURE")
    print("bytes without symbols, and the most they may be; below, whose they are")
    results = [show(architecture) for architecture in chosen]
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
