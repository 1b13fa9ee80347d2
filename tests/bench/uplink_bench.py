"""How long 100,000 add-ons take from an agent to a hub on the same machine, against the sum of two
plain programs that do its parts; and what a hub does under 200 agents.

    /usr/bin/python3 tests/bench/uplink_bench.py RACKSCOUT [--assets N] [--agents N] [--seconds N]

The sum: one curl process that posts the same compressed bodies to nginx over one connection, and
the sqlite3 shell that inserts the rows which the hub then holds into the hub's schema,
synchronous=FULL, in as many transactions.
"""
import argparse
import gzip
import http.client
import http.server
import json
import os
import resource
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import uuid

import plant_store

TOKEN = "0123456789abcdef" * 4
TABLES = ["assets", "asset_uuids", "asset_keys", "asset_facts", "add_ons", "configured_views",
          "received", "received_sightings", "files", "changes", "asset_words"]


def port_of(log):
    """The port in the line that tells of a service that is ready."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        with open(log, encoding="utf-8") as lines:
            for line in lines:
                if "ready:" in line and "http://" in line:
                    return int(line.rsplit(":", 1)[1])
        time.sleep(0.02)
    raise AssertionError("the hub is not ready")


class Hub:
    def __init__(self, rackscout, folder, sensors):
        self.folder, self.store = folder, os.path.join(folder, "hub.db")
        os.makedirs(folder, exist_ok=True)
        text = '[api]\nport = 0\nconnections = 300\n[hub]\naccept = true\n'
        for sensor in sensors:
            token = os.path.join(folder, sensor + ".token")
            with open(os.open(token, os.O_CREAT | os.O_WRONLY, 0o600), "w") as file:
                file.write(token_of(sensor) + "\n")
            text += f'[[hub.sensor]]\nid = "{sensor}"\ntoken_file = "{token}"\n'
        config = os.path.join(folder, "hub.toml")
        with open(config, "w", encoding="utf-8") as file:
            file.write(text + f'[store]\npath = "{self.store}"\n')
        self.log = os.path.join(folder, "log")
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen([rackscout, "run", "--config", config], stderr=log)
        self.port = port_of(self.log)

    def peak_mib(self):
        with open(f"/proc/{self.process.pid}/status", encoding="utf-8") as lines:
            for line in lines:
                if line.startswith("VmHWM"):
                    return int(line.split()[1]) / 1024
        return 0

    def end(self):
        self.process.terminate()
        self.process.wait(timeout=10)


def token_of(sensor):
    return uuid.uuid5(uuid.NAMESPACE_DNS, sensor).hex * 2


def agent_config(folder, url, sensor="agent"):
    token = os.path.join(folder, "agent.token")
    with open(os.open(token, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as file:
        file.write(token_of(sensor) + "\n")
    config = os.path.join(folder, "agent.toml")
    with open(config, "w", encoding="utf-8") as file:
        file.write(f'sensor_name = "{sensor}"\n[[sink]]\nname = "hub"\nkind = "hub"\nurl = "{url}"\n'
                   f'token_file = "{token}"\n[store]\npath = "{folder}/agent.db"\n')
    return config


def upload(rackscout, config):
    """Seconds, and the most memory in MiB."""
    before = time.perf_counter()
    # A child of ours would count our own memory as its own.
    done = subprocess.run(["/usr/bin/time", "-q", "-f", "%M", rackscout, "upload", "--config", config],
                          capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise AssertionError(f"upload failed: {done.stderr}")
    return time.perf_counter() - before, int(done.stderr.split()[-1]) / 1024


def everything_anew(store):
    """Rows that were put in past the program are no changes yet."""
    with sqlite3.connect(store) as database:
        database.execute("DELETE FROM sinks")
        database.execute("DELETE FROM changes")
        database.execute("INSERT INTO changes(kind, id, at) SELECT 2, asset_id, 0 FROM assets")
    database.close()


class Recorder(http.server.BaseHTTPRequestHandler):
    """Takes every record and keeps the bodies."""
    protocol_version = "HTTP/1.1"
    bodies = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        Recorder.bodies.append(body)
        head = json.loads(gzip.decompress(body))
        results = [{"index": i, "status": "applied"} for i in range(len(head["records"]))]
        answer = json.dumps({"applied": len(results), "results": results,
                             "acknowledged": head["sequence"]}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


def record_bodies(rackscout, folder):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Recorder)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    everything_anew(os.path.join(folder, "agent.db"))
    upload(rackscout, agent_config(folder, f"http://127.0.0.1:{server.server_port}"))
    server.shutdown()
    return Recorder.bodies


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def post_with_curl(bodies, folder):
    """Seconds for one curl process and one connection to nginx."""
    port = free_port()
    config = os.path.join(folder, "nginx.conf")
    with open(config, "w", encoding="utf-8") as file:
        user = "user root;" if os.geteuid() == 0 else ""
        file.write(f"""{user} daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
