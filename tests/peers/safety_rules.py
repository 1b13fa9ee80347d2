"""The rules of a polite survey, each proven from a capture (and, where said, from the ledger).

Every rule gives the violations that it found, a line each.
"""
import itertools

import frames

DEADLINE = 1.5  # of an answer
FIRST_DATAGRAM = 1.0  # of an answer to what asks whether anybody is there at all
GAP = 0.1  # between requests to one target
GRANULARITY = 0.002  # of the clocks of two processes
SILENCES = 3  # that open the breaker
UNREAD = 0.02  # a datagram may come so late that nobody reads it before the socket is closed


def requests(messages):
    return [message for message in messages if message.ours]


# --- what is sent ---

def only_listed_requests(traffic):
    for target in traffic.targets():
        for message in requests(traffic.messages(target)):
            why = "no port of a protocol" if message.protocol is None else frames.forbidden(
                message.protocol, message.over_tcp, message.frame)
            if why:
                yield f"{target}:{message.port} was sent {message.frame.hex()}: {why}"
        for connection in traffic.connections_to(target):
            _, rest = frames.split(connection.protocol, connection.stream(True))
            if rest:
                yield f"{target}:{connection.port} was sent {rest.hex()}: no whole frame"


def excluded_are_untouched(traffic, excluded):
    for packet in traffic.packets:
        if packet.source == traffic.own and packet.destination in excluded:
            yield f"{packet.destination} is excluded, and a packet went there at {packet.time:.3f}"


# --- how much at a time ---

def one_connection_per_target(traffic):
    for target in traffic.targets():
        for before, after in itertools.pairwise(traffic.connections_to(target)):
            if before.end() is None or before.end() > after.opened:
                yield f"{target}:{after.port} was connected to beside port {before.port}"


def has_lapsed(request, datagrams_answered, now):
    """Whether its answer was not waited for any longer."""
    first = not request.over_tcp and request.port not in datagrams_answered
    limit = FIRST_DATAGRAM if first else DEADLINE
    ended = request.connection.first_end() if request.over_tcp else None
    return now >= request.time + limit - GRANULARITY or (ended is not None and ended <= now)


def one_request_per_target(traffic):
    for target in traffic.targets():
        pending, answered = None, set()
        for message in requests(traffic.messages(target)):
            still_open = pending and not (pending.answered and pending.answered <= message.time)
            if still_open and not has_lapsed(pending, answered, message.time):
                yield (f"{target}:{message.port} was asked {message.frame.hex()} while "
                       f"{pending.frame.hex()} was not answered")
            if message.answered:
                answered.add(message.port)
            waits = frames.awaits_answer(message.protocol, message.frame)
            pending = message if waits else None


def gap_is_kept(traffic):
    for target in traffic.targets():
        for before, after in itertools.pairwise(requests(traffic.messages(target))):
            gap = after.time - before.time
            if gap < GAP - GRANULARITY:
                yield f"{target}:{after.port} was asked again after {gap * 1000:.1f} ms"


# --- how it ends ---

def connections_end_by_fin(traffic):
    for connection in traffic.connections:
        if connection.established is None:
            continue
        name = f"{connection.target}:{connection.port}"
        end, reset = connection.first_end(), connection.our_reset
        if end is None:
            yield f"{name}: the connection was left open"
        elif reset is not None and connection.our_fin is None:
            yield f"{name}: we ended the connection by RST"
        elif reset is not None and not spoke_after(connection, connection.our_fin):
            yield f"{name}: RST after our FIN, though nothing more had come"


def spoke_after(connection, moment):
    """A device that goes on talking after our FIN gets its RST from the kernel."""
    return any(time > moment for time, ours, _ in connection.pieces if not ours)


def left_alone(traffic, target):
    """(when, why) nothing more may be sent to it; None when it never came to that."""
    found = [*ended_connections(traffic, target), *signs_of_distress(traffic, target),
             *too_many_silences(traffic, target)]
    return min(found, default=None, key=lambda item: item[0])


def ended_connections(traffic, target):
    """It ends a connection on which it had answered, while a request waits."""
    for end, last in hung_up(traffic, target):
        if last.answered is None and frames.awaits_answer(last.protocol, last.frame):
            yield max(end, last.time), "it ended a connection"


