"""What a quiet plant writes to the flash of its gateway, and why.

    /usr/bin/python3 tests/bench/flash_bench.py RACKSCOUT PLANTSIM [--days N] [--files N] [--racks N]
        [--saves N] [--hub] [--ledger] [--speed N] [--most MEGABYTES]

The service watches a share of project files that nobody changes (--saves: so many are saved a day)
and asks all racks once a day, in a network of its own, with a clock that runs fast; --hub: and it
tells a hub; --ledger: and it keeps a ledger. The first day, on which everything is read and asked
for the first time, is told apart. Three counters: the bytes of each write as strace sees them, by
file and by table; `write_bytes` of /proc; and, as root, what the disk below was given, with what the
file system (ext4) writes for itself.

Exit status 1 where a day takes more than --most (20), by the largest of the counters.
"""
import argparse
import collections
import contextlib
import ctypes
import http.server
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[1:1] = [os.path.join(os.path.dirname(HERE), "peers")]

import make_tree  # noqa: E402
import netspace  # noqa: E402
import plant  # noqa: E402
import survey_plant  # noqa: E402
import uplink_bench  # noqa: E402
from service import Service, until  # noqa: E402

DAY = 86400
MEGABYTE = 1_000_000
SECTOR = 512
FRAME, LOG_HEADER, PAGE = 24, 32, 4096
# The time, the call, the file, how its bytes begin, how many they are, and where.
CALL = re.compile(r"^\d+ +(\d+\.\d+) (\w+)\(\d+<([^>]*)>(?:\(deleted\))?"
                  r"(?:, \"((?:[^\"\\]|\\.)*)\"\.*, (\d+)(?:, (\d+))?)?")
WRITES = "pwrite64,write,writev,pwritev,pwritev2,fsync,fdatasync,ftruncate"
WRITE_BACK = 30  # seconds after which the kernel brings to the disk what nobody synced


def scene(racks):
    """Half of them racks, a third chassis, the rest meters."""
    text = ""
    for number in range(racks):
        text += f'[[host]]\nname = "h{number}"\naddress = "127.60.2.{number + 1}"\n'
        serial = 1000 + 10 * number
        if number % 6 < 3:
            text += survey_plant.rack(serial, units=8)
        elif number % 6 < 5:
            text += survey_plant.chassis(serial, cards=8)
        else:
            text += f'[host.modbus]\n{survey_plant.objects(serial, "TM221CE24R")}'
    return text


def write_share(folder, files):
    for number in range(files):
        place = os.path.join(folder, f"area{number % 20:02d}", f"unit{number % 400:03d}")
        os.makedirs(place, exist_ok=True)
        make_tree.Station(number).write(os.path.join(place, f"station{number:05d}.cfg"), 8_000)


class Disk:
    """A file system of its own, where that can be made: then what it is given can be counted."""

    def __init__(self, folder):
        self.path = os.path.join(folder, "disk")
        self.sectors_of = None
        os.mkdir(self.path)
        image = os.path.join(folder, "image")
        if os.geteuid() != 0 or not shutil.which("mkfs.ext4"):
            return
        netspace.unshare(netspace.CLONE_NEWNS)
        subprocess.run(["mount", "--make-rprivate", "/"], check=True)
        subprocess.run(["truncate", "-s", "1G", image], check=True)
        subprocess.run(["mkfs.ext4", "-q", "-E", "lazy_itable_init=0,lazy_journal_init=0", image],
                       check=True)
        if subprocess.run(["mount", "-o", "loop,noatime", image, self.path], check=False).returncode == 0:
            device = subprocess.run(["findmnt", "-no", "SOURCE", self.path], check=True,
                                    capture_output=True, text=True).stdout.strip()
            self.sectors_of = f"/sys/block/{os.path.basename(device)}/stat"

    def written(self):
        if not self.sectors_of:
            return None
        subprocess.run(["sync", "-f", self.path], check=True)
        with open(self.sectors_of, encoding="ascii") as file:
            return int(file.read().split()[6]) * SECTOR

    def close(self):
        if self.sectors_of:
            subprocess.run(["umount", self.path], check=False)


