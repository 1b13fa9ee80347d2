"""How long after it rests a saved project file is in the list, in a small and a large store.

    /usr/bin/python3 tests/bench/save_bench.py RACKSCOUT LARGE_STORE
"""
import os
import statistics
import sys
import tempfile
import time

import lists_bench
import plant_store

SAVES = 8
SETTLE = 2.0
SAMPLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "sample", "Packaging",
                      "line3_pn.cfg")


def wait_for(api, name):
    while True:
        count, _ = api.get("projectfile", f"filter=name:%20%60{name}%60")
        if count:
            return time.perf_counter()
        time.sleep(0.005)


def delays(rackscout, store, folder):
    api = lists_bench.Api(rackscout, store, f'[[folder]]\npath = "{folder}"\n')
    with open(SAMPLE, "rb") as file:
        content = file.read()
    found = []
    for number in range(SAVES):
        name = f"save{os.getpid()}n{number}"
        with open(os.path.join(folder, name + ".cfg"), "wb") as file:
            file.write(content.replace(b"Line3_AS", f"AS{number}".encode()))
        begin = time.perf_counter()
        found.append(wait_for(api, name) - begin - SETTLE)
    api.end()
    return found


def main():
    rackscout, large = sys.argv[1:3]
    plant_store.make(rackscout, large)
    with tempfile.TemporaryDirectory() as small:
        for what, store in (("an empty store", os.path.join(small, "s.db")), ("the large store", large)):
            with tempfile.TemporaryDirectory() as folder:
                found = delays(rackscout, store, folder)
            print(f"{what}: listed {statistics.median(found) * 1000:.0f} ms after it rested, at most"
                  f" {max(found) * 1000:.0f} ms (at most 1000)")


if __name__ == "__main__":
    main()
