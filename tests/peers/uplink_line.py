"""What stands between an agent and a hub: nginx with TLS, and a line on which things go wrong."""
import collections
import contextlib
import gzip
import http.client
import http.server
import json
import os
import shutil
import socket
import struct
import subprocess
import tempfile
import threading
import time

import plant
from service import until

SLOW = 2000  # bytes a second
ANSWERS = {"400": {}, "409": {"X-RateLimit-ToWait-Sec": "1"}, "413": {}, "429": {"Retry-After": "1"},
           "500": {}}


def missing_programs(*programs):
    """The reason for which nothing can be tested here; empty where all are there."""
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    missing = [program for program in programs if not shutil.which(program)]
    return f"not installed: {', '.join(missing)}" if missing else ""


def free_port(address):
    with socket.socket() as one:
        one.bind((address, 0))
        return one.getsockname()[1]


def is_open(address, port):
    with socket.socket() as one:
        one.settimeout(1)
        return one.connect_ex((address, port)) == 0


class Authority:
    """A CA of the test's own, and what it signs."""

    def __init__(self, folder, name="test CA", before=()):
        self.folder = folder
        os.makedirs(folder, exist_ok=True)
        self.certificate, self.key = self.make("ca", name, [], before=before)

    def path(self, name):
        return os.path.join(self.folder, name)

    def make(self, name, subject, names, signed=None, days=30, before=(), algorithm=("ec", "-pkeyopt",
                                                                               "ec_paramgen_curve:P-256")):
        """Certificate and key; signed by itself unless `signed` is an authority."""
        certificate, key = self.path(name + ".pem"), self.path(name + ".key")
        signer = ["-CA", signed.certificate, "-CAkey", signed.key] if signed else []
        usage = ["-addext", f"subjectAltName={','.join(names)}"] if names else []
        subprocess.run([*before, "openssl", "req", "-x509", "-newkey", *algorithm, "-nodes", "-keyout",
                        key, "-out", certificate, "-subj", f"/CN={subject}", "-days", str(days),
                        *usage, *signer], check=True, capture_output=True)
        os.chmod(key, 0o600)
        return certificate, key

    def sign(self, name, *names, **options):
        """Of a host or of a client."""
        return self.make(name, name, list(names), signed=self, **options)


class Nginx:
    """It takes TLS at its address, and hands on what it gets as plain HTTP."""

    def __init__(self, address, certificate, key, to, client_ca=None, settings=""):
        self.folder = tempfile.mkdtemp(prefix="rackscout-nginx-")
        self.address, self.port = address, free_port(address)
        self.log, self.errors = (os.path.join(self.folder, name) for name in ("access", "errors"))
        self.process = None
        verify = f"ssl_client_certificate {client_ca}; ssl_verify_client on;" if client_ca else ""
        temporary = "".join(f"{kind}_temp_path {self.folder}/{kind};\n" for kind in
                            ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        self.config = os.path.join(self.folder, "nginx.conf")
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(f"""daemon off; master_process off; pid {self.folder}/pid;
error_log {self.errors} info;
events {{ worker_connections 64; }}
http {{
  access_log {self.log};
  {temporary}
  server {{
    listen {address}:{self.port} ssl;
    ssl_certificate {certificate}; ssl_certificate_key {key}; {verify}
    client_max_body_size 2m;
    {settings}
    location / {{ proxy_pass http://{to}; proxy_next_upstream off; }}
  }}
}}
""")

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self):
        with open(self.errors + ".start", "ab") as errors:
            self.process = plant.start(["nginx", "-c", self.config, "-p", self.folder], stdout=errors,
                                       stderr=errors)
        until(lambda: is_open(self.address, self.port) or self.process.poll() is not None, "nginx runs")
        if self.process.poll() is not None:
            with open(self.errors + ".start", encoding="utf-8") as errors:
                raise AssertionError("nginx does not start: " + errors.read())

    def kill(self):
        self.process.kill()
        self.process.wait()

    def requests(self):
        """A line each."""
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return file.readlines()