class Traced(Service):
    """The service under strace, with a clock that runs fast."""

    def __init__(self, folder, speed):
        self.trace = os.path.join(folder, "trace")
        clock = os.path.join(folder, "fast_clock.so")
        subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", clock,
                        os.path.join(plant.HERE, "fast_clock.c"), "-ldl"], check=True)
        super().__init__(prefix=("strace", "-f", "--seccomp-bpf", "-ttt", "-y", "-x", "-s", "4",
                                 "-e", "trace=" + WRITES, "-e", "signal=none", "-o", self.trace,
                                 "-E", f"LD_PRELOAD={clock}", "-E", f"RACKSCOUT_CLOCK_SPEED={speed}"))

    def __enter__(self):
        try:
            return super().__enter__()
        except BaseException:
            self.__exit__()
            raise

    def status(self):
        """With a clock that runs fast it may find the question late."""
        def told():
            with contextlib.suppress(AssertionError):
                return Service.status(self)
            return None
        return until(told, "the service tells its status")

    def pid(self):
        with open(f"/proc/{self.process.pid}/task/{self.process.pid}/children",
                  encoding="ascii") as file:
            return int(file.read().split()[0])

    def written(self):
        with open(f"/proc/{self.pid()}/io", encoding="ascii") as file:
            return int(dict(line.split(": ") for line in file)["write_bytes"])


class Cause:
    def __init__(self):
        self.bytes = self.writes = self.syncs = 0


def plain(escaped):
    return bytes(int(part, 16) for part in escaped.split("\\x")[1:])


def pages_of(store):
    """The table that each page of the store belongs to, with its indexes."""
    with contextlib.closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as database:
        tables = dict(database.execute("SELECT name, tbl_name FROM sqlite_schema"))
        return {page: tables.get(name, name)
                for name, page in database.execute("SELECT name, pageno FROM dbstat")}


class Trace:
    """The calls of a time, by file and by table."""

    def __init__(self, path, store, begin, end):
        self.pages = pages_of(store)
        self.files = collections.defaultdict(Cause)
        self.tables = collections.defaultdict(Cause)
        self.frame_page = 0
        self.folder = os.path.dirname(store)
        with open(path, encoding="ascii", errors="replace") as lines:
            for line in lines:
                call = CALL.match(line)
                if call and begin <= float(call[1]) < end and self.is_file(call[3]):
                    self.take(*call.groups()[1:])

    @staticmethod
    def is_file(path):
        return os.path.isabs(path) and not path.startswith(("/proc/", "/dev/", "/sys/"))

    def shown(self, path):
        if os.path.dirname(path) == self.folder:
            return os.path.basename(path)
        return path if os.path.basename(path) == "log" else os.path.dirname(path) + "/*"

    def take(self, name, path, start, size, place):
        cause = self.files[self.shown(path)]
        if name in ("fsync", "fdatasync"):
            cause.syncs += 1
            return
        if size is None:
            return
        cause.writes += 1
        cause.bytes += int(size)
        if path.endswith(".db-wal"):
            self.take_frame(start, int(size), int(place))
        elif path.endswith(".db"):
            self.note("into the file: ", int(place) // PAGE + 1, int(size))

    def take_frame(self, start, size, place):
        """First comes a header with the page's number, then the page."""
        if size == FRAME and place >= LOG_HEADER:
            self.frame_page = int.from_bytes(plain(start)[:4], "big")
        self.note("log: ", self.frame_page, size)

    def note(self, where, page, size):
        cause = self.tables[where + self.pages.get(page, "no table any more")]
        cause.bytes += size
        cause.writes += 1

    def total(self):
        return sum(cause.bytes for cause in self.files.values())

    def print(self, days):
        print(f"\n{'a day':>12} {'writes':>8} {'syncs':>7}  file")
        for path, cause in sorted(self.files.items(), key=lambda item: -item[1].bytes):
            print(f"{cause.bytes / days:12,.0f} {cause.writes / days:8.1f} {cause.syncs / days:7.1f}  {path}")
        print(f"\n{'a day':>12} {'writes':>8}  table, with its indexes")
        for table, cause in sorted(self.tables.items(), key=lambda item: -item[1].bytes):
            print(f"{cause.bytes / days:12,.0f} {cause.writes / days:8.1f}  {table}")


class Counters:
    """What was written so far, by the system's own counters."""

    def __init__(self, service, disk):
        self.time, self.of_process, self.of_disk = time.time(), service.written(), disk.written()

    def since(self, before, days, traced):
        """In megabytes a day: for people, and the largest of them."""
        parts = {"written": traced, "by /proc": self.of_process - before.of_process}
        if self.of_disk is not None:
            parts["at the disk"] = self.of_disk - before.of_disk
        megabytes = {name: value / days / MEGABYTE for name, value in parts.items()}
        text = ", ".join(f"{value:.2f} MB {name}" for name, value in megabytes.items())
        return text, max(megabytes.values())


@contextlib.contextmanager
def hub_for(folder, wanted):
    """Settings for a sink that takes all it is told."""
    if not wanted:
        yield ""
        return
    token = os.path.join(folder, "hub.token")
    with open(os.open(token, os.O_CREAT | os.O_WRONLY, 0o600), "w", encoding="ascii") as file:
        file.write(uplink_bench.token_of("plant") + "\n")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), uplink_bench.Recorder)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield (f'[[sink]]\nname = "hub"\nkind = "hub"\nurl = "http://127.0.0.1:{server.server_port}"\n'
           f'token_file = "{token}"\n')
    server.shutdown()


