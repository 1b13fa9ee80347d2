"""The Modbus probe asks servers of other makers: pymodbus, modbus-serial, jsmodbus."""
import importlib.util
import json
import os
import unittest

import packages
import plant

NPM = os.path.join(plant.HERE, "npm")
DEVICE = {0: "Acme Controls", 1: "AC-4711", 2: "V3.14", 3: "https://acme.example",
          4: "Boiler controller", 5: "AC-4711-24R", 6: "Line 3"}


class Server:
    """A server in a process of its own; it prints its port."""

    def __init__(self, arguments, **options):
        self.process = plant.start(arguments, stdout=plant.subprocess.PIPE, **options)

    def __enter__(self):
        port = self.process.stdout.readline().strip()
        self.target = f"127.0.0.1:{port}"
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


def probe(server, *arguments):
    result = plant.rackscout("probe", "--protocol", "modbus", *arguments, server.target)
    result.sent = [frame[7:] for frame in plant.frames(result.ledger, "sent")]
    result.received = [frame[7:] for frame in plant.frames(result.ledger, "received")]
    return result


class Identified(unittest.TestCase):
    def assert_is_device(self, asset):
        self.assertEqual("Acme Controls", asset["hardware"]["vendor"])
        self.assertEqual("AC-4711-24R", asset["hardware"]["model"])
        self.assertEqual("Boiler controller", asset["hardware"]["productName"])
        self.assertEqual("V3.14", asset["firmwareVersion"])


@unittest.skipUnless(all(map(importlib.util.find_spec, ("pymodbus", "serial_asyncio"))),
                     "python3-pymodbus or python3-serial-asyncio is not installed")
class Pymodbus(Identified):
    def server(self, objects, *units):
        return Server([plant.sys.executable, os.path.join(plant.HERE, "pymodbus_server.py"),
                       json.dumps(objects), *map(str, units)])

    def test_names_itself_by_the_regular_objects(self):
        with self.server(DEVICE, 255) as server:
            result = probe(server)
        self.assertEqual(0, result.exit_code, result.err)
        self.assert_is_device(result.assets[0])
        self.assertEqual([bytes.fromhex("2b0e0200")], result.sent)

    def test_tells_in_pages_what_is_too_long_for_one_answer(self):
        long_names = {**DEVICE, 3: "u" * 150, 6: "a" * 150}
        with self.server(long_names, 255) as server:
            result = probe(server)
        self.assert_is_device(result.assets[0])
        self.assertGreater(len(result.sent), 1)
        self.assertEqual(bytes.fromhex("2b0e0200"), result.sent[0])
        for request, answer in zip(result.sent[1:], result.received):
            more_follows, next_object = answer[4], answer[5]
            self.assertEqual(0xFF, more_follows)
            self.assertEqual(b"\x2b\x0e\x02" + bytes([next_object]), request)
        self.assertEqual(0, result.received[-1][4])

    def test_has_no_unit_where_it_answers_0b(self):
        with self.server(DEVICE, 255, 1, 7) as server:
            result = probe(server, "--units", "1-8")
        self.assertEqual(0, result.exit_code, result.err)
        self.assert_is_device(result.assets[0])
        # The six that are not there, and the absurd one; each was asked once.
        self.assertEqual(7, result.received.count(bytes.fromhex("ab0b")))
        self.assertEqual(10, len(result.sent))
        # The two that are there say what the device itself says: they are it.
        self.assertEqual([], result.assets[0].get("addOns", []))


class Npm(Identified):
    @classmethod
    def setUpClass(cls):
        cls.folder = packages.install(NPM, "npm")
        if cls.folder is None:
            raise unittest.SkipTest("npm, or its registry, is not there")

    def server(self, kind, unit=255, objects=None):
        return Server(["node", os.path.join(NPM, "servers.js"), kind, str(unit),
                       json.dumps(objects or {})], env=packages.environment(self.folder))

    def test_modbus_serial_names_itself(self):
        with self.server("modbus-serial", objects=DEVICE) as server:
            result = probe(server)
        self.assertEqual(0, result.exit_code, result.err)
        self.assert_is_device(result.assets[0])

    def test_modbus_serial_is_one_device_though_it_answers_for_each_unit(self):
        with self.server("modbus-serial", objects=DEVICE) as server:
            result = probe(server, "--units", "1-20")
        self.assert_is_device(result.assets[0])
        self.assertEqual([], result.assets[0].get("addOns", []))
        self.assertIn("answers for every unit id alike", result.err)

    def test_modbus_serial_is_found_behind_its_silence_for_other_units(self):
        with self.server("modbus-serial", unit=1, objects=DEVICE) as server:
            result = probe(server)
        self.assert_is_device(result.assets[0])
        asked = [frame[6] for frame in plant.frames(result.ledger, "sent")]
        self.assertEqual([255] * 4 + [1], asked, "two functions, each with its one retry")

    def test_jsmodbus_knows_no_identification_and_that_is_an_answer(self):
        with self.server("jsmodbus") as server:
            result = probe(server)
        self.assertIn(bytes.fromhex("ab0e01"), result.received)
        self.assertNotIn("silent", result.err)
        self.assertNotIn("malformed", result.err)
        self.assertNotIn("distressed", result.err)
        self.assertIn("1 of 1 target answered", result.err)


if __name__ == "__main__":
    plant.main()