def hung_up(traffic, target):
    """When it ended a connection before we did, having answered; and the last request there."""
    messages = traffic.messages(target)
    for connection in traffic.connections_to(target):
        own = [m for m in requests(messages) if m.connection is connection]
        ends = [end for end in (connection.their_fin, connection.their_reset) if end is not None]
        answered = [m for m in own if m.answered and not is_refused(messages, m)]
        if ends and answered and (connection.our_fin or min(ends) + 1) > min(ends):
            yield min(ends), own[-1]


def is_refused(messages, request):
    replies = (m for m in messages if not m.ours and m.time == request.answered)
    return any(request.is_answered_by(reply) and
               frames.refuses(request.protocol, request.over_tcp, reply.frame) for reply in replies)


def signs_of_distress(traffic, target):
    counts = {}
    messages = traffic.messages(target)
    for request in requests(messages):
        reply = next((m for m in messages if not m.ours and m.time == request.answered and m.frame
                      and request.is_answered_by(m)), None)
        sign = reply and frames.distress(request.protocol, request.over_tcp, reply.frame)
        if sign:
            counts[sign[0]] = counts.get(sign[0], 0) + 1
            if counts[sign[0]] == sign[1]:
                yield reply.time, sign[0]


def questions(traffic, target):
    """Requests with their retries: [(attempts, answered)], in their order."""
    groups, found_over_udp = [], set()
    for request in requests(traffic.messages(target)):
        if not request.over_tcp and request.answered:
            found_over_udp.add(request.port)
        if not frames.awaits_answer(request.protocol, request.frame):
            continue
        if not request.over_tcp and request.port not in found_over_udp:
            continue  # whether anybody is there at all is no question of silence
        if frames.may_be_unknown(request.protocol, request.frame) and not request.answered:
            continue  # a function that it may not know: the next one tells whether it is there
        last = groups[-1] if groups else None
        is_retry = last and len(last) < 2 and last[-1].answered is None and last[-1].frame == request.frame and \
            last[-1].connection is request.connection
        if is_retry:
            last.append(request)
        else:
            groups.append([request])
    return groups


def is_silence(attempts):
    """Whether nothing came, though the connection lived on for the whole deadline."""
    last = attempts[-1]
    whole = len(attempts) == 2 or \
        not frames.may_be_repeated(last.protocol, last.over_tcp, last.frame)
    ended = last.connection.first_end() if last.over_tcp else None
    lived = ended is None or ended >= last.time + DEADLINE - GRANULARITY
    return last.answered is None and whole and lived


def too_many_silences(traffic, target):
    """A silent question counts unless what answered last, asked once more, answers again."""
    count, known, before = 0, None, None
    for attempts in questions(traffic, target) + [None]:
        asks_again = attempts and before and known and attempts[0].frame == known.frame
        if before and not (asks_again and attempts[-1].answered):
            count += 1
            if count == SILENCES:
                last = (attempts if asks_again else before)[-1]
                yield last.time + DEADLINE - GRANULARITY, f"{SILENCES} silences"
        if attempts is None:
            return
        silent = is_silence(attempts)
        before = attempts if silent and not asks_again else None
        known = attempts[-1] if attempts[-1].answered else known


def nothing_after_the_breaker(traffic):
    for target in traffic.targets():
        opened = left_alone(traffic, target)
        for time, packet in traffic.attempts[target] if opened else ():
            if time > opened[0]:
                what = packet.payload.hex() or "SYN"
                yield f"{target}: {opened[1]}, and yet it was sent {what}"


def summary_agrees(traffic, told):
    """`told`: the addresses that the program says it left alone."""
    seen = {target: left_alone(traffic, target) for target in traffic.targets()}
    for target, opened in seen.items():
        if opened and target not in told:
            yield f"{target}: {opened[1]}, but the summary does not say so"
        # Whether there was more to ask when it hung up, only the program knows.
        if not opened and target in told and not any(hung_up(traffic, target)):
            yield f"{target}: the summary says it was left alone, the capture does not show why"


# --- the ledger ---

def ledger_is_complete(traffic, ledger):
    names = {entry["target"] for entry in ledger}
    for connection in traffic.connections:
        names.add(f"{connection.target}:{connection.port}")
    for target, messages in traffic.datagrams.items():
        names |= {f"{target}:{message.port}" for message in messages if message.ours}
    for name in sorted(names):
        address, _, port = name.partition(":")
        entries = [entry for entry in ledger if entry["target"] == name]
        yield from streams_differ(name, entries, [
            c for c in traffic.connections_to(address) if c.port == int(port)])
        yield from datagrams_differ(name, entries, [
            m for m in traffic.datagrams.get(address, ()) if m.port == int(port)])


