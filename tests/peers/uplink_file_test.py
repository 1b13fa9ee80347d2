"""Records that are carried: an agent writes chunks into a folder, another store reads them."""
import contextlib
import glob
import json
import os
import shutil
import tempfile
import unittest

import plant
from service import SAMPLE, until
from uplink import Gateway, all_read, difference, hub_for, hub_sink, same, save, station, toml


class Carried(contextlib.ExitStack):
    """An agent with a folder of chunks, and a store that reads them."""

    def __init__(self, batch=5, tables=(), hub=None):
        super().__init__()
        self.folder = self.enter_context(tempfile.TemporaryDirectory(prefix="rackscout-chunks-"))
        self.agent = Gateway("hall", watches=True)
        online = [hub_sink(self.agent, hub.tokens["hall"], hub.url)] if hub else []
        self.agent.use(toml("[[sink]]", name="stick", kind="file", folder=self.folder, batch=batch),
                       *online, *tables)
        self.enter_context(self.agent)
        self.hub = Gateway("hub")
        self.callback(self.hub.__exit__)

    def change(self, *numbers, text="DI"):
        for number in numbers:
            save(os.path.join(self.agent.projects, f"s{number}.cfg"), station(number, text))
        self.written()

    def written(self):
        all_read(self.agent)
        until(lambda: self.agent.is_told("stick"), "all is written")

    def chunks(self):
        return sorted(glob.glob(self.folder + "/*.ndjson"))

    def read(self, *paths):
        return self.hub.command("import", "--store", self.hub.store, *(paths or [self.folder]))

    def difference(self):
        if not self.hub.process:
            self.hub.start()
        return difference(self.agent.known(), self.hub.known())


class Files(unittest.TestCase):
    def read(self, carried, code=0):
        run = carried.read()
        self.assertEqual(code, run.returncode, run.stderr)
        return run.stderr

    def test_what_is_carried_is_the_same(self):
        with Carried() as carried:
            carried.change(*range(12))
            self.assertGreater(len(carried.chunks()), 3)
            self.read(carried)
            carried.change(1, 2, text="DI later")
            os.unlink(os.path.join(carried.agent.projects, "s3.cfg"))
            carried.written()
            self.read(carried)
            self.assertEqual("", carried.difference())

    def test_what_was_read_is_not_read_twice(self):
        with Carried() as carried:
            carried.change(*range(12))
            self.assertIn("0 were there already", self.read(carried))
            before = self.dump(carried)
            self.assertIn("0 records applied", self.read(carried))
            self.assertEqual(before, self.dump(carried))

    def dump(self, carried):
        tables = ("received", "files", "assets", "asset_facts", "add_ons", "asset_keys", "journal",
                  "changes")
        return {table: carried.hub.query(f"SELECT * FROM {table}") for table in tables}

    def test_a_missing_chunk_is_named(self):
        with Carried() as carried:
            carried.change(*range(12))
            os.unlink(carried.chunks()[2])
            told = self.read(carried, 3)
            self.assertIn("hall: chunk 3 is missing", told)
            # The agent writes all of it anew, and then nothing is missing.
            renew = carried.agent.command("outbox", "renew", "stick", "--store", carried.agent.store)
            self.assertEqual(0, renew.returncode, renew.stderr)
            carried.written()
            self.assertNotIn("missing", self.read(carried))
            self.assertEqual("", carried.difference())

    def test_an_altered_chunk_is_refused(self):
        with Carried() as carried:
            carried.change(*range(12))
            path = carried.chunks()[1]
            for alter in (lambda text: text.replace("AS00", "AS99", 1), lambda text: text[:-20],
                          lambda text: text.replace('"sequence":2', '"sequence":9', 1),
                          lambda text: "", lambda text: text[text.index("\n") + 1:]):
                self.check_refused(carried, path, alter)
            self.assertEqual(0, carried.read().returncode)
            self.assertEqual("", carried.difference())

    def check_refused(self, carried, path, alter):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        self.assertNotEqual(text, alter(text))
        try:
            with open(path, "w", encoding="utf-8") as file:
                file.write(alter(text))
            run = carried.read(path)
            self.assertEqual(3, run.returncode, run.stderr)
            self.assertIn(os.path.basename(path), run.stderr)
            self.assertEqual(0, carried.hub.query("SELECT count(*) FROM received")[0][0])
        finally:
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)

    def test_chunks_say_what_they_are(self):
        with Carried() as carried:
            carried.change(*range(3))
            complete = False
            for number, path in enumerate(carried.chunks(), 1):
                with open(path, encoding="utf-8") as file:
                    lines = [json.loads(line) for line in file]
                self.assertEqual(("hall", number, len(lines) - 2),
                                 tuple(lines[0][key] for key in ("sensorId", "sequence", "records")))
                self.assertEqual(["sha256"], list(lines[-1]))
                complete = complete or lines[0]["complete"]
            self.assertTrue(complete, "one says that with it all is there")

    def test_a_full_folder_waits_for_who_carries(self):
        """A small one can't be had by configuration: what lies there already counts."""
        with Carried() as carried:
            carried.agent.stop()
            carried.agent.use(toml("[[sink]]", name="stick", kind="file", folder=carried.folder,
                                   folder_size="1MB", batch=5))
            ballast = os.path.join(carried.folder, "other-0000.ndjson")
            with open(ballast, "wb") as file:
                file.write(b" " * ((1 << 20) - 100))
            carried.agent.start()
            save(os.path.join(carried.agent.projects, "s1.cfg"), station(1, "DI"))
            until(lambda: "carry them away" in str(carried.agent.status()["sinks"]), "it says so")
            os.unlink(ballast)
            carried.written()
            self.read(carried)
            self.assertEqual("", carried.difference())


def probes_of(racks):
    """Asks each simulated controller in the protocol that it speaks at that port."""
    targets = {}
    for at in racks.endpoints:
        targets.setdefault(at["protocol"], set()).add(f"{at['address']}:{at['port']}")
    return [toml("[[probe]]", name=protocol, protocols=[protocol], targets=sorted(those), every="1h")
            for protocol, those in targets.items() if protocol in ("fins", "enip", "modbus")]


class Sample(unittest.TestCase):
    """Everything that the sample plant has: each kind of project file, and racks that answer."""

    def test_a_hub_and_who_carries_know_what_the_agent_does(self):
        with open(os.path.join(plant.HERE, "..", "plant", "scenes", "demo.toml"),
                  encoding="utf-8") as file:
            scene = file.read()
        with plant.Plant(scene, "--free-ports") as racks, hub_for("hall") as hub, \
                Carried(tables=probes_of(racks), hub=hub) as carried:
            shutil.copytree(SAMPLE, carried.agent.projects, dirs_exist_ok=True)
            until(lambda: all("lastRun" in one and "asking" not in one
                              for one in carried.agent.status()["probes"]), "all were asked")
            same(carried.agent, hub)
            until(lambda: carried.agent.is_told("stick"), "all is written")
            self.assertEqual(0, carried.read().returncode)
            self.assertEqual("", carried.difference())
            kinds = {row["inventory"]["source"] for row in hub.pages("host")}
            self.assertEqual({"Project File", "Active Probe"}, kinds)


if __name__ == "__main__":
    plant.main(120)
