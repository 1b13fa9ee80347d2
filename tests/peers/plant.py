"""What the tests of this folder share: plantsim and the program, started and read.

    /usr/bin/python3 TEST.py RACKSCOUT PLANTSIM [unittest options]

Exit status 77: nothing could be tested here; the reasons are printed.
"""
import ctypes
import datetime
import json
import os
import signal
import subprocess
import sys
import tempfile
import types
import unittest

RACKSCOUT, PLANTSIM = (os.path.abspath(path) for path in (sys.argv[1:3] + ["", ""])[:2])
HERE = os.path.dirname(os.path.abspath(__file__))
REPOSITORY = os.path.dirname(os.path.dirname(HERE))
SKIPPED = 77
LIBC = ctypes.CDLL(None, use_errno=True)


def die_with_parent():
    """Runs in a child before its program: no child outlives its test."""
    pr_set_pdeathsig = 1
    LIBC.prctl(pr_set_pdeathsig, signal.SIGKILL)


def start(arguments, **options):
    return subprocess.Popen(arguments, preexec_fn=die_with_parent, stdin=subprocess.DEVNULL,
                            text=True, **options)


def run(arguments, **options):
    """A command to its end, with its output."""
    process = start(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)
    try:
        out, err = process.communicate()
    finally:
        process.kill()
    return types.SimpleNamespace(exit_code=process.returncode, out=out, err=err)


class Plant:
    """plantsim on the text of a scene, until the end of the `with`; `within`: the beginning of
    a command that runs it somewhere else."""

    def __init__(self, scene, *options, within=()):
        self.folder = tempfile.TemporaryDirectory(prefix="rackscout-peer-")
        path = os.path.join(self.folder.name, "scene.toml")
        self.log_path = os.path.join(self.folder.name, "log")
        with open(path, "w") as file:
            file.write(scene)
        self.process = start([*within, PLANTSIM, path, "--log", self.log_path,
                              "--die-with-parent", *options], stdout=subprocess.PIPE)
        self.endpoints = []
        self.exit_code = None

    def __enter__(self):
        for line in self.process.stdout:
            endpoint = json.loads(line)
            if endpoint.get("ready"):
                return self
            self.endpoints.append(endpoint)
        self.stop()
        raise RuntimeError("plantsim ended before it was ready")

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        """Its exit status: 3 when it was asked for more than an identification."""
        if self.exit_code is None:
            self.process.terminate()
            self.exit_code = self.process.wait()
            self.process.stdout.close()
            self.folder.cleanup()
        return self.exit_code

    def target(self, host, protocol):
        """\"127.0.0.1:40001\" of a host by its name."""
        for endpoint in self.endpoints:
            if endpoint["host"] == host and endpoint["protocol"] == protocol:
                return f"{endpoint['address']}:{endpoint['port']}"
        raise KeyError(f"{host} has no {protocol}")

    def addresses(self):
        """Those of the network: a serial line has none."""
        networked = (e for e in self.endpoints if e["transport"] in ("tcp", "udp"))
        return sorted({endpoint["address"] for endpoint in networked})


def rackscout(command, *arguments):
    """`probe` or `survey` into a store of its own, with its ledger and its list of hosts. What
    the list leaves out (an asset's own serial number) is in `extended`."""
    with tempfile.TemporaryDirectory(prefix="rackscout-peer-") as folder:
        ledger, store = os.path.join(folder, "ledger.ndjson"), os.path.join(folder, "store.db")
        result = run([RACKSCOUT, command, "--store", store, "--ledger", ledger,
                      "--format", "json", "--yes", *arguments])
        result.ledger = read_ledger(ledger)
        listed = run([RACKSCOUT, "list", "assets", "--store", store, "--format", "json",
                      "--extended"])
    result.assets, result.extended = (
        json.loads(out)["assets"] if out.strip() else [] for out in (result.out, listed.out))
    return result


def read_ledger(path):
    """The entries, their bytes as bytes and their times in seconds."""
    if not os.path.exists(path):
        return []
    with open(path) as file:
        entries = [json.loads(line) for line in file]
    for entry in entries:
        entry["bytes"] = bytes.fromhex(entry.get("bytes", ""))
        entry["time"] = datetime.datetime.fromisoformat(entry["time"]).timestamp()
    return entries


def frames(ledger, event, target=None):
    return [e["bytes"] for e in ledger if e["event"] == event and target in (None, e["target"])]


def skip(reason):
    """Ends the test file: it can't be run here."""
    print(f"skipped: {reason}")
    sys.exit(SKIPPED)


def main(seconds=60):
    """Runs the tests of the calling file; after so many seconds it is ended."""
    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(seconds)
    program = unittest.main(module="__main__", argv=[sys.argv[0], *sys.argv[3:]], exit=False,
                            verbosity=2)
    result = program.result
    if result.wasSuccessful() and result.testsRun == len(result.skipped) > 0:
        skip("; ".join(sorted({reason for _, reason in result.skipped})))
    sys.exit(0 if result.wasSuccessful() else 1)


def give_up(*_):
    raise TimeoutError("the test took longer than it may")
