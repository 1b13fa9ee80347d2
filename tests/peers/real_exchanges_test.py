"""The probes against what real devices said: exchanges of public captures, byte for byte.

A peer plays a recorded answer; only what names our request in it (service id, nodes, transaction,
unit, session, context) is put in from our request. The captures lie beside the repository, in
../shared/data, or where RACKSCOUT_SHARED_DATA says; where they came from stands there, in
pcap/manifest.tsv and exchanges.md.
"""
import os
import re
import socket
import struct
import threading
import unittest

import capture
import frames
import plant

DATA = os.environ.get("RACKSCOUT_SHARED_DATA") or \
    os.path.join(os.path.dirname(plant.REPOSITORY), "shared", "data")


ADDRESS = "127.0.0.164"  # its last number is no FINS node of ours, which is 1


class Peer:
    """Answers each request with what `answer` makes of it; a request without one ends the talk."""

    def __init__(self, protocol, answer, over_tcp=True):
        self.protocol, self.answer, self.over_tcp = protocol, answer, over_tcp
        kind = socket.SOCK_STREAM if over_tcp else socket.SOCK_DGRAM
        self.socket = socket.socket(socket.AF_INET, kind)
        self.socket.bind((ADDRESS, 0))
        self.target = ADDRESS + ":%d" % self.socket.getsockname()[1]
        if over_tcp:
            self.socket.listen()
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        try:
            while True:
                self.serve_one()
        except OSError:
            pass  # closed

    def serve_one(self):
        if self.over_tcp:
            with self.socket.accept()[0] as connection:
                self.converse(connection)
        else:
            request, sender = self.socket.recvfrom(2048)
            self.socket.sendto(self.answer(request), sender)

    def converse(self, connection):
        received = b""
        while chunk := connection.recv(2048):
            ends, received = frames.split(self.protocol, received + chunk)[0], received + chunk
            for begin, end in zip([0, *ends], ends):
                answer = self.answer(received[begin:end])
                if answer is None:
                    return
                connection.sendall(answer)
            received = received[ends[-1]:] if ends else received

    def probed(self):
        try:
            return plant.rackscout("probe", "--protocol", self.protocol, self.target)
        finally:
            self.socket.close()


def recorded(file, number):
    """The payload of a packet, by its number in a capture."""
    return capture.read_pcap(os.path.join(DATA, "pcap", file))[number].payload


def written(title, number):
    """A frame of exchanges.md, by the title of its exchange and its number in the capture."""
    with open(os.path.join(DATA, "exchanges.md")) as file:
        section = next(part for part in file.read().split("\n### ") if title in part)
    return bytes.fromhex(re.search(rf"^frame {number} .*\n```\n([0-9a-f]+)$", section, re.M)[1])


# --- patching ---

def fins_for(request, answer):
    """To the node and unit that asked, with its service id."""
    return answer[:3] + request[6:9] + answer[6:9] + request[9:10] + answer[10:]


def fins_refusal(request):
    """What the captures do not hold: 0401, undefined command."""
    head = b"\xc0" + request[1:3] + request[6:9] + request[3:6] + request[9:12]
    return head + b"\x04\x01"


def in_fins_tcp(frame):
    return b"FINS" + struct.pack("!III", 8 + len(frame), 2, 0) + frame


def enip_for(request, answer):
    """With the session and the context of the request."""
    return answer[:4] + request[4:8] + answer[8:12] + request[12:20] + answer[20:]


def modbus_for(request, answer):
    return request[:2] + answer[2:6] + request[6:7] + answer[7:]


def modbus_exception(request, code):
    return request[:4] + b"\0\x03" + request[6:7] + bytes([request[7] | 0x80, code])


class Omron(unittest.TestCase):
    """A CP1L-EL20DR-D, asked by nmap (cisagov/icsnpp-omron-fins, omron_test.pcap)."""
    FILE = "icsnpp-omron-fins_omron_test.pcap"

    def over_tcp(self, request):
        if request[11] == frames.FINS_HANDSHAKE:
            return recorded(self.FILE, 7)
        if request[26:29] == b"\x05\x01\x00":
            answer = recorded(self.FILE, 9)
            return answer[:16] + fins_for(request[16:], answer[16:])
        return in_fins_tcp(fins_refusal(request[16:]))

    def over_udp(self, request):
        asks_cpu = request[10:13] == b"\x05\x01\x00"
        return fins_for(request, recorded(self.FILE, 18)) if asks_cpu else fins_refusal(request)

    def assert_is_the_cp1l(self, result):
        asset, = result.assets
        self.assertEqual("Omron", asset["hardware"]["vendor"])
        self.assertEqual("CP1L-EL20DR-D", asset["hardware"]["model"])
        self.assertEqual("1.00", asset["firmwareVersion"])
        self.assertEqual([], asset.get("addOns", []))

    def test_a_cp1l_is_read_over_tcp(self):
        result = Peer("fins", self.over_tcp).probed()
        self.assert_is_the_cp1l(result)
        asked = plant.frames(result.ledger, "sent")[1][16:]
        self.assertEqual(bytes([200, 251]), asked[4:5] + asked[7:8], "the nodes that were allotted")

    def test_a_cp1l_is_read_over_udp_where_tcp_is_refused(self):
        result = Peer("fins", self.over_udp, over_tcp=False).probed()
        self.assert_is_the_cp1l(result)

    def test_it_is_the_first_question_that_nmap_asked(self):
        """Ours differs from the recorded one in nodes and service id alone."""
        result = Peer("fins", self.over_tcp).probed()
        ours, theirs = plant.frames(result.ledger, "sent")[1], recorded(self.FILE, 8)
        self.assertEqual(theirs[:16] + theirs[26:], ours[:16] + ours[26:])


