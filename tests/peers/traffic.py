"""A capture as conversations: TCP connections, datagrams, and the frames in both."""
import bisect
import collections
import dataclasses
import struct

import capture
import frames

ICMP = 1
GOODBYE = 0.5  # so long the other side's FIN is waited for


@dataclasses.dataclass(eq=False)
class Connection:
    """From our SYN on. Times are None for what did not happen."""
    target: str
    port: int
    opened: float
    established: float = None
    our_fin: float = None
    their_fin: float = None
    our_reset: float = None
    their_reset: float = None
    pieces: list = dataclasses.field(default_factory=list)  # (time, ours, bytes)
    following: dict = dataclasses.field(default_factory=dict)  # sequence number by direction

    @property
    def protocol(self):
        return frames.PORTS.get(self.port)

    def first_end(self):
        ends = (self.our_fin, self.their_fin, self.our_reset, self.their_reset)
        return min((end for end in ends if end is not None), default=None)

    def end(self):
        """When neither side can send any more, or we wait no longer for it."""
        resets = [end for end in (self.our_reset, self.their_reset) if end is not None]
        if self.our_fin is not None:
            late = self.their_fin is None
            resets.append(self.our_fin + GOODBYE if late else max(self.our_fin, self.their_fin))
        return min(resets, default=None)

    def stream(self, ours):
        return b"".join(data for _, by_us, data in self.pieces if by_us == ours)

    def add(self, packet, ours):
        """A segment; what was seen before is left out."""
        if packet.flags & capture.SYN:
            self.following[ours] = packet.sequence + 1 & 0xFFFFFFFF
        skipped = packet.sequence - self.following.get(ours, packet.sequence) & 0xFFFFFFFF
        if packet.payload and 0 < skipped < 1 << 31:
            raise ValueError(f"the capture lacks {skipped} bytes to or from {self.target}")
        repeated = -skipped & 0xFFFFFFFF
        data = packet.payload[repeated:]
        if data:
            self.pieces.append((packet.time, ours, data))
            self.following[ours] = self.following.get(ours, packet.sequence) + len(data) & 0xFFFFFFFF
        self.note_flags(packet, ours)

    def note_flags(self, packet, ours):
        if packet.flags & capture.SYN and not ours:
            self.established = packet.time
        for flag, name in ((capture.FIN, "fin"), (capture.RST, "reset")):
            name = ("our_" if ours else "their_") + name
            if packet.flags & flag and getattr(self, name) is None:
                setattr(self, name, packet.time)


@dataclasses.dataclass(eq=False)
class Message:
    """A frame, a datagram, or (without bytes) the word that nobody takes datagrams."""
    time: float
    ours: bool
    frame: bytes
    port: int  # of the target
    connection: Connection = None
    own_port: int = 0
    answered: float = None  # of a request

    @property
    def over_tcp(self):
        return self.connection is not None

    @property
    def protocol(self):
        return frames.PORTS.get(self.port)

    def is_answered_by(self, other):
        same = self.connection is other.connection and self.port == other.port
        return same and frames.answers(self.protocol, self.over_tcp, self.frame, other.frame)


class Traffic:
    """What `own` said to others, and they to it."""

    def __init__(self, packets, own):
        self.own = own
        self.packets = packets
        self.connections = []
        self.datagrams = collections.defaultdict(list)  # by target
        self.attempts = collections.defaultdict(list)  # times of SYNs and of what we said, by target
        self.open = {}
        for packet in packets:
            if own in (packet.source, packet.destination):
                self.take(packet)

    def take(self, packet):
        ours = packet.source == self.own
        target = packet.destination if ours else packet.source
        is_opening = packet.flags & (capture.SYN | capture.ACK) == capture.SYN
        if ours and (packet.payload and packet.protocol != ICMP or is_opening):
            self.attempts[target].append((packet.time, packet))
        if packet.protocol == capture.TCP:
            self.take_segment(packet, ours, target, is_opening)
        elif packet.protocol == capture.UDP:
            port, own_port = packet.destination_port, packet.source_port
            port, own_port = (port, own_port) if ours else (own_port, port)
            self.datagrams[target].append(
                Message(packet.time, ours, packet.payload, port, own_port=own_port))
        elif packet.protocol == ICMP and not ours:
            self.take_unreachable(packet, target)

    def take_segment(self, packet, ours, target, is_opening):
        ports = packet.source_port, packet.destination_port
        own_port, port = ports if ours else ports[::-1]
        key = target, port, own_port
        known = self.open.get(key)
        if ours and is_opening and (known is None or known.first_end() is not None):
            self.open[key] = Connection(target, port, packet.time)
            self.connections.append(self.open[key])
        if key in self.open:
            self.open[key].add(packet, ours)

    def take_unreachable(self, packet, target):
        """ICMP destination unreachable carries the head of what it is about."""
        about = packet.payload[8:]
        if packet.payload[:1] == b"\x03" and len(about) >= 24 and about[9] == capture.UDP:
            own_port, port = struct.unpack_from("!HH", about, (about[0] & 0x0F) * 4)
            self.datagrams[target].append(
                Message(packet.time, False, b"", port, own_port=own_port))

    def targets(self):
        return sorted({c.target for c in self.connections} | set(self.datagrams))

    def connections_to(self, target):
        return [connection for connection in self.connections if connection.target == target]

    def messages(self, target):
        """All frames to and from a target by time, requests with the time of their answer."""
        found = list(self.datagrams.get(target, ()))
        for connection in self.connections_to(target):
            found += framed(connection, True) + framed(connection, False)
        found.sort(key=lambda message: message.time)
        match(found)
        return found


def framed(connection, ours):
    """The frames of one direction, each at the time of its last byte."""
    moments, ends = [], []
    for time, by_us, data in connection.pieces:
        if by_us == ours:
            moments.append(time)
            ends.append(len(data) + (ends[-1] if ends else 0))
    stream, begin, found = connection.stream(ours), 0, []
    for end in frames.split(connection.protocol, stream)[0]:
        time = moments[bisect.bisect_left(ends, end)]
        found.append(Message(time, ours, stream[begin:end], connection.port, connection))
        begin = end
    return found


def match(messages):
    """Gives each answer to the last request that it answers."""
    asked = []
    for message in messages:
        if message.ours:
            asked.append(message)
            continue
        refused = not message.frame
        for request in reversed(asked):
            fits = refused and request.port == message.port and not request.over_tcp
            if fits or not refused and request.is_answered_by(message):
                request.answered = request.answered or message.time
                break
