#!/usr/bin/env python3
"""Rules 1 to 3: who may include whom, where each library lives, and no catch-all folders."""
import re
import sys

from source import ROOT, code, cpp_files, line_of, report

# Rule 1. A folder always may include itself; tests mirror the tree and see all of it.
MAY_INCLUDE = {
    "base": (),
    "parsers": ("base",),
    "protocols": ("base",),
    "store": ("base",),
    "agent": ("base", "parsers", "protocols", "store"),
    "tests": ("base", "parsers", "protocols", "store", "agent"),
}
GENERATED = {"parsers.inc": "parsers/", "protocols.inc": "protocols/", "version.hpp": "agent/"}

# Rule 2. Header, and the places (files, or folders with a slash) that may include it.
HOMES = (
    (r"sqlite3\.h", ("store/",)),
    (r"archive\.h|archive_entry\.h", ("parsers/", "agent/bundle/")),
    (r"pugixml\.hpp", ("parsers/",)),
    (r"emmintrin\.h", ("parsers/step7/marks.hpp",)),
    (r"CLI/.*", ("agent/",)),
    (r"nlohmann/.*", ("agent/", "store/", "tests/")),
    (r"openssl/.*", ("base/hash.cpp", "agent/http/", "agent/bundle/")),
    (r"seccomp\.h", ("agent/wall/",)),
    (r"nss\.h", ("agent/portable/",)),
    (r"spdlog/.*", ("base/log.cpp",)),
    (r"boost/.*", ("base/async", "protocols/", "agent/", "tests/")),
    (r"modbus/.*|modbus\.h", ("protocols/",)),
    (r"toml\+\+/.*", ("agent/", "tests/plant/")),
    (r"tl/expected\.hpp", ("base/result.hpp",)),
    (r"zlib\.h", ("agent/http/", "tests/parsers/")),
    (r"catch2/.*", ("tests/catch.hpp",)),
    (r"benchmark/.*", ("tests/bench/",)),
    (r"fmt/.*", ("agent/", "base/", "parsers/", "protocols/", "store/", "tests/")),
)
# The standard library's own, and the C library's.
SYSTEM = re.compile(
    r"[a-z_]+|sys/\w+\.h|linux/\w+\.h|netinet/\w+\.h|arpa/inet\.h"
    r"|(?:dirent|endian|errno|fcntl|getopt|glob|grp|iconv|langinfo|limits|locale|malloc|netdb|poll|pwd|sched"
    r"|signal|spawn|stdlib|string|termios|time|unistd|wchar)\.h"
)
CATCH_ALL = {"util", "utils", "common", "helper", "helpers", "misc"}
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.M)


def at_home(path, places):
    """tests/store/x.cpp lives where store/x.cpp does: a test may use what its subject uses."""
    mirrored = path.removeprefix("tests/")
    return any(name.startswith(place) for name in (path, mirrored) for place in places)


def ours(path, header):
    """What is wrong with including one of our own headers, or None."""
    home = GENERATED.get(header)
    if home:
        return None if at_home(path, (home,)) else f'"{header}" is for {home} alone'
    folder, _, rest = header.partition("/")
    if not rest or folder not in MAY_INCLUDE:
        return f'"{header}": name our headers from the root ("base/result.hpp")'
    mine = path.split("/")[0]
    if folder == mine or folder in MAY_INCLUDE[mine]:
        return None
    allowed = ", ".join(MAY_INCLUDE[mine]) or "nothing of ours"
    return f'{mine}/ may include {allowed}, not "{header}"'


def theirs(path, header):
    """What is wrong with including a header of somebody else's, or None."""
    for pattern, places in HOMES:
        if re.fullmatch(pattern, header):
            return None if at_home(path, places) else f"<{header}> lives in {', '.join(places)}"
    if SYSTEM.fullmatch(header):
        return None
    return f"<{header}> has no home yet: give it one in tests/checks/layers.py"


def findings(path, text):
    live = code(text)
    for match in INCLUDE.finditer(text):
        if live[match.start() : match.end()].lstrip()[:1] != "#":
            continue  # inside a comment or a literal
        quote, header = match.groups()
        mine = quote == '"' or header in GENERATED
        rule, wrong = (1, ours(path, header)) if mine else (2, theirs(path, header))
        if wrong:
            yield f"{path}:{line_of(text, match.start())}: rule {rule}: {wrong}"


def catch_all_folders(paths):
    for folder in sorted({"/".join(p.split("/")[:n]) for p in paths for n in range(1, p.count("/") + 1)}):
        if folder.split("/")[-1] in CATCH_ALL:
            yield f"{folder}/: rule 3: name a folder after its subject"


def main():
    files = list(cpp_files(ROOT))
    found = [finding for path, text in files for finding in findings(path, text)]
    return report(found + list(catch_all_folders([path for path, _ in files])))


if __name__ == "__main__":
    sys.exit(main())
