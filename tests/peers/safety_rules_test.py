"""The rules of the safety proof can fail: each finds its violation in a made-up capture."""
import unittest

import capture
import frames
import plant
import safety_rules
import traffic

OWN, PLC, OTHER = "127.0.0.1", "127.0.9.1", "127.0.9.2"
ANSWERED = 0.001

MODBUS = bytes.fromhex("0001 0000 0005 ff 2b0e0200")
MODBUS_ANSWER = bytes.fromhex("0001 0000 000b ff 2b0e028200000100 0141")
SERVER_ID = bytes.fromhex("0002 0000 0002 ff 11")
SERVER_ID_ANSWER = bytes.fromhex("0002 0000 0003 ff 91 01")
HANDSHAKE = b"FINS" + bytes.fromhex("0000000c 00000000 00000000 00000000")
HANDSHAKE_ANSWER = b"FINS" + bytes.fromhex("00000010 00000001 00000000 000000fb 000000c8")
CPU_DATA = bytes.fromhex("800002 00c800 00fb00 01 0501 00")
CPU_DATA_ANSWER = bytes.fromhex("c00002 00fb00 00c800 01 0501 0000") + bytes(40)
LIST_IDENTITY = bytes.fromhex("6300 0000") + bytes(20)
REGISTER = bytes.fromhex("6500 0400") + bytes(20) + bytes.fromhex("01000000")
UNREGISTER = bytes.fromhex("6600 0000 01000000") + bytes(16)


def in_fins_tcp(frame):
    return b"FINS" + (8 + len(frame)).to_bytes(4, "big") + bytes.fromhex("00000002 00000000") + frame


def rr_data(message):
    head = bytes.fromhex("00000000 0000 0200 00000000 b200") + len(message).to_bytes(2, "little")
    size = (len(head) + len(message)).to_bytes(2, "little")
    return b"\x6f\0" + size + bytes(20) + head + message


def through_slot(message, route=bytes.fromhex("0100 0103")):
    head = bytes.fromhex("52 02 2006 2401 05 20") + len(message).to_bytes(2, "little")
    return rr_data(head + message + bytes(len(message) % 2) + route)


GET_IDENTITY = bytes.fromhex("01 02 2001 2401")


class Wire:
    """Writes a capture, and the ledger that belongs to it, a step after the other."""

    def __init__(self):
        self.now = 1000.0
        self.packets = []
        self.ledger = []
        self.own_port = 40000
        self.sequences = {}

    def wait(self, seconds):
        self.now += seconds
        return self

    def note(self, target, port, event, data=b"", protocol=None):
        self.ledger.append({"time": self.now, "target": f"{target}:{port}", "event": event,
                            "protocol": protocol or "Modbus/TCP", "bytes": data})

    def packet(self, ours, target, port, flags=0, data=b"", protocol=capture.TCP, own_port=None):
        own_port = own_port or self.own_port
        ends = [(OWN, own_port), (target, port)]
        (source, source_port), (destination, destination_port) = ends if ours else ends[::-1]
        key = target, port, own_port, ours
        sequence = self.sequences.get(key, 0)
        self.packets.append(capture.Packet(self.now, protocol, source, destination, source_port,
                                           destination_port, data, flags, sequence))
        self.sequences[key] = sequence + len(data) + bool(flags & (capture.SYN | capture.FIN))

    def connect(self, target=PLC, port=502):
        self.own_port += 1
        self.place = target, port, self.own_port
        self.note(target, port, "connect")
        self.packet(True, target, port, capture.SYN)
        self.packet(False, target, port, capture.SYN | capture.ACK)
        self.note(target, port, "connected")
        return self

    def segment(self, ours, data=b"", flags=capture.ACK, in_ledger=True):
        target, port, own_port = self.place
        self.packet(ours, target, port, flags, data, own_port=own_port)
        if data and in_ledger:
            self.note(target, port, "sent" if ours else "received", data)
        return self

    def ask(self, request, answer=None, then=0.1):
        self.segment(True, request)
        if answer:
            self.wait(ANSWERED).segment(False, answer)
        return self.wait(then)

    def close(self, ours=capture.FIN, theirs=capture.FIN):
        if ours:
            self.segment(True, flags=ours | capture.ACK)
        if theirs:
            self.segment(False, flags=theirs | capture.ACK)
        self.note(*self.place[:2], "closed")
        return self.wait(0.1)

    def datagram(self, ours, data, target=PLC, port=9600, in_ledger=True):
        self.packet(ours, target, port, data=data, protocol=capture.UDP)
        if in_ledger:
            if ours:
                self.note(target, port, "connect", protocol="FINS/UDP")
            self.note(target, port, "sent" if ours else "received", data, "FINS/UDP")
        return self.wait(ANSWERED)

    def traffic(self):
        return traffic.Traffic(self.packets, OWN)

    def violations(self, excluded=(), told=()):
        found = safety_rules.all_violations(self.traffic(), self.ledger, excluded, told)
        return {rule: lines for rule, lines in found.items() if lines}


