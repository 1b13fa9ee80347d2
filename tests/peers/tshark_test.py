"""tshark decodes every frame that we send, and finds none of them malformed."""
import os
import shutil
import tempfile
import unittest

import capture
import netspace
import plant

SCENE = os.path.join(plant.REPOSITORY, "tests", "plant", "scenes", "demo.toml")
# An ICMP message carries the packet that it is about.
OURS = "ip.src == 127.0.0.1 && !icmp && (tcp.len > 0 || udp)"
# A protocol of the ledger, what tshark calls it, and the field that each of its frames has.
DISSECTORS = {
    "FINS/TCP": ("tcp", "omron.tcp.command"), "FINS/UDP": ("udp", "omron.command"),
    "EtherNet/IP": ("tcp", "enip.command"), "EtherNet/IP over UDP": ("udp", "enip.command"),
    "Modbus/TCP": ("tcp", "mbtcp.trans_id"),
}


def tshark(path, condition, *fields):
    """The fields of the packets that fit, a list each."""
    arguments = ["tshark", "-n", "-r", path, "-Y", condition, "-T", "fields"]
    for field in fields:
        arguments += ["-e", field]
    result = plant.run(arguments)
    if result.exit_code != 0:
        raise AssertionError(result.err)
    return [line.split("\t") for line in result.out.splitlines()]


def has_no_parameter(payload):
    """FINS 0501 without its parameter, as bus units want it (W420, CONTROLLER DATA READ): the
    dissector reads one all the same, and calls the frame malformed."""
    return payload.endswith("0501") and len(payload[-24:]) == 24 and payload[-24:-20] == "8000"


class Survey(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="rackscout-peer-")
        cls.addClassCleanup(folder.cleanup)
        cls.path = os.path.join(folder.name, "survey.pcap")
        with open(SCENE) as file, plant.Plant(file.read()) as simulated, \
                capture.Capture() as captured:
            cls.survey = plant.rackscout("survey", "--units", "1-8", *simulated.addresses())
        captured.write(cls.path)
        cls.dropped = captured.dropped

    def sent(self, protocol):
        return [e for e in self.survey.ledger if e["event"] == "sent" and e["protocol"] == protocol]

    def test_the_survey_spoke_all_protocols(self):
        self.assertEqual(0, self.dropped)
        for protocol in DISSECTORS:
            self.assertTrue(self.sent(protocol), protocol)

    def test_no_frame_of_ours_is_malformed_or_odd(self):
        found = tshark(self.path, f"{OURS} && (_ws.malformed || _ws.expert.severity >= 6291456)",
                       "tcp.payload", "udp.payload", "_ws.expert.message")
        odd = [row for row in found if not has_no_parameter("".join(row[:2]))]
        self.assertEqual([], odd)

    def test_each_frame_of_the_ledger_was_dissected(self):
        for protocol, (transport, field) in DISSECTORS.items():
            port = {"F": 9600, "E": 44818, "M": 502}[protocol[0]]
            rows = tshark(self.path, f"{OURS} && {transport}.dstport == {port} && {field}",
                          field, f"{transport}.payload" if transport == "tcp" else "udp.payload")
            self.assertEqual(len(self.sent(protocol)), len(rows), protocol)
            self.assertEqual(sorted(e["bytes"].hex() for e in self.sent(protocol)),
                             sorted(row[1] for row in rows), protocol)

    def test_what_we_ask_is_what_tshark_reads(self):
        """The functions, by the names that the dissectors have for them."""
        commands = {row[0] for row in tshark(self.path, f"{OURS} && omron.command", "omron.command")}
        self.assertEqual({0x0501, 0x0502}, {int(command, 16) for command in commands})
        services = {row[0] for row in tshark(self.path, f"{OURS} && cip.sc", "cip.sc")}
        self.assertEqual({"0x01", "0x52,0x01"}, services)
        modbus = {tuple(row) for row in tshark(self.path, f"{OURS} && modbus", "modbus.func_code",
                                               "modbus.mei", "modbus.read_device_id")}
        self.assertLessEqual(modbus, {("43", "14", "2"), ("43", "14", "1"), ("17", "", "")})


if __name__ == "__main__":
    if not shutil.which("tshark"):
        plant.skip("tshark is not installed")
    unfit = netspace.enter()
    if unfit:
        plant.skip(unfit)
    plant.main()
