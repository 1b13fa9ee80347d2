"""Packets as they were on the wire: captured on an interface, or read from a file."""
import dataclasses
import socket
import struct
import threading

ETH_P_ALL = 3
ETHERNET_HEADER = 14
IPV4 = b"\x08\x00"
PACKET_OUTGOING = 4
PACKET_STATISTICS = 6
SOL_PACKET = 263
SO_RCVBUFFORCE = 33
SO_TIMESTAMPNS = 35
BUFFER = 64 << 20
LARGEST = 1 << 17

PCAP_HEADER = struct.Struct("=IHHiIII")
PCAP_MICROSECONDS, PCAP_NANOSECONDS = 0xA1B2C3D4, 0xA1B23C4D
LINK_ETHERNET = 1

FIN, SYN, RST, ACK = 0x01, 0x02, 0x04, 0x10
TCP, UDP = 6, 17


@dataclasses.dataclass
class Packet:
    time: float  # seconds
    protocol: int  # of IP
    source: str
    destination: str
    source_port: int = 0
    destination_port: int = 0
    payload: bytes = b""
    flags: int = 0
    sequence: int = 0


def parse(moment, frame):
    """The packet in an Ethernet frame; None when it is not IPv4."""
    if frame[12:ETHERNET_HEADER] != IPV4:
        return None
    data = frame[ETHERNET_HEADER:]
    header, total = (data[0] & 0x0F) * 4, struct.unpack_from("!H", data, 2)[0]
    packet = Packet(moment, data[9], socket.inet_ntoa(data[12:16]), socket.inet_ntoa(data[16:20]))
    data = data[header:total] if total else data[header:]
    packet.payload = data
    if packet.protocol in (TCP, UDP):
        packet.source_port, packet.destination_port = struct.unpack_from("!HH", data)
    if packet.protocol == UDP:
        packet.payload = data[8:]
    if packet.protocol == TCP:
        packet.sequence, = struct.unpack_from("!I", data, 4)
        packet.flags = data[13]
        packet.payload = data[(data[12] >> 4) * 4:]
    return packet


class Capture:
    """All packets of an interface during the `with`, each once."""

    def __init__(self, interface="lo"):
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
        self.socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        try:
            self.socket.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, BUFFER)
        except PermissionError:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
        self.socket.bind((interface, 0))
        self.socket.settimeout(0.2)
        self.frames = []
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self.read)
        self.dropped = 0

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        self.thread.join()
        statistics = self.socket.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8)
        self.dropped = struct.unpack("II", statistics)[1]
        self.socket.close()

    def read(self):
        """Until it is to end and nothing is left to read."""
        while True:
            try:
                frame, ancillary, _, address = self.socket.recvmsg(LARGEST, 64)
            except TimeoutError:
                if self.ending.is_set():
                    return
                continue
            if address[2] != PACKET_OUTGOING:  # on a loopback it comes back
                seconds, nanoseconds = struct.unpack("qq", ancillary[0][2])
                self.frames.append((seconds * 10**9 + nanoseconds, frame))

    def packets(self):
        parsed = (parse(moment / 1e9, frame) for moment, frame in self.frames)
        return [packet for packet in parsed if packet]

    def write(self, path):
        with open(path, "wb") as file:
            file.write(PCAP_HEADER.pack(PCAP_NANOSECONDS, 2, 4, 0, 0, LARGEST, LINK_ETHERNET))
            for moment, frame in self.frames:
                size = len(frame)
                file.write(struct.pack("=IIII", *divmod(moment, 10**9), size, size) + frame)


def read_pcap(path):
    """The IPv4 packets of a file of Ethernet frames, by their numbers (from 1)."""
    with open(path, "rb") as file:
        data = file.read()
    order = "<" if struct.unpack_from("<I", data)[0] in (PCAP_MICROSECONDS, PCAP_NANOSECONDS) else ">"
    if struct.unpack_from(order + "I", data, 20)[0] != LINK_ETHERNET:
        raise ValueError(f"{path}: no Ethernet frames")
    packets, at, number = {}, PCAP_HEADER.size, 0
    while at < len(data):
        seconds, fraction, size, _ = struct.unpack_from(order + "IIII", data, at)
        number, at = number + 1, at + 16
        packet = parse(seconds + fraction / 1e6, data[at:at + size])
        at += size
        if packet:
            packets[number] = packet
    return packets
