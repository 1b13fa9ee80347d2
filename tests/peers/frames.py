"""FINS, EtherNet/IP and Modbus/TCP frames, read by the manuals and by nothing of the program.

What may be sent stands in `forbidden()`: FINS 0501 0502 0601 0701; EtherNet/IP 0063 0065 0066
006F; CIP services 01 and 0E on classes 01 and 66, 52 on class 06 with such a service inside and
a route of port 1 and a slot; Modbus 2B/0E and 11.
"""
import struct

PORTS = {9600: "fins", 44818: "enip", 502: "modbus"}

FINS_COMMANDS = {0x0501, 0x0502, 0x0601, 0x0701}
FINS_HANDSHAKE, FINS_NODES, FINS_SEND, FINS_ERROR = 0, 1, 2, 3
FINS_FULL = (0x20, 0x25)
FINS_UNWELCOME = (0x21, 0x22, 0x23)  # node connected, address not allowed, node out of range
FINS_BUSY = (0x0204, 0x2604)
LIST_IDENTITY, REGISTER, UNREGISTER, SEND_RR_DATA = 0x63, 0x65, 0x66, 0x6F
ENIP_OUT_OF_MEMORY = 2
GET_ALL, GET_SINGLE, UNCONNECTED_SEND = 0x01, 0x0E, 0x52
CONNECTION_MANAGER = 0x06
CIP_CLASSES = (0x01, 0x66)
MODBUS_BUSY = (0x06, 0x0A)


def split(protocol, stream):
    """(where each frame of a TCP stream ends, what is left)."""
    ends, at = [], 0
    while (size := frame_size(protocol, stream[at:])) and at + size <= len(stream):
        at += size
        ends.append(at)
    return ends, stream[at:]


def frame_size(protocol, stream):
    """None while it can't be told, or when this is no frame."""
    if protocol == "fins":
        whole = len(stream) >= 8 and stream[:4] == b"FINS"
        return 8 + struct.unpack_from("!I", stream, 4)[0] if whole else None
    if protocol == "enip":
        return 24 + struct.unpack_from("<H", stream, 2)[0] if len(stream) >= 4 else None
    whole = len(stream) >= 6 and stream[2:4] == b"\0\0"
    return 6 + struct.unpack_from("!H", stream, 4)[0] if whole else None


# --- what may be sent ---

def forbidden(protocol, over_tcp, frame):
    """Why it may not be sent; None when it may."""
    try:
        if protocol == "fins":
            return forbidden_fins_tcp(frame) if over_tcp else forbidden_fins(frame)
        return forbidden_enip(frame, over_tcp) if protocol == "enip" else forbidden_modbus(frame)
    except (struct.error, IndexError):
        return "it is cut off"


def forbidden_fins_tcp(frame):
    magic, length, command, error = struct.unpack_from("!4sIII", frame)
    if magic != b"FINS" or length != len(frame) - 8 or error != 0:
        return "no FINS/TCP header"
    if command == FINS_HANDSHAKE:
        return None if frame[16:] == bytes(4) else "it claims a node address"
    return forbidden_fins(frame[16:]) if command == FINS_SEND else f"FINS/TCP command {command}"


def forbidden_fins(frame):
    icf, network, node, command = frame[0], frame[3], frame[4], struct.unpack_from("!H", frame, 10)[0]
    if icf != 0x80 or network != 0 or node == 0xFF:
        return "no FINS command that one unit of the local network answers"
    return None if command in FINS_COMMANDS else f"FINS command {command:04X}"


def forbidden_enip(frame, over_tcp):
    command, length = struct.unpack_from("<HH", frame)
    if length != len(frame) - 24:
        return "no encapsulation header"
    if command not in (LIST_IDENTITY, REGISTER, UNREGISTER, SEND_RR_DATA):
        return f"EtherNet/IP command {command:04X}"
    if not over_tcp and command != LIST_IDENTITY:
        return f"EtherNet/IP command {command:04X} over UDP"
    return forbidden_cip(cip_of(frame), True) if command == SEND_RR_DATA else None


def cip_of(frame):
    """The CIP message of a SendRRData."""
    interface, _, items, address, kind, size = struct.unpack_from("<IHHIHH", frame, 24)
    message = frame[40:]
    if (interface, items, address, kind, size) != (0, 2, 0, 0xB2, len(message)):
        raise IndexError
    return message


