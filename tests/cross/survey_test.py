"""A survey of the simulated plant by the programs of one architecture: by the dynamic rackscout, and
by rackscout-portable alone in a folder, with no library, no /proc, no /dev, nothing but itself.

    /usr/bin/python3 survey_test.py build/ARCHITECTURE/rackscout-portable build/ARCHITECTURE/plantsim

Programs of another architecture run if the kernel has an emulator for them (cross/binfmt.sh).
"""
import json
import os
import re
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "peers"))

import netspace  # noqa: E402
import plant  # noqa: E402

DYNAMIC = os.path.join(os.path.dirname(plant.RACKSCOUT), "rackscout")
SCENE = os.path.join(plant.REPOSITORY, "tests", "plant", "scenes", "demo.toml")
SAMPLE = os.path.join(plant.REPOSITORY, "tests", "sample")
RESOLVER = "127.10.1.53"
DONE_WITH_FAILURES = 3  # the sample holds a broken file, the scene an overloaded controller
NUMBERS = {"assetId", "assetModuleId", "addOnId", "projectAssetId", "sensorId"}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[\d.]*Z")
ENVIRONMENT = {name: value for name, value in os.environ.items()
               if name in ("QEMU_LD_PREFIX", "RACKSCOUT_WALL")}


class NameServer:
    """Answers every question for an A record of one name; any other name is not there."""

    def __init__(self, name, address):
        labels = name.split(".") + [""]
        self.name = b"".join(bytes([len(label)]) + label.encode() for label in labels)
        self.address = socket.inet_aton(address)
        self.asked = 0
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((RESOLVER, 53))
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            question, peer = self.socket.recvfrom(512)
            self.asked += 1
            self.socket.sendto(self.answer(question), peer)

    def answer(self, question):
        end = question.index(b"\0", 12) + 5
        known = question[12:].startswith(self.name)
        is_a = known and struct.unpack_from("!H", question, end - 4)[0] == 1
        flags = 0x8580 if known else 0x8583
        head = question[:2] + struct.pack("!HHHHH", flags, 1, int(is_a), 0, 0)
        record = struct.pack("!HHHIH", 0xC00C, 1, 1, 60, 4) + self.address if is_a else b""
        return head + question[12:end] + record


class Cell:
    """A folder that a program has for its root."""

    def __init__(self, **files):
        self.folder = tempfile.mkdtemp(prefix="rackscout-cell-")
        shutil.copy(plant.RACKSCOUT, os.path.join(self.folder, "rackscout"))
        for path, text in files.items():
            path = os.path.join(self.folder, path)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="ascii") as file:
                file.write(text)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder)

    def put(self, folder):
        shutil.copytree(folder, os.path.join(self.folder, os.path.basename(folder)))

    def run(self, *arguments):
        # The emulator's prefix would be one of the cell's own folders.
        environment = {name: value for name, value in ENVIRONMENT.items() if name != "QEMU_LD_PREFIX"}
        return plant.run(["/usr/sbin/chroot", self.folder, "/rackscout", *arguments], env=environment)


def surveyed(rackscout, store, projects):
    """The assets that a survey of everything finds, as the list has them."""
    run = rackscout("survey", "--store", store, "--site", "S", "--area", "A", "--projects", projects,
                    "--yes", "127.10.0.1-20")
    if run.exit_code != DONE_WITH_FAILURES:
        raise AssertionError(f"exit status {run.exit_code}: {run.err}")
    listed = rackscout("list", "assets", "--store", store, "--format", "json", "--extended")
    text = listed.out.replace(projects, "PROJECTS")
    assets = [timeless(asset) for asset in json.loads(text)["assets"]]
    return sorted(assets, key=lambda asset: json.dumps(asset, sort_keys=True))


def models_of(assets):
    return [asset["hardware"].get("model") for asset in assets]


def timeless(value):
    """Without what differs between two walks: times, identities drawn by lot, and numbers that are
    given in the order of the answers."""
    if isinstance(value, dict):
        return {name: timeless(item) for name, item in value.items()
                if not name.endswith("Uuid") and name not in NUMBERS}
    if isinstance(value, list):
        return [timeless(item) for item in value]
    return TIME.sub("TIME", value) if isinstance(value, str) else value


class Portable(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        with open(SCENE, encoding="utf-8") as file:
            cls.plant = plant.Plant(file.read())
        cls.plant.__enter__()
        cls.addClassCleanup(cls.plant.stop)

    def test_it_asks_for_no_library_and_no_loader(self):
        read = subprocess.run(["readelf", "-ld", plant.RACKSCOUT], capture_output=True, text=True, check=True)
        self.assertNotIn("NEEDED", read.stdout)
        self.assertNotIn("interpreter", read.stdout)

    def test_a_survey_in_an_empty_folder_finds_what_the_dynamic_program_finds(self):
        with tempfile.TemporaryDirectory() as folder:
            dynamic = surveyed(lambda *arguments: plant.run([DYNAMIC, *arguments], env=ENVIRONMENT),
                               os.path.join(folder, "store.db"), SAMPLE)
        with Cell() as cell:
            cell.put(SAMPLE)
            alone = surveyed(cell.run, "/store.db", "/sample")
        print(f"{len(dynamic)} assets; ", end="", file=sys.stderr)
        self.assertEqual(dynamic, alone)
        sources = {asset["inventory"]["source"] for asset in dynamic}
        self.assertEqual(sources, {"Project File", "Active Probe"})
        self.assertIn("CJ2M-CPU33", models_of(dynamic))

    def found_by_name(self, name, **files):
        with Cell(**files) as cell:
            run = cell.run("probe", "--store", "/store.db", "--format", "json", "--yes",
                           "--protocol", "fins", name)
        self.assertEqual(run.exit_code, 0, run.err)
        return models_of(json.loads(run.out)["assets"])

    def test_a_name_of_etc_hosts_resolves(self):
        models = self.found_by_name("press", **{"etc/hosts": "127.10.0.1 press\n"})
        self.assertEqual(models, ["CJ2M-CPU33"])

    def test_a_name_is_asked_of_the_name_server(self):
        server = NameServer("press.plant.example", "127.10.0.1")
        models = self.found_by_name("press.plant.example",
                                    **{"etc/resolv.conf": f"nameserver {RESOLVER}\n"})
        self.assertEqual(models, ["CJ2M-CPU33"])
        self.assertGreater(server.asked, 0)

    def test_the_gateways_own_name_services_are_not_loaded(self):
        models = self.found_by_name("press", **{
            "etc/hosts": "127.10.0.1 press\n", "etc/nsswitch.conf": "hosts: mdns4_minimal resolve\n"})
        self.assertEqual(models, ["CJ2M-CPU33"])

    def test_an_unknown_name_is_an_error_that_names_it(self):
        with Cell() as cell:
            run = cell.run("probe", "--store", "/store.db", "--yes", "nowhere.example")
        self.assertNotEqual(run.exit_code, 0)
        self.assertIn("nowhere.example", run.err)


if __name__ == "__main__":
    reason = netspace.enter()
    if reason:
        plant.skip(reason)
    plant.main(300)
