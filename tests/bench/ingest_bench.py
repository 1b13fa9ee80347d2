#!/usr/bin/env python3
"""Measures whole commands on generated files, as ratios within one run:
  - ingesting a tree of 20,000 files against md5sum plus sha256sum of the tree,
  - ingesting it again, unchanged, against the first time,
  - with --against, ingesting it with another program, such as an older one, in turn,
  - peak memory while reading one station of 64 MB, and for the tree.
`ingest_bench.py PROGRAM [--files N] [--exports N] [--megabytes N] [--keep FOLDER]
[--against PROGRAM]`"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TREE_MEMORY_MIB = 32
STATION_MEMORY_MIB = 64


def run(arguments):
    """(wall seconds, peak MiB) of one command. time(1) starts it, for the peak of
    a child of ours would never be less than our own."""
    with tempfile.NamedTemporaryFile("r") as peak:
        start = time.monotonic()
        subprocess.run(["time", "-f", "%M", "-o", peak.name, *arguments], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return time.monotonic() - start, int(peak.read().split()[-1]) / 1024


def sums(tree):
    listing = ["find", tree, "-type", "f", "-print0"]
    total = 0.0
    for program in ("md5sum", "sha256sum"):
        command = f"{' '.join(listing)} | xargs -0 {program} > /dev/null"
        total += run(["bash", "-c", command])[0]
    return total


def counts(program, store):
    out = subprocess.run([program, "list", "assets", "--store", store, "--format", "ndjson"],
                         check=True, capture_output=True, text=True).stdout
    records = [json.loads(line) for line in out.splitlines()]
    return len(records), sum(len(record.get("addOns", [])) for record in records)


def bench_tree(program, work, files, exports):
    tree, store = os.path.join(work, "tree"), os.path.join(work, "tree.db")
    if not os.path.isdir(tree):
        run([sys.executable, os.path.join(HERE, "make_tree.py"), "tree", tree,
             "--files", str(files), "--exports", str(exports)])
        time.sleep(3)  # files younger than two seconds are read again on purpose
    reference = min(sums(tree), sums(tree))  # the first also warms the page cache
    first, peak = run([program, "ingest", "--store", store, tree])
    again = min(run([program, "ingest", "--store", store, tree])[0] for _ in range(3))
    assets, add_ons = counts(program, store)
    print(f"tree: {files} files, {exports} exports, {assets} assets, {add_ons} add-ons")
    print(f"md5sum + sha256sum: {reference:.2f} s")
    print(f"first ingest: {first:.2f} s = {first / reference:.2f} of the sums (at most 4), "
          f"{add_ons / first:.0f} add-ons/s")
    print(f"second ingest: {again:.3f} s, {first / again:.0f} times quicker (at least 10)")
    print(f"peak memory: {peak:.1f} MiB (at most {TREE_MEMORY_MIB}); "
          f"store: {os.path.getsize(store) / 2**20:.1f} MiB")


def bench_station(program, work, megabytes):
    station, store = os.path.join(work, "big.cfg"), os.path.join(work, "big.db")
    if not os.path.exists(station):
        run([sys.executable, os.path.join(HERE, "make_tree.py"), "station", station,
             "--megabytes", str(megabytes)])
    size = os.path.getsize(station) / 2**20
    seconds, peak = run([program, "ingest", "--store", store, station])
    print(f"one station of {size:.1f} MiB: {seconds:.2f} s, peak {peak:.1f} MiB = file + "
          f"{peak - size:.1f} MiB (at most {STATION_MEMORY_MIB})")


def bench_against(program, other, work):
    """Each in turn, so that what else the machine does falls on both; the quickest of three count."""
    tree, store = os.path.join(work, "tree"), os.path.join(work, "other.db")
    times = {program: [], other: []}
    for _ in range(3):
        for one in times:
            for suffix in ("", "-wal", "-shm"):
                if os.path.exists(store + suffix):
                    os.remove(store + suffix)
            times[one].append(run([one, "ingest", "--store", store, tree])[0])
    ours, theirs = min(times[program]), min(times[other])
    print(f"first ingest: {ours:.2f} s, by {other}: {theirs:.2f} s, {ours / theirs:.2f} of it")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--exports", type=int, default=2_000)
    parser.add_argument("--megabytes", type=int, default=64)
    parser.add_argument("--against", help="another program to compare the first ingest with")
    parser.add_argument("--keep", help="a folder for the generated files, kept for the next time")
    options = parser.parse_args()
    work = options.keep or tempfile.mkdtemp(prefix="rackscout-bench-")
    os.makedirs(work, exist_ok=True)
    for old in ("tree.db", "big.db"):
        for suffix in ("", "-wal", "-shm"):
            if os.path.exists(os.path.join(work, old + suffix)):
                os.remove(os.path.join(work, old + suffix))
    try:
        bench_tree(options.program, work, options.files, options.exports)
        if options.against:
            bench_against(options.program, options.against, work)
        bench_station(options.program, work, options.megabytes)
    finally:
        if not options.keep:
            shutil.rmtree(work)


if __name__ == "__main__":
    main()