def is_over_tcp(entry):
    return entry["protocol"] in ("FINS/TCP", "EtherNet/IP", "Modbus/TCP")


def conversations(entries):
    """The ledger's entries from a connect to what is before the next one."""
    found = []
    for entry in entries:
        if entry["event"] == "connect":
            found.append([])
        found[-1].append(entry)
    return found


def streams_differ(name, entries, connections):
    told = conversations([entry for entry in entries if is_over_tcp(entry)])
    if len(told) != len(connections):
        yield f"{name}: {len(told)} connections in the ledger, {len(connections)} on the wire"
        return
    for part, connection in zip(told, connections):
        in_ledger = any(entry["event"] == "connected" for entry in part)
        if in_ledger != (connection.established is not None):
            yield f"{name}: connected in the ledger: {in_ledger}, on the wire: {not in_ledger}"
        written = joined((e["event"] == "sent", e["bytes"]) for e in part
                         if e["event"] in ("sent", "received"))
        why = difference(written, connection)
        if why:
            seen = joined((ours, data) for _, ours, data in connection.pieces)
            yield f"{name}: {why}\n  ledger {text(written)}\n  wire   {text(seen)}"


def joined(pieces):
    """Bytes of the same direction behind each other become one."""
    grouped = itertools.groupby(pieces, key=lambda piece: piece[0])
    return [(ours, b"".join(data for _, data in group)) for ours, group in grouped]


def text(pieces):
    shown = (("-> " if ours else "<- ") + data[:200].hex() for ours, data in pieces)
    return " ".join(itertools.islice(shown, 40))


def difference(written, connection):
    """How the ledger's pieces and the wire's differ; None when they don't. The ledger may lack
    what came after our FIN, and may tell of a late answer later than it came."""
    sent, received = (b"".join(data for ours, data in written if ours == way)
                      for way in (True, False))
    came = connection.stream(False)
    fin = connection.our_fin
    needed = sum(len(data) for time, ours, data in connection.pieces
                 if not ours and (fin is None or time <= fin))
    if sent != connection.stream(True):
        return "what was sent is not what the ledger says"
    if not came.startswith(received) or len(received) < needed:
        return "what came is not what the ledger says"
    early = any(known > there for known, there in zip(
        received_before_each_byte(written),
        received_before_each_byte([piece[1:] for piece in connection.pieces])))
    return "the ledger knows an answer before it came" if early else None


def received_before_each_byte(pieces):
    """For each byte of ours, how many of theirs were there before."""
    received = 0
    for ours, data in pieces:
        if ours:
            yield from itertools.repeat(received, len(data))
        else:
            received += len(data)


def is_awaited(datagram, messages):
    """Whether it came to a port that we had sent from: nobody hears it at another."""
    return any(m.ours and m.own_port == datagram.own_port and m.time <= datagram.time
               for m in messages)


def datagrams_differ(name, entries, messages):
    told = conversations([entry for entry in entries if not is_over_tcp(entry)])
    sent = [e["bytes"] for e in entries if not is_over_tcp(e) and e["event"] == "sent"]
    ours = [m.frame for m in messages if m.ours]
    if sent != ours:
        yield f"{name}: {len(sent)} datagrams sent in the ledger, {len(ours)} on the wire"
        return
    received = [e["bytes"] for e in entries if not is_over_tcp(e) and e["event"] == "received"]
    came = [m for m in messages if not m.ours and m.frame and is_awaited(m, messages)]
    ends = [e["time"] for part in told for e in part if e["event"] == "closed"]
    for message in came:
        if received and received[0] == message.frame:
            received.pop(0)
        elif not ends or message.time < ends[-1] - UNREAD:
            yield f"{name}: the ledger lacks the datagram {message.frame[:40].hex()}"
    if received:
        yield f"{name}: the ledger has {received[0].hex()}, which never came"


def all_violations(traffic, ledger, excluded, told):
    """By the names of the rules."""
    found = {rule.__name__: list(rule(traffic)) for rule in (
        only_listed_requests, one_connection_per_target, one_request_per_target, gap_is_kept,
        connections_end_by_fin, nothing_after_the_breaker)}
    found["excluded_are_untouched"] = list(excluded_are_untouched(traffic, excluded))
    found["summary_agrees"] = list(summary_agrees(traffic, told))
    found["ledger_is_complete"] = list(ledger_is_complete(traffic, ledger))
    return found
