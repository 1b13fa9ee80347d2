"""Days of the service in minutes: nothing grows but what is kept on purpose.

RACKSCOUT_HOURS says how many hours (a tenth of one). A file changes every ten seconds of them,
racks are asked every minute, clients ask all the time. What is older than a day goes once a day: from
the third day on the store is as large as it was.
"""
import os
import sys
import subprocess
import tempfile
import threading
import unittest

import plant
from service import Service, until

HOURS = float(os.environ.get("RACKSCOUT_HOURS", "0.1"))
SPEED = 120 if HOURS > 2 else 30  # beside other tests a machine is slow
DAY = 24
STATION = "Packaging/line3_pn.cfg"
FILES = 40
MEGABYTE = 1 << 20
SCENE = """
[[host]]
name = "press"
address = "127.50.5.11"
[host.fins]
port = 0
cpu = "CJ2M-CPU33"
version = "02.01"
units = [{address = 16, model = "CJ2M-EIP21", version = "V2.17"}]
"""


def fast_clock(folder):
    library = os.path.join(folder, "fast_clock.so")
    source = os.path.join(plant.HERE, "fast_clock.c")
    subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
    return {"LD_PRELOAD": library, "RACKSCOUT_CLOCK_SPEED": str(SPEED)}


class Days(unittest.TestCase):
    def test_nothing_grows_but_what_is_kept(self):
        with tempfile.TemporaryDirectory() as folder, plant.Plant(SCENE, "--free-ports") as racks:
            service = Service(environment=fast_clock(folder))
            target = racks.target("press", "fins")
            service.configure(f'[[probe]]\nname = "press"\ntargets = ["{target}"]\n'
                              'protocols = ["fins"]\nevery = "1m"\n', settle="2s",
                              store='journal_age = "1d"')
            with service:
                self.live(service)

    def live(self, service):
        with open(service.put(STATION, "f0.cfg"), "rb") as file:
            content = file.read()
        memory, stores = [], []
        steps = int(HOURS * 360)
        for step in range(1, steps + 1):
            self.change(service, step, content)
            threading.Event().wait(10 / SPEED)
            if step % (30 if HOURS > 2 else 6) == 0:
                self.ask(service, step)
                memory.append(service.metric("process_resident_memory_bytes"))
                stores.append((step / 360, service.metric("rackscout_store_bytes")))
                print(f"{step / 360:5.1f} h: {memory[-1] / MEGABYTE:.2f} MiB,"
                      f" store {stores[-1][1] / MEGABYTE:.2f} MiB", file=sys.stderr)
        self.check_memory(memory)
        self.check_store(stores)
        until(lambda: set(service.files()) >= {f"f{n}" for n in range(min(FILES, steps))},
              "the last change is listed")
        self.assertGreater(service.metric("rackscout_probe_requests_total"), 0)
        self.assertEqual(0, service.command("store", "check").returncode)

    def change(self, service, step, content):
        path = os.path.join(service.projects, f"f{step % FILES}.cfg")
        with open(path + ".new", "wb") as file:
            file.write(content.replace(b'"Line3_AS"', f'"AS{step}"'.encode()))
        os.rename(path + ".new", path)

    def ask(self, service, step):
        for number in range(3):
            service.list("host", filter=f'name: "AS{step - number}" or slot > {number}')
        service.list("projectfile", sort="name:asc", pageNumber=step % 4)

    def check_memory(self, memory):
        with open(plant.RACKSCOUT, "rb") as program:
            if b"__asan_init" in program.read():
                return  # ASan keeps what was freed
        early, late = memory[:len(memory) // 2], memory[len(memory) // 2:]
        self.assertLess(max(late) - max(early), 2 * MEGABYTE, memory)

    def check_store(self, stores):
        third_day = [size for hour, size in stores if 2 * DAY + 1 <= hour < 2 * DAY + 4]
        later = [size for hour, size in stores if hour >= 3 * DAY]
        if third_day and later:
            self.assertLess(max(later), 1.1 * max(third_day), stores)


if __name__ == "__main__":
    plant.main(int(120 + HOURS * 3600 / SPEED * 3))
