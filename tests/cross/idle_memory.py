"""The memory that `rackscout run` holds when it has nothing to do, with its API on.

    /usr/bin/python3 idle_memory.py PROGRAM [PREFIX...]

For a 32-bit program in qemu's user mode PREFIX is that command: only what lies in the guest's 4 GiB
is counted then, not the emulator, which is put beside it. Exit status 1: such a one holds over 12 MiB.
"""
import os
import re
import sys

PROGRAM, PREFIX = os.path.abspath(sys.argv[1]), sys.argv[2:]
sys.argv[1:] = [PROGRAM, ""]
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "peers"))

import service  # noqa: E402

GUEST = range(1 << 36, (1 << 36) + (1 << 32))  # where -B puts it, in the emulator's address space
REGION = re.compile(r"([0-9a-f]+)-[0-9a-f]+ ")
EMULATED = any("qemu-" in word for word in PREFIX)
MOST = 12 * 1024 if EMULATED else None  # KiB: of a gateway with 512 MB


def resident(process):
    """KiB: all of it, and what is neither shared nor from a file."""
    total = {"Rss": 0, "Private_Dirty": 0}
    counts = False
    with open(f"/proc/{process}/smaps", encoding="utf-8", errors="replace") as file:
        for line in file:
            region = REGION.match(line)
            if region:
                counts = not EMULATED or int(region[1], 16) in GUEST
            name = line.split(":")[0]
            if counts and name in total:
                total[name] += int(line.split()[1])
    return total


def descendants(process):
    with open(f"/proc/{process}/task/{process}/children", encoding="ascii") as file:
        children = file.read().split()
    return [one for child in children for one in (child, *descendants(child))]


def main():
    prefix = [*PREFIX, "-B", hex(GUEST.start)] if EMULATED else PREFIX
    with service.Service(prefix=prefix, environment={"RACKSCOUT_WALL": "reduced"} if EMULATED else {}) as one:
        one.status()
        memory = resident(one.process.pid)
        print(f"{memory['Rss']:>7,} KiB resident, {memory['Private_Dirty']:,} KiB of it private and written; "
              f"{len(descendants(one.process.pid))} child processes")
        sys.exit(1 if MOST is not None and memory["Rss"] > MOST else 0)


if __name__ == "__main__":
    main()
