"""`rackscout survey --offline`, started, followed, killed; and what is in its bundles."""
import collections
import gzip
import json
import os
import re
import signal
import subprocess
import threading
import zipfile

import plant

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[\d.]*Z")
HANDSHAKES = ("FINS/TCP node address", "EtherNet/IP RegisterSession")
FAREWELLS = ("EtherNet/IP UnRegisterSession",)


def environment(folder):
    """No key of the user is used, and none is made."""
    return {**os.environ, "XDG_CONFIG_HOME": folder, "HOME": folder, "LC_ALL": "C.UTF-8"}


def command(*arguments, folder, **options):
    return plant.run([plant.RACKSCOUT, *arguments], env=environment(folder), **options)


def has_bundles():
    return plant.run([plant.RACKSCOUT, "bundle", "--help"]).exit_code == 0


def create_key(folder, name="key"):
    """The path of its private half."""
    path = os.path.join(folder, name + ".pem")
    made = command("key", "create", "--out", path, "--name", name, folder=folder)
    assert made.exit_code == 0, made.err
    return path


# --- a survey that runs ---

class Survey:
    """One run of it, beside the test."""

    def __init__(self, out, *arguments, within=()):
        self.out = out
        self.ledger = os.path.join(out + ".walk", "exchanges.ndjson")
        self.errors = open(out + ".err", "a+")
        self.errors.seek(0, os.SEEK_END)
        self.begin = self.errors.tell()
        self.process = plant.start(
            [*within, plant.RACKSCOUT, "survey", "--offline", "--out", out, *arguments],
            stdout=subprocess.DEVNULL, stderr=self.errors,
            env=environment(os.path.dirname(out)))

    def has_lines(self, count):
        """Waits until the ledger has so many lines; False when the survey ended before that."""
        ledger = Growing(self.ledger)
        while self.process.poll() is None:
            if ledger.lines() >= count:
                return True
            threading.Event().wait(0.001)
        return False

    def kill(self, number=signal.SIGKILL):
        """Its exit code; how many lines the ledger has is in `lines` then."""
        self.process.send_signal(number)
        return self.end()

    def end(self):
        code = self.process.wait()
        self.lines = (Growing(self.ledger).lines() if os.path.exists(self.ledger)
                      else manifest(self.out)["exchanges"]["count"])
        self.errors.close()
        return code

    def said(self):
        with open(self.out + ".err") as file:
            file.seek(self.begin)
            return file.read()


class Growing:
    """A file that grows: how many lines it has."""

    def __init__(self, path):
        self.path, self.at, self.count = path, 0, 0

    def lines(self):
        if os.path.exists(self.path):
            with open(self.path, "rb") as file:
                file.seek(self.at)
                piece = file.read()
            self.at += len(piece)
            self.count += piece.count(b"\n")
        return self.count


def walk_file(out):
    """What the walk's folder says of it; nothing when it is not begun."""
    path = os.path.join(out + ".walk", "walk.json")
    if not os.path.exists(path):
        return {}
    with open(path) as file:
        return json.load(file)


# --- what is in a bundle ---

def member(path, name):
    """The lines of a member: "records"."""
    with zipfile.ZipFile(path) as bundle:
        text = gzip.decompress(bundle.read(name + ".ndjson.gz")).decode()
    return [json.loads(line) for line in text.splitlines()]


def manifest(path):
    with zipfile.ZipFile(path) as bundle:
        return json.loads(bundle.read("manifest.json"))


def timeless(value, without=()):
    """The same without times, and without the members named so."""
    if isinstance(value, dict):
        return {name: timeless(item, without) for name, item in value.items()
                if name not in without}
    if isinstance(value, list):
        return [timeless(item, without) for item in value]
    return TIME.sub("TIME", value) if isinstance(value, str) else value


def lines_of(values, without=()):
    """Texts that can be compared, in one order."""
    return sorted(json.dumps(timeless(value, without), sort_keys=True) for value in values)


# --- the ledger ---

def without_marks(protocol, frame):
    """A request without what belongs to its conversation: nodes, session, transaction."""
    data = bytearray(bytes.fromhex(frame))
    start = 16 if protocol == "FINS/TCP" else 0
    places = {"FINS/TCP": (start + 4, start + 7, start + 9), "FINS/UDP": (4, 7, 9),
              "Modbus/TCP": (0, 1)}.get(protocol, ())
    if protocol.startswith("EtherNet/IP"):
        places = (*range(4, 8), *range(12, 20))
    for place in places:
        if place < len(data):
            data[place] = 0
    return data.hex()


def request_of(entry):
    return (entry.get("area", ""), entry["target"], entry["protocol"], entry["meaning"],
            without_marks(entry["protocol"], entry["bytes"]))


def conversation_of(entry):
    return entry.get("area", ""), entry["target"], entry["protocol"]


def sent(ledger):
    """How often each request was sent."""
    return collections.Counter(request_of(entry) for entry in ledger if entry["event"] == "sent")


def is_answer(entry):
    return entry["event"] == "received" and not entry.get("stray")


def pending(ledger):
    """The requests whose end is not in the ledger, by conversation."""
    waiting = {}
    for entry in ledger:
        if entry["event"] == "sent":
            waiting[conversation_of(entry)] = request_of(entry)
        elif is_answer(entry) or entry["event"] in ("unanswered", "closed"):
            waiting.pop(conversation_of(entry), None)
    return waiting


def is_handshake(request):
    return request[3].startswith(HANDSHAKES)


def is_farewell(request):
    return request[3].startswith(FAREWELLS)
