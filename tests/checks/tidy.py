#!/usr/bin/env python3
"""Rule 9: clang-tidy over every source of the program that changed since it last passed.

A pass is remembered, for all clones of whoever runs this, under a hash of all that decides it: the
source, the headers of ours that it includes, its command line, and .clang-tidy.
"""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import time

from source import FOLDERS, ROOT, read

TIDY = "clang-tidy-14"
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
STAMPS = CACHE / "rackscout-tidy"
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"([^"\n]+)"', re.M)


def with_headers(path, known):
    """The file and all headers of ours that it reaches, by name."""
    if path not in known and path.is_file():
        known[path] = read(path)
        for name in INCLUDE.findall(known[path]):
            with_headers(ROOT / name, known)
    return known


def key_of(entry, settings):
    digest = hashlib.sha256(settings)
    digest.update(entry["command"].replace(str(ROOT), "").encode())
    for path, text in sorted(with_headers(pathlib.Path(entry["file"]), {}).items()):
        digest.update(f"{path.relative_to(ROOT)}\0{text}\0".encode())
    return digest.hexdigest()


def ours(entry):
    path = pathlib.Path(entry["file"])
    if not path.is_relative_to(ROOT) or not path.is_file():
        return False
    folder = path.relative_to(ROOT).parts[0]
    return folder in FOLDERS and folder != "tests"  # tests hold hostile texts on purpose


def examine(path, database):
    """Runs clang-tidy on one source; what it says of it, or an empty text."""
    command = [TIDY, "--quiet", "-p", str(database), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode == 0:
        return ""
    return (done.stdout + done.stderr).replace(f"{ROOT}/", "")


def work_list(database):
    """What has to be examined, as {source: the stamp to leave}, and how many there are in all."""
    settings = (ROOT / ".clang-tidy").read_bytes()
    entries = [e for e in json.loads(read(database / "compile_commands.json")) if ours(e)]
    stamps = {pathlib.Path(e["file"]): STAMPS / key_of(e, settings) for e in entries}
    return {path: stamp for path, stamp in stamps.items() if not stamp.exists()}, len(stamps)


def main():
    database = ROOT / sys.argv[1]
    jobs = int(sys.argv[2]) if len(sys.argv) > 2 else os.cpu_count()
    STAMPS.mkdir(parents=True, exist_ok=True)
    todo, total = work_list(database)
    start, bad = time.monotonic(), 0
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        running = {pool.submit(examine, path, database): path for path in todo}
        for done in concurrent.futures.as_completed(running):
            path, complaint = running[done], done.result()
            if complaint:
                bad += 1
                print(f"{path.relative_to(ROOT)}: rule 9:\n{complaint}", flush=True)
            else:
                todo[path].touch()
    seconds = time.monotonic() - start
    print(f"clang-tidy: {len(todo)} of {total} sources examined, {bad} with findings, {seconds:.0f} s")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