def polite():
    return Wire().connect().ask(MODBUS, MODBUS_ANSWER).ask(SERVER_ID, SERVER_ID_ANSWER).close()


class Rules(unittest.TestCase):
    def assert_breaks(self, rule, wire, **options):
        self.assertEqual([rule], list(wire.violations(**options)), wire.violations(**options))

    def test_a_polite_survey_breaks_none(self):
        wire = polite().connect(PLC, 9600).ask(HANDSHAKE, HANDSHAKE_ANSWER)
        wire.ask(in_fins_tcp(CPU_DATA), in_fins_tcp(CPU_DATA_ANSWER)).close()
        wire.datagram(True, CPU_DATA, OTHER).datagram(False, CPU_DATA_ANSWER, OTHER).wait(0.1)
        wire.connect(OTHER).ask(MODBUS, MODBUS_ANSWER).close()
        self.assertEqual({}, wire.violations(excluded=["127.0.9.3"]))

    # --- what is sent ---

    def test_a_write_is_found(self):
        write = bytes.fromhex("0003 0000 0006 ff 06 0001 0001")
        self.assert_breaks("only_listed_requests", polite().connect().ask(write).close())

    def test_half_a_frame_is_found(self):
        self.assert_breaks("only_listed_requests", polite().connect().ask(MODBUS[:5]).close())

    def test_a_packet_to_an_excluded_address_is_found(self):
        wire = polite()
        wire.packet(True, OTHER, 502, capture.SYN)
        wire.note(OTHER, 502, "connect")
        self.assert_breaks("excluded_are_untouched", wire, excluded=[OTHER])

    # --- how much at a time ---

    def test_a_second_connection_is_found_on_another_port_too(self):
        wire = Wire().connect().ask(MODBUS, MODBUS_ANSWER)
        first = wire.place
        wire.connect(PLC, 9600).ask(HANDSHAKE, HANDSHAKE_ANSWER).close()
        wire.place = first
        self.assert_breaks("one_connection_per_target", wire.close())

    def test_a_connection_just_closed_by_us_may_be_followed(self):
        wire = polite()
        wire.connect().ask(MODBUS, MODBUS_ANSWER).close(theirs=0)
        wire.wait(0.5).connect(PLC, 9600).close()
        self.assertEqual({}, wire.violations())

    def test_a_second_request_before_the_answer_is_found(self):
        wire = Wire().connect().ask(MODBUS, then=0.2).ask(SERVER_ID, SERVER_ID_ANSWER)
        self.assert_breaks("one_request_per_target", wire.close())

    def test_an_answer_to_another_request_is_none(self):
        wire = Wire().connect().ask(MODBUS, SERVER_ID_ANSWER).ask(SERVER_ID, SERVER_ID_ANSWER)
        self.assert_breaks("one_request_per_target", wire.close())

    def test_a_request_lapses_at_its_deadline(self):
        wire = Wire().connect().ask(MODBUS, then=1.5).ask(MODBUS, MODBUS_ANSWER).close()
        self.assertEqual({}, wire.violations())

    def test_a_retry_before_the_deadline_is_found(self):
        wire = Wire().connect().ask(MODBUS, then=1.4).ask(MODBUS, MODBUS_ANSWER).close()
        self.assert_breaks("one_request_per_target", wire)

    def test_only_the_first_datagrams_lapse_after_a_second(self):
        wire = Wire().datagram(True, CPU_DATA).wait(1.0).datagram(True, CPU_DATA)
        wire.datagram(False, CPU_DATA_ANSWER).wait(0.1)
        self.assertEqual({}, wire.violations())
        wire.datagram(True, CPU_DATA).wait(1.0).datagram(True, CPU_DATA)
        self.assert_breaks("one_request_per_target", wire)

    def test_a_gap_too_short_is_found(self):
        wire = Wire().connect().ask(MODBUS, MODBUS_ANSWER, then=0.09)
        self.assert_breaks("gap_is_kept", wire.ask(SERVER_ID, SERVER_ID_ANSWER).close())

    def test_a_gap_too_short_between_two_protocols_is_found(self):
        wire = Wire().connect().ask(MODBUS, MODBUS_ANSWER, then=0.01).close()
        wire.wait(-0.1).connect(PLC, 9600).ask(HANDSHAKE, HANDSHAKE_ANSWER).close()
        self.assert_breaks("gap_is_kept", wire)

    # --- how it ends ---

    def test_a_connection_left_open_is_found(self):
        self.assert_breaks("connections_end_by_fin", Wire().connect().ask(MODBUS, MODBUS_ANSWER))

    def test_an_rst_of_ours_is_found(self):
        wire = Wire().connect().ask(MODBUS, MODBUS_ANSWER).close(ours=capture.RST, theirs=0)
        self.assert_breaks("connections_end_by_fin", wire)

    def test_an_rst_of_ours_behind_our_fin_is_found(self):
        wire = Wire().connect().ask(MODBUS, MODBUS_ANSWER).close(theirs=0)
        self.assert_breaks("connections_end_by_fin", wire.segment(True, flags=capture.RST))

    def test_a_device_that_goes_on_talking_gets_its_rst(self):
        wire = Wire().connect().ask(MODBUS, MODBUS_ANSWER).close(theirs=0).wait(0.5)
        wire.segment(False, MODBUS_ANSWER, in_ledger=False).segment(True, flags=capture.RST)
        self.assertEqual({}, wire.violations())

    def test_their_rst_is_no_fault_of_ours(self):
        wire = Wire().connect().ask(MODBUS).close(ours=0, theirs=capture.RST)
        self.assertEqual({}, wire.violations())

    # --- when a target is left alone ---

    def test_a_request_after_it_ended_the_connection_is_found(self):
        wire = Wire().connect().ask(MODBUS, MODBUS_ANSWER).ask(SERVER_ID).close(0, capture.RST)
        self.assertEqual({}, wire.violations(told=[PLC]))
        self.assert_breaks("summary_agrees", wire)
        wire.connect(PLC, 9600).close()
        self.assert_breaks("nothing_after_the_breaker", wire, told=[PLC])

    def test_who_hangs_up_between_two_requests_may_be_left_alone(self):
        wire = Wire().connect().ask(MODBUS, MODBUS_ANSWER).close(0, capture.RST)
        self.assertEqual({}, wire.violations(told=[PLC]))

    def test_a_request_after_two_busy_answers_is_found(self):
        busy = bytes.fromhex("0001 0000 0003 ff ab 06")
        wire = Wire().connect().ask(MODBUS, busy).ask(MODBUS, busy)
        wire.ask(SERVER_ID, SERVER_ID_ANSWER).close()
        self.assert_breaks("nothing_after_the_breaker", wire, told=[PLC])

    def test_a_request_after_an_encapsulation_without_memory_is_found(self):
        full = bytes.fromhex("6300 0000 00000000 02000000") + bytes(12)
        wire = Wire().connect(PLC, 44818).ask(LIST_IDENTITY, full).ask(REGISTER).close()
        self.assert_breaks("nothing_after_the_breaker", wire, told=[PLC])

    def test_a_request_after_three_silences_is_found(self):
        wire = Wire().connect()
        for _ in range(4):
            wire.ask(MODBUS, then=1.5).ask(MODBUS, then=1.5)
            wire.ask(SERVER_ID, then=1.5).ask(SERVER_ID, then=1.5)
        self.assert_breaks("nothing_after_the_breaker", wire.close(), told=[PLC])

    def test_silences_of_parts_count_only_when_the_rest_is_silent_too(self):
        wire = Wire().connect().ask(MODBUS, MODBUS_ANSWER)
        for unit in range(1, 6):
            part = MODBUS[:6] + bytes([unit]) + MODBUS[7:]
            wire.ask(part, then=1.5).ask(part, then=1.5).ask(MODBUS, MODBUS_ANSWER)
        self.assertEqual({}, wire.close().violations())

    def test_a_breaker_that_the_capture_does_not_show_is_found(self):
        self.assert_breaks("summary_agrees", polite(), told=[PLC])

    # --- the ledger ---

    def test_a_frame_that_the_ledger_lacks_is_found(self):
        for event in ("sent", "received"):
            wire = polite()
            wire.ledger.remove(next(e for e in wire.ledger if e["event"] == event))
            self.assert_breaks("ledger_is_complete", wire)

    def test_a_frame_that_only_the_ledger_has_is_found(self):
        wire = polite()
        wire.note(PLC, 502, "sent", MODBUS)
        self.assert_breaks("ledger_is_complete", wire)

    def test_another_order_in_the_ledger_is_found(self):
        wire = polite()
        wire.ledger[2], wire.ledger[3] = wire.ledger[3], wire.ledger[2]
        self.assert_breaks("ledger_is_complete", wire)

    def test_a_connection_that_the_ledger_lacks_is_found(self):
        wire = polite().connect(OTHER).close()
        wire.ledger = [entry for entry in wire.ledger if not entry["target"].startswith(OTHER)]
        self.assert_breaks("ledger_is_complete", wire)

    def test_a_late_answer_may_be_read_late(self):
        wire = Wire().connect().ask(MODBUS, then=1.5).ask(MODBUS, MODBUS_ANSWER, then=0)
        wire.segment(False, MODBUS_ANSWER, in_ledger=False).wait(0.1).segment(True, SERVER_ID)
        wire.note(PLC, 502, "received", MODBUS_ANSWER)
        wire.wait(ANSWERED).segment(False, SERVER_ID_ANSWER).wait(0.1).close()
        self.assertEqual({}, wire.violations())

    def test_a_datagram_to_a_port_of_nobody_need_not_be_in_the_ledger(self):
        wire = Wire().datagram(True, CPU_DATA)
        wire.packet(False, PLC, 9600, data=CPU_DATA_ANSWER, protocol=capture.UDP, own_port=9600)
        self.assertEqual({}, wire.violations())

    def test_what_came_before_our_fin_must_be_in_the_ledger(self):
        wire = Wire().connect().ask(MODBUS, MODBUS_ANSWER)
        wire.segment(False, b"more", in_ledger=False)
        self.assert_breaks("ledger_is_complete", wire.close())

    def test_what_came_after_our_fin_need_not_be(self):
        wire = Wire().connect().ask(MODBUS, MODBUS_ANSWER).segment(True, flags=capture.FIN)
        wire.wait(0.01).segment(False, b"more", in_ledger=False).segment(False, flags=capture.FIN)
        self.assertEqual({}, wire.violations())

    def test_a_datagram_that_the_ledger_lacks_is_found(self):
        for ours in (True, False):
            wire = Wire().datagram(True, CPU_DATA, in_ledger=not ours)
            wire.datagram(False, CPU_DATA_ANSWER, in_ledger=ours and False)
            self.assert_breaks("ledger_is_complete", wire)


