"""The service is killed at random moments while files change and racks are asked.

RACKSCOUT_KILLS says how often (10), RACKSCOUT_SEED which moments.
"""
import os
import random
import sqlite3
import threading
import unittest

import plant
from service import Service, until

KILLS = int(os.environ.get("RACKSCOUT_KILLS", "10"))
SEED = int(os.environ.get("RACKSCOUT_SEED", "0")) or random.randrange(1, 1 << 30)
STATION = "Packaging/line3_pn.cfg"
STAYING = 12
CHANGING = 40
# Racks that take a while to ask: each answer comes late.
RACKS = "".join(f"""
[[host]]
name = "press{number}"
address = "127.50.7.{number}"
[host.fault]
kind = "slow"
ms = 30
[host.fins]
port = 0
cpu = "CJ2M-CPU33"
version = "02.01"
units = [{{address = 16, model = "CJ2M-EIP21", version = "V2.17"}},
         {{address = 18, model = "CJ1W-ETN21", version = "V1.56"}}]
""" for number in range(1, 5))


class Changes(threading.Thread):
    """Saves, replaces, renames and deletes files until it is told to stop."""

    def __init__(self, folder, content, seed):
        super().__init__(daemon=True)
        self.folder, self.content, self.chance = folder, content, random.Random(seed)
        self.ends = threading.Event()

    def run(self):
        while not self.ends.wait(0.003):
            self.change(os.path.join(self.folder, f"f{self.chance.randrange(CHANGING)}.cfg"))

    def change(self, path):
        kind = self.chance.randrange(4)
        if kind == 0 and os.path.exists(path):
            os.unlink(path)
        elif kind == 1 and os.path.exists(path):
            os.rename(path, os.path.join(self.folder, f"f{self.chance.randrange(CHANGING)}.cfg"))
        else:
            name = f'"AS{self.chance.randrange(1 << 20)}"'.encode()
            with open(path + ".new", "wb") as file:
                file.write(self.content.replace(b'"Line3_AS"', name))
            os.rename(path + ".new", path)

    def stop(self):
        self.ends.set()
        self.join()


class Kills(unittest.TestCase):
    def rows(self, service):
        """path -> states of its rows that are not Deleted, as another program reads them."""
        with sqlite3.connect(f"file:{service.store}?mode=ro", uri=True) as store:
            rows = {}
            for path, status in store.execute("SELECT path, status FROM files"
                                              " WHERE status <> 'Deleted'"):
                rows.setdefault(path, []).append(status)
            return rows

    def check(self, service, staying):
        sound = service.command("store", "check")
        self.assertEqual(0, sound.returncode, sound.stderr)
        rows = self.rows(service)
        for path in staying:
            self.assertIn("Imported", rows.get(path, []), f"{path} is missing (seed {SEED})")
        for path, states in rows.items():
            # While a file is read again, its new row stands beside the old one.
            self.assertLessEqual(len([s for s in states if s != "Importing"]), 1, path)
            self.assertLessEqual(len(states), 2, path)

    def settled(self, service, folder):
        on_disk = {name for name in os.listdir(folder) if name.endswith(".cfg")}
        rows = {os.path.basename(path): states for path, states in self.rows(service).items()
                if os.path.dirname(path) == folder}
        return set(rows) == on_disk and all(states == ["Imported"] for states in rows.values())

    def test_no_kill_loses_or_doubles_a_file(self):
        chance = random.Random(SEED)
        with plant.Plant(RACKS, "--free-ports") as racks:
            targets = ", ".join(f'"{racks.target(f"press{n}", "fins")}"' for n in range(1, 5))
            settings = (f'[[probe]]\nname = "presses"\ntargets = [{targets}]\n'
                        'protocols = ["fins"]\nevery = "1m"\n')
            with Service(settings, settle="20ms") as service:
                self.run_kills(service, chance)

    def run_kills(self, service, chance):
        staying = [service.put(STATION, f"staying/s{number}.cfg") for number in range(STAYING)]
        staying = [os.path.realpath(path) for path in staying]
        until(lambda: len(service.list("projectfile", pageSize=100)) == STAYING, "all are read")
        folder = os.path.join(os.path.realpath(service.projects), "changing")
        os.mkdir(folder)
        with open(staying[0], "rb") as file:
            content = file.read()
        for kill in range(KILLS):
            changes = Changes(folder, content, chance.randrange(1 << 30))
            changes.start()
            threading.Event().wait(chance.uniform(0.0, 0.8))
            service.kill()
            self.check(service, staying)
            changes.stop()
            service.start()
            if kill % 10 == 9 or kill == KILLS - 1:
                until(lambda: self.settled(service, folder), f"all is found (seed {SEED})", 60)
                self.check(service, staying)
        hosts = until(lambda: self.racks(service), "the racks are listed")
        self.assertEqual(4, len(hosts), f"each rack once (seed {SEED})")

    def racks(self, service):
        hosts = service.list("host", filter='hardware.model: "CJ2M-CPU33"', pageSize=100)
        return hosts if len(hosts) >= 4 else None


if __name__ == "__main__":
    plant.main(60 + 6 * KILLS)