class Account:
    """What the hub answered, counted."""

    def __init__(self):
        self.lock = threading.Lock()
        self.requests = self.unanswered = 0
        self.results = collections.Counter()
        self.statuses = collections.Counter()
        self.applied = collections.Counter()  # by epoch, sequence and index
        self.contents = {}  # of each record, as it was applied last
        self.again = []  # records that were applied twice in a row with the same content
        self.epochs = []

    def add(self, request, status, answer):
        with self.lock:
            self.requests += 1
            self.statuses[status] += 1
            if request["epoch"] not in self.epochs:
                self.epochs.append(request["epoch"])
            for result in answer["results"] if status == 200 else []:
                self.results[result["status"]] += 1
                if result["status"] == "applied":
                    self.applied[request["epoch"], request["sequence"], result["index"]] += 1
                    self.add_content(request["records"][result["index"]])

    def add_content(self, record):
        name, content = name_of(record), json.dumps([record.get("keys"), record["record"]])
        if self.contents.get(name) == content and record["op"] == "put":
            self.again.append(name)
        self.contents[name] = content if record["op"] == "put" else None

    def lost(self, request):
        """Nobody knows whether the hub applied it."""
        with self.lock:
            self.unanswered += 1
            for record in request["records"]:
                self.contents.pop(name_of(record), None)

    def twice(self):
        """What was applied more than once."""
        return self.again + [at for at, count in self.applied.items() if count > 1]


def name_of(record):
    return record["record"].get("assetUuid") or record["record"]["fileUuid"]