class Frames(unittest.TestCase):
    ALLOWED = (
        ("fins", True, HANDSHAKE), ("fins", True, in_fins_tcp(CPU_DATA)), ("fins", False, CPU_DATA),
        ("enip", True, LIST_IDENTITY), ("enip", False, LIST_IDENTITY), ("enip", True, REGISTER),
        ("enip", True, UNREGISTER), ("enip", True, rr_data(GET_IDENTITY)),
        ("enip", True, through_slot(GET_IDENTITY)), ("modbus", True, MODBUS),
        ("modbus", True, SERVER_ID),
    )
    FORBIDDEN = (
        ("fins", False, CPU_DATA[:10] + b"\x04\x01"),  # RUN
        ("fins", False, CPU_DATA[:10] + b"\x07\x02"),  # the clock, to be set
        ("fins", False, CPU_DATA[:4] + b"\xff" + CPU_DATA[5:]),  # a broadcast
        ("fins", False, CPU_DATA[:3] + b"\x02" + CPU_DATA[4:]),  # another network
        ("fins", True, in_fins_tcp(CPU_DATA[:10] + b"\x01\x02")),
        ("fins", True, HANDSHAKE[:-1] + b"\x05"),  # a node address that may be another's
        ("enip", True, bytes.fromhex("0400 0000") + bytes(20)),  # ListServices
        ("enip", False, REGISTER),
        ("enip", True, rr_data(bytes.fromhex("05 02 2001 2401"))),  # Reset
        ("enip", True, rr_data(bytes.fromhex("01 02 2002 2401"))),  # Message Router
        ("enip", True, rr_data(bytes.fromhex("54 02 2006 2401"))),  # Forward_Open
        ("enip", True, through_slot(bytes.fromhex("05 02 2001 2401"))),
        ("enip", True, through_slot(GET_IDENTITY, bytes.fromhex("0200 01030201"))),  # a hop
        ("enip", True, through_slot(GET_IDENTITY, bytes.fromhex("0100 0203"))),
        ("enip", True, through_slot(bytes.fromhex("52 02 2006 2401 0520 0600 010220012401 0100 0103"))),
        ("modbus", True, MODBUS[:7] + b"\x03\x00\x00\x01"),
        ("modbus", True, MODBUS[:7] + b"\x2b\x0d\x01\x00"),
        ("modbus", True, MODBUS[:7]),
    )

    def test_what_identifies_may_be_sent(self):
        for protocol, over_tcp, frame in self.ALLOWED:
            self.assertIsNone(frames.forbidden(protocol, over_tcp, frame), frame.hex())

    def test_all_else_may_not(self):
        for protocol, over_tcp, frame in self.FORBIDDEN:
            self.assertIsNotNone(frames.forbidden(protocol, over_tcp, frame), frame.hex())


if __name__ == "__main__":
    plant.main()