def settings_of(service, options, sink):
    ledger = os.path.join(os.path.dirname(service.store), "ledger.ndjson")
    return (f'[[probe]]\nname = "racks"\ntargets = ["127.60.2.1-{options.racks}"]\n{sink}'
            + (f'[safety]\nledger = "{ledger}"\n' if options.ledger else ""))


def is_first_day_over(service, options):
    status = service.status()
    return status["store"]["files"] >= options.files and status["probes"][0].get("lastRun")


@contextlib.contextmanager
def written_back(disk, options):
    """As often as it would be by a clock that runs so fast; the kernel's own does not."""
    libc, ended = ctypes.CDLL(None), threading.Event()

    def run():
        folder = os.open(disk.path, os.O_RDONLY)
        while not ended.wait(WRITE_BACK / options.speed):
            libc.syncfs(folder)
        os.close(folder)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def live(service, options):
    """Somebody looks at the list every hour; --saves files are saved a day."""
    end = time.time() + options.days * DAY / options.speed
    hour = DAY / options.speed / 24
    saved = 0
    for hours in range(1, 24 * options.days + 1):
        threading.Event().wait(max(0, min(hour, end - time.time())))
        service.command("list", "assets", "--filter", "name: station00001")
        while saved < options.saves * hours // 24:
            saved += 1
            path = os.path.join(service.projects, f"saved{saved % 7}.cfg")
            make_tree.Station(10_000 + saved).write(path, 8_000)
    threading.Event().wait(max(0, end - time.time()))


def measure(service, disk, options):
    """The most megabytes that a day took."""
    counters = [Counters(service, disk)]
    until(lambda: is_first_day_over(service, options), "everything is read and asked once", 1800)
    threading.Event().wait(600 / options.speed + 1)
    counters.append(Counters(service, disk))
    with written_back(disk, options):
        live(service, options)
    counters.append(Counters(service, disk))
    status = service.status()
    answered, failed = status["probes"][0]["lastRun"]["answered"], status["projectFiles"]["failed"]
    if answered != options.racks or failed:
        sys.exit(f"{answered} of {options.racks} racks answered, {failed} files failed: the clock runs too fast here")
    most = 0
    for name, days, before, after in (("the first day", 1, *counters[:2]),
                                      ("a day after that", options.days, *counters[1:])):
        trace = Trace(service.trace, service.store, before.time, after.time)
        text, most = after.since(before, days, trace.total())
        print(f"\n== {name}: {text}")
        trace.print(days)
    syncs = trace.files["store.db-wal"].syncs / options.days
    if syncs < 0.9 * options.racks:
        sys.exit(f"the log was synced {syncs:.0f} times a day: the days were not lived")
    return most


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("rackscout")
    parser.add_argument("plantsim")
    parser.add_argument("--days", type=int, default=5)
    parser.add_argument("--files", type=int, default=5000)
    parser.add_argument("--racks", type=int, default=50)
    parser.add_argument("--saves", type=int, default=0)
    parser.add_argument("--hub", action="store_true")
    parser.add_argument("--ledger", action="store_true")
    parser.add_argument("--speed", type=int, default=240)
    parser.add_argument("--most", type=float, default=20)
    options = parser.parse_args()
    if reason := netspace.enter():
        print("skipped: " + reason)
        return plant.SKIPPED
    with tempfile.TemporaryDirectory(prefix="rackscout-flash-") as folder, \
            contextlib.closing(Disk(folder)) as disk, hub_for(folder, options.hub) as sink:
        service = Traced(folder, options.speed)
        service.store = os.path.join(disk.path, "state", "store.db")
        write_share(service.projects, options.files)
        service.configure(settings_of(service, options, sink), settle="30s")
        with plant.Plant(scene(options.racks)), service:
            most = measure(service, disk, options)
    print(f"\na quiet day: {most:.2f} MB at most (allowed: {options.most:g})")
    return 0 if most <= options.most else 1


if __name__ == "__main__":
    sys.exit(main())
