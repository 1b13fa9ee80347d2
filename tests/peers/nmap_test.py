"""nmap reads plantsim: what its scripts print agrees with the scene."""
import os
import shutil
import unittest
import xml.etree.ElementTree as xml

import plant

SCENE = """
[[host]]
name = "rack"
address = "127.0.0.11"

[host.fins]
cpu = "CJ2M-CPU33"
version = "02.01"
area = "000a172a1008000000000000"
units = [{address = 16, model = "CJ2M-EIP21", version = "V2.17"}]

[[host]]
name = "chassis"
address = "127.0.0.12"

[host.enip.identity]
vendor = 1
type = 0x0C
code = 166
major = 5
minor = 28
status = 0x0060
serial = 0x005EAE75
name = "1756-EN2T/B"

[[host]]
name = "meter"
address = "127.0.0.13"

[host.modbus]
server_id = "PM710PowerMeter"
objects = {0 = "Schneider Electric", 1 = "PM710", 2 = "v03.110"}
"""


def script_output(target, script, *options):
    """What an nmap script tells of a target, by its keys; a table in it as another dict."""
    address, _, port = target.partition(":")
    # With the +, the script runs though the port is not its own.
    result = plant.run(["nmap", "-n", "-Pn", "-p", port, "--script", f"+{script}", "-oX", "-",
                        *options, address])
    output = xml.fromstring(result.out).find(f".//script[@id='{script}']")
    if output is None:
        raise AssertionError(f"{script} tells nothing:\n{result.out}{result.err}")
    return fields(output)


def fields(element):
    found = {part.get("key"): part.text for part in element.findall("elem")}
    return found | {part.get("key"): fields(part) for part in element.findall("table")}


@unittest.skipUnless(shutil.which("nmap"), "nmap is not installed")
class Nmap(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.plant = plant.Plant(SCENE, "--free-ports").__enter__()
        cls.addClassCleanup(cls.plant.stop)

    def assert_is_the_rack(self, told):
        # The script reads up to the first NUL: where no NUL fills the model, the version follows.
        self.assertEqual(["CJ2M-CPU33", "02.01"], told["Controller Model"].split())
        self.assertEqual("02.01", told["Controller Version"].strip("\0 "))
        self.assertEqual("10", told["Program Area Size"])
        self.assertEqual("23", told["IOM size"])

    def test_omron_info_reads_the_rack_over_tcp(self):
        self.assert_is_the_rack(script_output(self.plant.target("rack", "fins"), "omron-info"))

    @unittest.skipUnless(os.geteuid() == 0, "nmap scans UDP only as root")
    def test_omron_info_reads_the_rack_over_udp(self):
        target = self.plant.target("rack", "fins")
        self.assert_is_the_rack(script_output(target, "omron-info", "-sU"))

    def assert_is_the_chassis(self, told):
        self.assertEqual("Communications Adapter (12)", told["type"])
        self.assertEqual("Rockwell Automation/Allen-Bradley (1)", told["vendor"])
        self.assertEqual("1756-EN2T/B", told["productName"])
        self.assertEqual("0x5eae75", told["serialNumber"].replace("0x00", "0x"))
        self.assertEqual("166", told["productCode"])
        self.assertEqual("5.28", told["revision"])
        self.assertEqual("0x0060", told["status"])

    def test_enip_info_reads_the_chassis_over_tcp(self):
        self.assert_is_the_chassis(script_output(self.plant.target("chassis", "enip"), "enip-info"))

    @unittest.skipUnless(os.geteuid() == 0, "nmap scans UDP only as root")
    def test_enip_info_reads_the_chassis_over_udp(self):
        target = self.plant.target("chassis", "enip")
        self.assert_is_the_chassis(script_output(target, "enip-info", "-sU"))

    def test_modbus_discover_reads_the_meter(self):
        told = script_output(self.plant.target("meter", "modbus"), "modbus-discover")["sid 0x1"]
        self.assertIn("PM710PowerMeter", told["Slave ID data"])
        self.assertEqual("Schneider Electric PM710 v03.110", told["Device identification"])


if __name__ == "__main__":
    plant.main()
