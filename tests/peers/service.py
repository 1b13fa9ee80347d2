"""A service that runs for a test: its configuration, its store, and how it is asked."""
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.parse

import plant

SAMPLE = os.path.join(plant.REPOSITORY, "tests", "sample")
DEADLINE = 30  # seconds: far more than anything takes


def until(condition, what, deadline=DEADLINE):
    """Waits until it holds, and answers what it gave."""
    end = time.monotonic() + deadline
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"not within {deadline} s: {what}")
        time.sleep(0.01)


class Answer:
    """What curl got."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)


class Service:
    """rackscout run in a folder of its own, which goes with it."""

    def __init__(self, settings="", settle="50ms", environment=None, prefix=()):
        self.folder = tempfile.mkdtemp(prefix="rackscout-")
        self.projects = os.path.join(self.folder, "projects")
        self.store = os.path.join(self.folder, "state", "store.db")
        self.config = os.path.join(self.folder, "rackscout.toml")
        self.log = os.path.join(self.folder, "log")
        self.environment = environment or {}
        self.prefix = list(prefix)
        self.process = None
        os.mkdir(self.projects)
        self.configure(settings, settle)

    def configure(self, settings="", settle="50ms", api="port = 0", store="",
                  folders=True):
        folder = f'[[folder]]\npath = "{self.projects}"\n' if folders else ""
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(f'sensor_name = "Test GH SS"\nsettle = "{settle}"\n{settings}\n{folder}'
                       f'[api]\n{api}\n[store]\npath = "{self.store}"\n{store}\n')

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        if self.process and self.process.poll() is None:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self):
        """Returns once it says that it is ready."""
        path = os.path.join(self.folder, "notify")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
            if os.path.exists(path):
                os.unlink(path)
            listener.bind(path)
            listener.settimeout(DEADLINE)
            with open(self.log, "ab") as log:
                self.process = plant.start(
                    [*self.prefix, plant.RACKSCOUT, "run", "--config", self.config],
                    stdout=log, stderr=log,
                    env={**os.environ, "NOTIFY_SOCKET": path, **self.environment})
            while b"READY=1" not in self.next_message(listener):
                pass
        self.url = self.status()["api"]

    def next_message(self, listener):
        try:
            return listener.recv(4096)
        except socket.timeout:
            raise AssertionError("it does not get ready: " + self.logged()) from None

    def stop(self):
        """Ends it as systemd does; answers the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(DEADLINE)

    def kill(self):
        """What runs it goes with it: a tracer that ends alone leaves it running."""
        pid = self.process.pid
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
            children = [int(child) for child in file.read().split()]
        for one in (*children, pid):
            os.kill(one, signal.SIGKILL)
        self.process.wait()

    def logged(self):
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return file.read()

    def command(self, *arguments):
        return subprocess.run([plant.RACKSCOUT, *arguments], capture_output=True, text=True, check=False,
                              env={**os.environ, "RACKSCOUT_STORE": self.store})

    def status(self):
        run = self.command("status", "--store", self.store, "--format", "json")
        if run.returncode not in (0, 3):
            raise AssertionError(run.stderr)
        return json.loads(run.stdout)

    def token(self):
        with open(self.store + ".token", encoding="ascii") as file:
            return file.read().strip()

    def curl(self, path, *arguments, token=True):
        """Asks as the platform's documentation does."""
        headers = ["-H", "@-"] if token else []
        run = subprocess.run(
            ["curl", "-s", "-g", "-i", *arguments, *headers, self.url + path],
            input=f"Authorization: Bearer {self.token()}\n" if token else "",
            capture_output=True, text=True, check=True)
        head, _, body = run.stdout.partition("\n\n")
        lines = head.splitlines()
        fields = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
        return Answer(int(lines[0].split()[1]), {k.lower(): v for k, v in fields.items()}, body)

    def list(self, what, **parameters):
        query = urllib.parse.urlencode(parameters, quote_via=urllib.parse.quote)
        answer = self.curl(f"/ot/v1/{what}/list?{query}")
        if answer.status != 200:
            raise AssertionError(f"{answer.status}: {answer.body}")
        return answer.json() if what == "projectfile" else answer.json()["assets"]

    def files(self, **parameters):
        """name -> status of the newest row."""
        rows = self.list("projectfile", pageSize=100, **parameters)
        return {row["name"]: row["status"] for row in reversed(rows)}

    def metric(self, name):
        """The value of a metric without labels."""
        for line in self.curl("/metrics").body.splitlines():
            if line.startswith(name + " "):
                return float(line.split()[1])
        raise AssertionError(f"no metric {name}")

    def put(self, sample, name):
        """Saves a sample file under that name, at once."""
        target = os.path.join(self.projects, name)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copyfile(os.path.join(SAMPLE, sample), target)
        return target