class ControlLogix(unittest.TestCase):
    ENBT = "iti_enip_test.pcap"  # ITI/ICS-Security-Tools: ListIdentity of a 1756-ENBT/A
    SESSION = "RegisterSession", 220
    BACKPLANE = "on class 0x66 inst 1 (backplane object), direct", 10
    SLOT_0 = "same rack: Unconnected_Send Identity slot 0", 13
    EMPTY = bytes.fromhex("d200 01 01 1203")  # as a real EN2T says it: 0312 link address

    def rr_data(self, request, message):
        head = struct.pack("<IHHIHH", 0, 0, 2, 0, 0xB2, len(message))
        return enip_for(request, b"\x6f\0" + struct.pack("<H", 16 + len(message)) + bytes(20)
                        + head + message)

    def own_identity(self):
        """The direct Identity was not recorded: the same fields stand in the ListIdentity."""
        listed = recorded(self.ENBT, 7)
        return bytes.fromhex("81000000") + listed[48:-1]

    def chassis(self, request):
        command, = struct.unpack_from("<H", request)
        if command == frames.LIST_IDENTITY:
            return enip_for(request, recorded(self.ENBT, 7))
        if command == frames.REGISTER:
            answer = written(*self.SESSION)
            return answer[:12] + request[12:20] + answer[20:]
        return self.through_session(request) if command == frames.SEND_RR_DATA else None

    def through_session(self, request):
        message = frames.cip_of(request)
        if message == bytes.fromhex("010220662401"):
            return enip_for(request, written(*self.BACKPLANE))
        if message == bytes.fromhex("010220012401"):
            return self.rr_data(request, self.own_identity())
        if message[-1] == 0:
            return enip_for(request, written(*self.SLOT_0))
        return self.rr_data(request, self.EMPTY)

    def alone(self, request):
        """No session: status 0001, unsupported."""
        if request[0] == frames.LIST_IDENTITY:
            return enip_for(request, recorded(self.ENBT, 7))
        return enip_for(request, request[:2] + bytes(6) + struct.pack("<I", 1) + bytes(12))

    def assert_is_the_enbt(self, module):
        self.assertEqual("1756-ENBT/A", module["hardware"]["model"])
        self.assertEqual("0x00524d8e", module["serialNumber"])
        self.assertEqual("4.3", module["firmwareVersion"])

    def test_a_1756_enbt_is_known_by_its_list_identity(self):
        result = Peer("enip", self.alone).probed()
        asset, = result.extended
        self.assertIn("Rockwell", asset["hardware"]["vendor"])
        self.assert_is_the_enbt(asset)

    def test_a_1756_a10_is_walked_and_its_l61_is_the_asset(self):
        result = Peer("enip", self.chassis).probed()
        asset, = result.extended
        self.assertEqual("1756-L61/B", asset["hardware"]["model"])
        self.assertEqual("1756-L61/B LOGIX5561", asset["hardware"]["productName"])
        self.assertEqual("0x006c061a", asset["serialNumber"])
        self.assertEqual("20.11", asset["firmwareVersion"])
        enbt, = asset["addOns"]
        self.assert_is_the_enbt(enbt)
        self.assertEqual("1", enbt["unitAddress"])
        slots = [frame[-1] for frame in plant.frames(result.ledger, "sent") if frame[40:41] == b"\x52"]
        self.assertEqual([0, 2, 3, 4, 5, 6, 7, 8, 9], slots, "each once, its own not at all")


class Modbus(unittest.TestCase):
    """A server on a loopback (cisagov/icsnpp-modbus, modbus_example.pcap)."""
    FILE = "icsnpp-modbus_modbus_example.pcap"
    BASIC, SERVER_ID = 94, 62

    def identification(self, request):
        if request[7:10] == b"\x2b\x0e\x01":
            return modbus_for(request, recorded(self.FILE, self.BASIC))
        return modbus_exception(request, 3)  # another code than the recorded one

    def server_id(self, request):
        if request[7:] == b"\x11":
            return modbus_for(request, recorded(self.FILE, self.SERVER_ID))
        return modbus_exception(request, 1)

    def test_the_recorded_identification_names_the_device(self):
        result = Peer("modbus", self.identification).probed()
        asset, = result.assets
        self.assertEqual("Zeek Modbus Test", asset["hardware"]["vendor"])
        self.assertEqual("Protocol Parsing is fun!", asset["hardware"]["model"])
        self.assertEqual("1.2.3.6", asset["firmwareVersion"])

    def test_the_recorded_server_id_is_kept(self):
        result = Peer("modbus", self.server_id).probed()
        asset, = result.extended
        details = {detail["name"]: detail["value"] for detail in asset["details"]}
        self.assertIn("Zeek Modbus Test-Protocol Parsing is fun!-1.2.3.6", details["serverId"])
        self.assertEqual("on", details["runIndicator"])


if __name__ == "__main__":
    if not os.path.isdir(DATA):
        plant.skip("the captures are not there (../shared/data)")
    plant.main()
