"""A report as CycloneDX keeps to the schema of CycloneDX 1.5, by its makers' own validator."""
import copy
import json
import os
import tempfile
import unittest

import packages
import plant

NPM = os.path.join(plant.HERE, "npm", "cyclonedx")
SAMPLE = os.path.join(plant.REPOSITORY, "tests", "sample")
INGESTED = (0, 3)  # one of the sample's files is broken on purpose

SCENE = """
[[host]]
name = "press"
address = "127.10.0.1"
[host.fins]
cpu = "CJ2M-CPU33"
version = "02.01"
units = [
  {address = 16, model = "CJ2M-EIP21", version = "V2.17", ip = "127.10.0.1", mac = "00000a0b0c01"},
]
"""


class Reported(unittest.TestCase):
    packages = None  # the folder of them

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="rackscout-peer-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder, cls.store = folder.name, os.path.join(folder.name, "store.db")
        done = plant.run([plant.RACKSCOUT, "ingest", "--store", cls.store, "--site", "Northport",
                          "--area", "<Hall> 1", SAMPLE])
        with plant.Plant(SCENE, "--free-ports") as press:
            asked = plant.run([plant.RACKSCOUT, "probe", "--store", cls.store, "--site",
                               "Northport", "--yes", "--protocol", "fins",
                               press.target("press", "fins")])
        if done.exit_code not in INGESTED or asked.exit_code != 0:
            raise AssertionError(done.err + asked.err)

    def report(self, name="report.json", store=None):
        path = os.path.join(self.folder, name)
        done = plant.run([plant.RACKSCOUT, "report", "--store", store or self.store,
                          "--format", "cyclonedx", "--out", path])
        self.assertEqual(0, done.exit_code, done.err)
        with open(path, encoding="utf-8") as file:
            return path, json.load(file)

    def findings(self, *paths):
        """For each document what is wrong with it; None where nothing is."""
        done = plant.run(["node", os.path.join(NPM, "validate.js"), *paths],
                         env=packages.environment(self.packages))
        self.assertEqual(0, done.exit_code, done.err)
        return json.loads(done.out)

    def test_a_store_gives_a_valid_document(self):
        path, document = self.report()
        self.assertEqual([None], self.findings(path))
        self.assertEqual("Northport", document["metadata"]["component"]["name"])
        self.assertEqual([{"phase": "discovery"}], document["metadata"]["lifecycles"])

    def test_an_empty_store_gives_a_valid_document(self):
        empty = os.path.join(self.folder, "empty.db")
        nothing = os.path.join(self.folder, "nothing")
        os.makedirs(nothing, exist_ok=True)
        done = plant.run([plant.RACKSCOUT, "ingest", "--store", empty, nothing])
        self.assertIn(done.exit_code, INGESTED, done.err)
        path, document = self.report("empty.json", empty)
        self.assertEqual([None], self.findings(path))
        self.assertEqual([], document["components"])

    def test_every_device_and_module_is_in_it(self):
        _, document = self.report()
        listed = plant.run([plant.RACKSCOUT, "list", "assets", "--store", self.store,
                            "--format", "json", "--extended"])
        wanted = {asset["assetUuid"]: {add_on["addOnUuid"] for add_on in asset.get("addOns", [])}
                  for asset in json.loads(listed.out)["assets"]}
        found = {self.uuid(device): {self.uuid(part) for part in device.get("components", [])
                                     if part["type"] == "device"}
                 for device in document["components"]}
        self.assertEqual(wanted, found)

    @staticmethod
    def uuid(component):
        return component["bom-ref"].removeprefix("urn:uuid:")

    def test_the_same_store_gives_the_same_document(self):
        first, _ = self.report("first.json")
        second, _ = self.report("second.json")
        self.assertEqual(packages.read(first), packages.read(second))

    def test_the_validator_finds_what_is_wrong(self):
        _, document = self.report()
        nameless, unknown, twice = (copy.deepcopy(document) for _ in range(3))
        del nameless["components"][0]["name"]
        unknown["components"][0]["manufacturer"] = {"name": "of a later version"}
        twice["components"].append(twice["components"][0])
        paths = []
        for number, broken in enumerate((nameless, unknown, twice)):
            paths.append(os.path.join(self.folder, f"broken{number}.json"))
            with open(paths[-1], "w", encoding="utf-8") as file:
                json.dump(broken, file)
        for finding in self.findings(*paths):
            self.assertIsNotNone(finding)


if __name__ == "__main__":
    Reported.packages = packages.install(NPM, "npm-cyclonedx")
    if Reported.packages is None:
        plant.skip("npm, or its registry, is not there")
    plant.main()