class Handler(http.server.BaseHTTPRequestHandler):
    """One request on its way to the hub."""

    def do_POST(self):
        wire = self.server.wire
        body = self.rfile.read(int(self.headers["Content-Length"]))
        request = json.loads(gzip.decompress(body))
        fault = wire.fault_for(request)
        if fault in ANSWERS:
            return self.refuse(fault)
        if fault == "cut":
            return self.reset()
        if fault == "reset":
            wire.send_half(self, body)
            return self.reset()
        reply = wire.forward(self, body, request, SLOW if fault == "slow" else None)
        if reply is None or fault == "lost":
            return self.reset()
        if fault == "hanging":
            wire.ends.wait(wire.patience)
            return self.reset()
        return self.answer(*reply, cut=fault == "truncated", speed=SLOW if fault == "slow" else None)

    def refuse(self, status):
        self.send_response(int(status))
        for name, value in ANSWERS[status].items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def answer(self, status, headers, body, cut=False, speed=None):
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in ("connection", "transfer-encoding", "date", "server"):
                self.send_header(name, value)
        self.end_headers()
        part = body[:len(body) // 2] if cut else body
        with contextlib.suppress(OSError):
            drip(self.wfile.write, part, speed)
            self.wfile.flush()
        self.close_connection = True

    def reset(self):
        """As when somebody pulls the plug."""
        reset(self.connection)
        self.close_connection = True

    def log_message(self, *_):
        pass


def reset(one):
    with contextlib.suppress(OSError):
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        one.shutdown(socket.SHUT_RD)  # wakes whoever reads
    one.close()


def drip(write, data, speed):
    if speed is None:
        write(data)
        return
    for at in range(0, len(data), speed // 10):
        write(data[at:at + speed // 10])
        time.sleep(0.1)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_):
        pass  # the other side is gone, which is what this is for


class Wire:
    """Hands requests on to the hub, keeps account, and does one harm at a time."""

    FAULTS = ("cut", "slow", "reset", *ANSWERS, "truncated", "hanging", "lost")

    def __init__(self, patience=7):
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.wire = self
        self.address = f"127.0.0.1:{self.server.server_address[1]}"
        self.account = Account()
        self.hub = None  # "127.0.0.1:PORT"
        self.patience = patience
        self.ends = threading.Event()
        self.lock = threading.Lock()
        self.armed = None
        self.rule = None  # a fault for each request of a kind
        self.at_hub = threading.Event()  # a request is there

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.ends.set()
        self.server.shutdown()
        self.server.server_close()

    def lead_to(self, hub):
        self.hub = hub.url.split("//")[1].rstrip("/")

    def arm(self, fault):
        """The next request comes to that harm."""
        with self.lock:
            self.armed = fault

    def fault_for(self, request):
        with self.lock:
            fault, self.armed = self.armed, None
        return fault or (self.rule(request) if self.rule else None)

    def connection(self, handler, length):
        hub = http.client.HTTPConnection(self.hub, timeout=20)
        hub.putrequest("POST", handler.path, skip_host=True, skip_accept_encoding=True)
        for name, value in handler.headers.items():
            if name.lower() not in ("connection", "content-length"):
                hub.putheader(name, value)
        hub.putheader("Content-Length", str(length))
        hub.putheader("Connection", "close")
        hub.endheaders()
        return hub

    def send_half(self, handler, body):
        with contextlib.suppress(OSError), \
                contextlib.closing(self.connection(handler, len(body))) as hub:
            hub.send(body[:len(body) // 2])
            reset(hub.sock)

    def forward(self, handler, body, request, speed):
        """(status, headers, body) of the hub, or nothing where it gave none."""
        self.at_hub.set()
        try:
            with contextlib.closing(self.connection(handler, len(body))) as hub:
                drip(hub.send, body, speed)
                with hub.getresponse() as reply:
                    text = reply.read()
        except (OSError, http.client.HTTPException):
            self.account.lost(request)
            return None
        finally:
            self.at_hub.clear()
        self.account.add(request, reply.status, json.loads(text) if text else None)
        return reply.status, reply.getheaders(), text


class Line:
    """A line that bytes pass without being looked at, and on which things go wrong."""

    FAULTS = ("cut", "slow", "reset", "lost", "hanging")

    def __init__(self, address, to):
        self.to = to
        self.listener = socket.create_server((address, 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        self.fault = None
        self.hits = 0
        self.pairs = set()
        self.lock = threading.Lock()

    def __enter__(self):
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.listener.close()
        self.arm("cut")

    def arm(self, fault):
        """From now on; None: all is well. "reset" and "lost" come once."""
        with self.lock:
            self.fault, self.hits = fault, 0
            pairs = list(self.pairs) if fault == "cut" else []
        for pair in pairs:
            self.break_off(pair)

    def accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.connect, args=[near], daemon=True).start()

    def connect(self, near):
        if self.fault == "cut":
            self.hits += 1
            return reset(near)
        try:
            pair = (near, socket.create_connection(self.to, 5))
        except OSError:
            return reset(near)
        with self.lock:
            self.pairs.add(pair)
        threading.Thread(target=self.pump, args=[pair, pair[1], pair[0], False], daemon=True).start()
        self.pump(pair, pair[0], pair[1], True)

    def break_off(self, pair):
        for one in pair:
            reset(one)
        with self.lock:
            self.pairs.discard(pair)

    def once(self, fault):
        with self.lock:
            if self.fault != fault:
                return False
            self.fault = None
            self.hits += 1
            return True

    def pump(self, pair, source, sink, is_up):
        """Until one side ends it."""
        with contextlib.suppress(OSError):
            while True:
                data = source.recv(16384)
                if not data:
                    break
                if is_up and len(data) > 500 and self.once("reset"):
                    sink.sendall(data[:len(data) // 2])
                    break
                if not is_up and self.once("lost"):
                    break
                while self.fault == "hanging":
                    self.hits += 1
                    time.sleep(0.05)
                if self.fault == "slow":
                    self.hits += 1
                drip(sink.sendall, data, SLOW if self.fault == "slow" else None)
        self.break_off(pair)