worker_processes 1; events {{}}
http {{ access_log off; client_max_body_size 8m; client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u;
  scgi_temp_path {folder}/s; keepalive_requests 100000;
  server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass http://127.0.0.1:{port}/end; }}
    location /end {{ return 200 "ok"; }} }} }}""")
    nginx = subprocess.Popen(["nginx", "-p", folder, "-c", config], stderr=subprocess.DEVNULL)
    time.sleep(0.5)
    command = ["curl", "-sf", "-o", "/dev/null"]
    for number, body in enumerate(bodies):
        path = os.path.join(folder, f"body{number}")
        with open(path, "wb") as file:
            file.write(body)
        command += ["--next"] if number else []
        command += ["-sf", "-o", "/dev/null", "-H", "Content-Type: application/json", "-H",
                    "Expect:", "--data-binary", "@" + path, f"http://127.0.0.1:{port}/"]
    try:
        before = time.perf_counter()
        subprocess.run(command, check=True)
        return time.perf_counter() - before
    finally:
        nginx.terminate()
        nginx.wait(timeout=10)


def quoted(value):
    if value is None:
        return "NULL"
    if isinstance(value, bytes):
        return f"x'{value.hex()}'"
    return str(value) if isinstance(value, (int, float)) else "'" + value.replace("'", "''") + "'"


def rows_of(database, table):
    columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
    names = ", ".join(("rowid AS rowid", *columns) if table == "asset_words" else columns)
    target = ", ".join(("rowid", *columns) if table == "asset_words" else columns)
    for row in database.execute(f"SELECT {names} FROM {table}"):
        yield f"INSERT INTO {table}({target}) VALUES({', '.join(map(quoted, row))});\n"


def insert_with_shell(store, batches, folder):
    """Seconds for the sqlite3 shell to insert what the hub holds."""
    empty = os.path.join(folder, "empty.db")
    with sqlite3.connect(store) as database:
        schema = [row[0] for row in database.execute(
            "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'asset_words_%'"
            " AND name NOT LIKE 'sqlite_%' AND type <> 'trigger'")]
        tables = [list(rows_of(database, table)) for table in TABLES]
    with sqlite3.connect(empty) as target:
        target.execute("PRAGMA journal_mode = WAL")
        for statement in schema:
            target.execute(statement)
    target.close()
    script = os.path.join(folder, "rows.sql")
    with open(script, "w", encoding="utf-8") as file:
        file.write("PRAGMA synchronous=FULL;\n")
        for batch in range(batches):
            file.write("BEGIN;\n")
            for rows in tables:
                share = len(rows) / batches
                file.writelines(rows[int(batch * share):int((batch + 1) * share)])
            file.write("COMMIT;\n")
    before = time.perf_counter()
    with open(script, "rb") as commands:
        subprocess.run(["sqlite3", "-bail", empty], stdin=commands, check=True,
                       stdout=subprocess.DEVNULL)
    return time.perf_counter() - before


def drain(rackscout, assets, folder):
    store = os.path.join(folder, "agent.db")
    plant_store.make(rackscout, store, assets)
    bodies = record_bodies(rackscout, folder)
    hub = Hub(rackscout, os.path.join(folder, "hub"), ["agent"])
    everything_anew(store)
    seconds, memory = upload(rackscout, agent_config(folder, f"http://127.0.0.1:{hub.port}"))
    peak = hub.peak_mib()
    hub.end()
    with sqlite3.connect(hub.store) as database:
        held = database.execute("SELECT sum(add_on_count) FROM assets").fetchone()[0]
    posted = post_with_curl(bodies, folder)
    inserted = insert_with_shell(hub.store, len(bodies), folder)
    megabytes = sum(map(len, bodies)) / 1e6
    print(f"{held} add-ons in {len(bodies)} requests ({megabytes:.1f} MB compressed): {seconds:.2f} s,"
          f" {seconds / (posted + inserted):.2f} times curl's {posted:.2f} s and the shell's"
          f" {inserted:.2f} s together (at most 3)")
    print(f"memory: agent {memory:.1f} MiB (at most 32), hub {peak:.1f} MiB")


def module(agent, number, turn):
    return {"unitAddress": str(number), "slot": number, "rack": 0, "orderId": f"6ES7{300 + number}",
            "serialNumber": f"{agent}-{number}-{turn}", "firmwareVersion": f"V{turn}",
            "hardware": {"vendor": "Siemens", "model": f"SM {number}",
                         "category2": "I/O Module"}, "origin": "configured",
            "confidence": "confirmed"}


def record(sensor, agent, turn, at):
    return {"op": "put", "kind": "asset", "observedAt": at,
            "keys": [{"kind": "projectId", "value": [f"{agent:032x}"]}],
            "record": {"assetUuid": str(uuid.uuid5(uuid.NAMESPACE_DNS, sensor)),
                       "name": f"CPU of {sensor}", "station": sensor, "lastUpdated": at,
                       "created": "2024-01-01T00:00:00.000Z",
                       "hardware": {"vendor": "Siemens", "model": "CPU 412"},
                       "inventory": {"sensorName": sensor, "source": "Project File"},
                       "addOns": [module(agent, number, turn) for number in range(20)]}}


def simulate(hub, agent, seconds, waits, failures):
    """An agent: 20 add-ons every ten seconds."""
    sensor = f"agent{agent}"
    connection = http.client.HTTPConnection("127.0.0.1", hub.port, timeout=30)
    head = {"Authorization": "Bearer " + token_of(sensor), "Content-Type": "application/json",
            "Content-Encoding": "gzip"}
    end = time.monotonic() + seconds
    due = time.monotonic() + 10 * agent / 200
    turn = 0
    while due < end:
        time.sleep(max(0, due - time.monotonic()))
        turn += 1
        at = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())
        body = gzip.compress(json.dumps({
            "sensorId": sensor, "epoch": "bench", "sequence": turn, "flight": str(turn),
            "sentAt": at, "records": [record(sensor, agent, turn, at)]}).encode(), 1)
        before = time.monotonic()
        while True:
            connection.request("POST", "/ot/v1/host/import", body, head)
            answer = connection.getresponse()
            text = answer.read()
            if answer.status not in (429, 503):
                break
            time.sleep(1)
        waits.append(time.monotonic() - before)
        if answer.status != 200 or json.loads(text)["applied"] != 1:
            failures.append(f"{answer.status} {text[:200]}")
        due += 10


def many(rackscout, agents, seconds, folder):
    hub = Hub(rackscout, os.path.join(folder, "many"), [f"agent{n}" for n in range(agents)])
    waits, failures = [], []
    threads = [threading.Thread(target=simulate, args=(hub, n, seconds, waits, failures))
               for n in range(agents)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    peak = hub.peak_mib()
    hub.end()
    waits.sort()
    print(f"{agents} agents for {seconds} s: {len(waits)} requests, {len(failures)} failed, median"
          f" {waits[len(waits) // 2] * 1000:.0f} ms, slowest {waits[-1] * 1000:.0f} ms (at most"
          f" 10,000), hub {peak:.1f} MiB (at most 128)")
    for failure in failures[:3]:
        print("  " + failure)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("rackscout")
    parser.add_argument("--assets", type=int, default=10_000)
    parser.add_argument("--agents", type=int, default=200)
    parser.add_argument("--seconds", type=int, default=300)
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    folder = tempfile.mkdtemp(prefix="rackscout-bench-")
    try:
        if options.assets:
            drain(options.rackscout, options.assets, folder)
        if options.agents:
            many(options.rackscout, options.agents, options.seconds, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
