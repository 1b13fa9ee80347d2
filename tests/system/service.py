"""rackscout as the service of a machine: asked, changed, started again."""
import contextlib
import json
import os
import shutil
import subprocess

from machine import SAMPLE, UNIT, children_of

FOLDER = "/var/lib/rackscout"
STORE = FOLDER + "/rackscout.db"
CONFIG = "/etc/rackscout/rackscout.toml"
DROP_INS = f"/etc/systemd/system/{UNIT}.d"
EXAMPLES = "/usr/share/doc/rackscout/examples"


class Service:
    def __init__(self, machine):
        self.machine = machine
        self.first_config = self.read(CONFIG)

    def read(self, name):
        with open(self.machine.within(name), encoding="utf-8") as file:
            return file.read()

    def reset(self):
        """As it was installed, but with nothing that a test would wait for."""
        shutil.rmtree(self.machine.within(DROP_INS), ignore_errors=True)
        self.drop_in("quick", "RestartSec=100ms")
        self.configure(self.first_config)

    def configure(self, text):
        self.machine.write(CONFIG, text, 0o640)
        self.machine.run("chgrp", "rackscout", CONFIG)

    def drop_in(self, name, *lines):
        text = "\n".join(["[Service]", *lines]) + "\n"
        self.machine.write(f"{DROP_INS}/{name}.conf", text)

    def example(self, name):
        """One of those that come with the package."""
        self.machine.write(f"{DROP_INS}/{name}.conf", self.read(f"{EXAMPLES}/{name}.conf"))

    def systemctl(self, *words, check=True):
        return self.machine.run("systemctl", *words, check=check)

    def start(self, check=True):
        self.systemctl("daemon-reload")
        run = self.systemctl("restart", UNIT, check=False)
        if check and run.returncode != 0:
            raise AssertionError(run.stderr + self.said())
        return run

    def said(self):
        return self.machine.run("journalctl", "--unit", UNIT, "--lines=20", "--output=cat").stdout

    def show(self, name):
        return self.systemctl("show", "--property", name, "--value", UNIT).stdout.strip()

    def pid(self):
        return int(self.show("MainPID"))

    def pid_outside(self):
        """As this machine numbers it."""
        inner = self.pid()
        for name in os.listdir("/proc"):
            if name.isdigit() and self.is_it(name, inner):
                return int(name)
        raise AssertionError("its process is not seen")

    def is_it(self, name, inner):
        try:
            same = (os.readlink(f"/proc/{name}/ns/pid")
                    == os.readlink(f"/proc/{self.machine.init}/ns/pid"))
            return same and self.fields(f"/proc/{name}/status")["NSpid"].split()[-1] == str(inner)
        except OSError:
            return False  # it has ended meanwhile

    def fields(self, path):
        """A file of lines as "Name: value"."""
        with open(path, encoding="utf-8") as file:
            return dict(line.rstrip("\n").split(":", 1) for line in file if ":" in line)

    def status(self, process=None):
        """What the kernel says of its process, or of another, as this machine numbers it."""
        process = process or self.pid_outside()
        return {name: value.strip() for name, value in self.fields(f"/proc/{process}/status").items()}

    def children(self):
        """What the kernel says of each process that it started and that still runs."""
        found = []
        for child in children_of(self.pid_outside()):
            with contextlib.suppress(OSError):
                found.append(self.status(child))
        return found

    def token(self):
        return self.read(STORE + ".token").strip()

    def ask(self, path, *options, url="http://127.0.0.1:8640", token=None):
        """What the API answers, by this machine's curl: status and body."""
        bearer = self.token() if token is None else token
        run = self.machine.in_network(
            "curl", "--silent", "--show-error", "--globoff", "--header", "@-", *options,
            "--write-out", "\n%{http_code}", url + path, input=f"Authorization: Bearer {bearer}\n")
        if run.returncode != 0:
            raise AssertionError(run.stderr)
        body, _, status = run.stdout.rpartition("\n")
        return int(status), body

    def files(self):
        """name -> status of the project files in the list"""
        status, body = self.ask("/ot/v1/projectfile/list?pageSize=100")
        if status != 200:
            raise AssertionError(f"{status}: {body}")
        return {row["name"]: row["status"] for row in json.loads(body)}

    def put(self, sample, name):
        """A project file of the sample, saved by somebody."""
        target = self.machine.within(name)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copyfile(os.path.join(SAMPLE, sample), target)
        os.chmod(target, 0o644)

    def put_many(self, sample, folder, count):
        """Project files of which no two are the same, so that each is read."""
        os.makedirs(self.machine.within(folder), exist_ok=True)
        with open(os.path.join(SAMPLE, sample), "rb") as file:
            text = file.read()
        for number in range(count):
            with open(self.machine.within(f"{folder}/{number}.cfg"), "wb") as file:
                file.write(text + b"\r\n" * number)

    def receiver(self, port):
        """A program that keeps what is sent to that port of the machine, and answers 503."""
        here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "receiver.py")
        return subprocess.Popen(["nsenter", "--target", str(self.machine.init), "--net",
                                 "/usr/bin/python3", here, str(port)],
                                stdout=subprocess.PIPE, text=True)