def forbidden_cip(message, may_route):
    service, words = message[0], message[1]
    path, rest = message[2:2 + words * 2], message[2 + words * 2:]
    if len(path) < words * 2 or path[0] != 0x20 or path[2] != 0x24:
        return f"CIP path {path.hex()}"
    if service == UNCONNECTED_SEND and may_route and path[1] == CONNECTION_MANAGER:
        return forbidden_route(rest)
    if service not in (GET_ALL, GET_SINGLE) or path[1] not in CIP_CLASSES or rest:
        return f"CIP service {service:02X} on class {path[1]:02X}"
    return None


def forbidden_route(data):
    size, = struct.unpack_from("<H", data, 2)
    message, route = data[4:4 + size], data[4 + size + size % 2:]
    if len(route) != 4 or route[:3] != b"\x01\x00\x01":
        return f"CIP route {route.hex()}"
    return forbidden_cip(message, False)


def forbidden_modbus(frame):
    _, protocol, length = struct.unpack_from("!HHH", frame)
    pdu = frame[7:]
    if protocol != 0 or length != len(pdu) + 1:
        return "no Modbus/TCP header"
    is_read = pdu == b"\x11" or (len(pdu) == 4 and pdu[:2] == b"\x2b\x0e" and 1 <= pdu[2] <= 4)
    return None if is_read else f"Modbus function {pdu[:2].hex()}"


# --- what answers what ---

def awaits_answer(protocol, frame):
    return protocol != "enip" or struct.unpack_from("<H", frame)[0] != UNREGISTER


def may_be_unknown(protocol, frame):
    """Modbus 2B/0E: no answer means that the device does not support it."""
    return protocol == "modbus" and frame[7:9] == b"\x2b\x0e"


def may_be_repeated(protocol, over_tcp, frame):
    """What opens a session is sent once."""
    if protocol == "fins" and over_tcp:
        return frame[11] != FINS_HANDSHAKE
    return protocol != "enip" or frame[0] != REGISTER


def answers(protocol, over_tcp, request, frame):
    if protocol == "modbus":
        return len(frame) >= 8 and frame[:2] == request[:2] and frame[6] == request[6] and \
            frame[7] & 0x7F == request[7]
    if protocol == "enip":
        return answers_enip(request, frame)
    if over_tcp:
        return answers_fins_tcp(request, frame)
    return answers_fins(request, frame)


def answers_enip(request, frame):
    """By its command and sender context; a list over UDP carries a delay there."""
    lists = request[0] == LIST_IDENTITY
    return len(frame) >= 24 and frame[:2] == request[:2] and (lists or frame[12:20] == request[12:20])


def answers_fins_tcp(request, frame):
    if len(frame) < 16:
        return False
    if frame[11] == FINS_ERROR:
        return True
    if request[11] == FINS_HANDSHAKE:
        return frame[11] == 1
    return frame[11] == FINS_SEND and answers_fins(request[16:], frame[16:])


def answers_fins(request, frame):
    return len(frame) >= 14 and bool(frame[0] & 0x40) and frame[9:12] == request[9:12]


def distress(protocol, over_tcp, frame):
    """(what it shows, how often that must come), or None. `frame` is an answer."""
    if protocol == "modbus":
        code = frame[8] if frame[7] & 0x80 and len(frame) > 8 else 0
        return (f"exception {code:02X}", 2) if code in MODBUS_BUSY else None
    if protocol == "enip":
        status, = struct.unpack_from("<I", frame, 8)
        return ("encapsulation 0002", 1) if status == ENIP_OUT_OF_MEMORY else None
    return distress_fins(frame, over_tcp)


def distress_fins(frame, over_tcp):
    if over_tcp and frame[11] != FINS_SEND:
        if frame[11] == FINS_NODES and frame[15] in FINS_UNWELCOME:
            return ("FINS/TCP takes no connection of ours", 1)
        full = frame[11] == FINS_ERROR and frame[15] in FINS_FULL
        return ("FINS/TCP is full", 1) if full else None
    fins = frame[16:] if over_tcp else frame
    code = (fins[12] & 0x7F) << 8 | fins[13] & 0x3F
    return ("FINS is busy", 2) if code in FINS_BUSY else None


def refuses(protocol, over_tcp, frame):
    """A handshake's answer that is a refusal: the connection never worked."""
    return protocol == "fins" and over_tcp and frame[11] != FINS_SEND and frame[12:16] != bytes(4)
