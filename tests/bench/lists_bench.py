"""The list API on a large store, against the sqlite3 shell on the same file.

    /usr/bin/python3 tests/bench/lists_bench.py RACKSCOUT STORE [--least]

For each of the 18 tokens a filter whose value is another one each time, so that nothing found
before helps; the shell runs SQL that gives the same page, with the same index, and counts the
same matches. Both medians are of one run.
"""
import json
import os
import re
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse

import plant_store

TURNS = 25
ASSET = ("json_object('assetId', a.asset_id, 'name', a.name, 'facts', (SELECT facts FROM"
         " asset_facts f WHERE f.file_id = a.shown_file AND f.asset_id = a.asset_id), 'addOns',"
         " (SELECT json_group_array(json_object('addOnId', x.add_on_id, 'orderId', x.order_id,"
         " 'serialNumber', x.serial_number, 'model', x.model, 'vendor', x.vendor, 'productName',"
         " x.product_name, 'firmwareVersion', x.firmware_version, 'unitAddress',"
         " x.unit_address)) FROM add_ons x WHERE x.file_id = a.shown_file AND x.asset_id ="
         " a.asset_id))")
FILE = ("json_object('name', name, 'extension', extension, 'status', status, 'plantLocation',"
        " plant_location, 'vendor', vendor, 'assetCount', asset_count, 'tool', tool_name,"
        " 'version', tool_version, 'fileHash', md5, 'uploadedBy', uploaded_by)")

# token: (column of the index or of the table, the value of a turn)
HOST_TOKENS = {
    "addOn.firmwareVersion": ("add_on_firmware_version", lambda n: f"V{n % 7 + 3}.{n % 7 + 3}"),
    "addOn.hardware.vendor": ("add_on_vendor", lambda n: plant_store.VENDORS[2 + n % 8]),
    "addOn.slaveAddress": ("add_on_slave_address", lambda n: f"0x{n * 3:08x}"),
    "addOn.hardware.category2": ("add_on_category", lambda n: plant_store.CATEGORIES[2 + n % 4]),
    "addOn.orderId": ("add_on_order_id", lambda n: plant_store.order_number(n * 17)),
    "addOn.unitAddress": ("add_on_unit_address", lambda n: str(17 + n % 8)),
    "addOn.hardware.model": ("add_on_model", lambda n: f"Module {n * 31}"),
    "addOn.serialNumber": ("add_on_serial_number", lambda n: f"0x{500_000 + n:08x}"),
}
FILE_TOKENS = {
    "assetCount": ("asset_count", lambda n: n + 5),
    "name": ("name", lambda n: f"Line {n + 17}"),
    "engineeringToolName": ("tool_name", lambda n: ("STEP7", "DIGSI 5", "TwinCAT")[n % 3]),
    "plantLocation": ("plant_location", lambda n: f"Hall {n + 4}"),
    "engineeringToolVersion": ("tool_version", lambda n: ("V5.5", "08.804", "3.1")[n % 3]),
    "vendor": ("vendor", lambda n: plant_store.VENDORS[2 + n % 8]),
    "status": ("status", lambda n: ("Deleted", "Failed", "Imported")[n % 3]),
    "fileHash": ("md5", lambda n: f"{n:x}"),
    "uploadedBy": ("uploaded_by", lambda n: f"User {n + 2}"),
    "lastUpdated": ("last_updated", lambda n: plant_store.FIRST_DAY + (n + 50) * 60_000),
}


class Shell:
    """One sqlite3 that stays open, as the service does."""

    def __init__(self, store):
        self.process = subprocess.Popen(["sqlite3", "-readonly", store], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.run("PRAGMA cache_size = -2048; PRAGMA temp_store = MEMORY;")

    def run(self, sql):
        begin = time.perf_counter()
        self.process.stdin.write(sql + "\nSELECT 'the end';\n")
        self.process.stdin.flush()
        lines = []
        for line in self.process.stdout:
            if line == "the end\n":
                return lines, time.perf_counter() - begin
            lines.append(line)
        raise RuntimeError("the shell ended")


class Api:
    def __init__(self, rackscout, store, settings=""):
        self.store = store
        self.folder = tempfile.TemporaryDirectory()
        config = os.path.join(self.folder.name, "c.toml")
        with open(config, "w", encoding="utf-8") as file:
            file.write(f'log_level = "error"\n{settings}[api]\nport = 0\n[store]\npath = "{store}"\n'
                       'journal_age = "0s"\n')
        self.process = subprocess.Popen([rackscout, "run", "--config", config])
        self.url = self.wait(rackscout, store)
        with open(store + ".token", encoding="ascii") as file:
            self.token = file.read().strip()
        self.connection, self.used = None, 0

    def connect(self):
        """The service ends a connection after a thousand requests."""
        if self.connection is None or self.used >= 900:
            host, port = self.url.removeprefix("http://").split(":")
            self.connection, self.used = socket.create_connection((host, int(port))), 0
            self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.used += 1

    def wait(self, rackscout, store):
        for _ in range(600):
            run = subprocess.run([rackscout, "status", "--store", store, "--format", "json"],
                                 capture_output=True, text=True, check=False)
            if run.returncode == 0:
                return json.loads(run.stdout)["api"]
            time.sleep(0.1)
        raise RuntimeError("the service does not start")

    def get(self, what, query):
        """How many match, and the seconds; with as little as can be around it, as for the shell."""
        request = (f"GET /ot/v1/{what}/list?{query} HTTP/1.1\r\nHost: localhost\r\n"
                   f"Authorization: Bearer {self.token}\r\n\r\n").encode()
        self.connect()
        begin = time.perf_counter()
        self.connection.sendall(request)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self.connection.recv(1 << 18)
        head, _, body = answer.partition(b"\r\n\r\n")
        fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
        while len(body) < int(fields[b"content-length"]):
            body += self.connection.recv(1 << 18)
        spent = time.perf_counter() - begin
        if b" 200 " not in head.split(b"\r\n")[0]:
            raise RuntimeError(body)
        return int(fields[b"count"]), spent

    def rss(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmRSS"))

    def end(self):
        self.process.terminate()
        self.process.wait()


def words_of(value):
    """As the index has them: letters and digits, folded."""
    return " ".join("".join(c.lower() if c.isalnum() else " " for c in value).split())


def page_sql(table, row_id, found, record):
    """One statement, which looks once: how many there are, and the newest ten of them."""
    newest = f"last_updated DESC, {row_id} DESC"
    return (f"WITH found AS MATERIALIZED (SELECT {row_id}, last_updated FROM {table} WHERE {found}),"
            f" page AS MATERIALIZED (SELECT {row_id} FROM found ORDER BY {newest} LIMIT 10)"
            f" SELECT (SELECT count(*) FROM found), {record} FROM {table} a WHERE {row_id} IN"
            f" (SELECT {row_id} FROM page) ORDER BY {newest};")


def host_sql(column, value):
    found = ("shown_file IS NOT NULL AND asset_id IN (SELECT rowid FROM asset_words WHERE"
             f" asset_words MATCH '{column} : \"{words_of(value)}\"')")
    return page_sql("assets", "asset_id", found, ASSET)


def file_sql(column, value):
    found = f"{column} = {value}" if isinstance(value, int) else f"{column} LIKE '%{value}%'"
    return page_sql("files", "file_id", found, FILE)


def filter_of(token, value):
    if token == "lastUpdated":
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(value / 1000))
        return f"lastUpdated: {moment}.{value % 1000:03d}Z"
    return f"{token}: {value}" if isinstance(value, int) else f'{token}: "{value}"'


def change(store):
    """Whatever anybody kept of what they found before is of no use afterwards."""
    connection = sqlite3.connect(store)
    with connection:
        connection.execute("UPDATE meta SET value = value + 1 WHERE name = 'next_add_on_id'")
    connection.close()


def compare(api, shell, what, token, column, value_of, sql_of):
    ours, theirs, counts = [], [], []
    for turn in range(TURNS):
        value = value_of(turn)
        query = "filter=" + urllib.parse.quote(filter_of(token, value))
        change(api.store)
        count, spent = api.get(what, query)
        rows, shell_spent = shell.run(sql_of(column, value))
        counts.append((count, int(rows[0].split('|')[0]) if rows else 0))
        ours.append(spent)
        theirs.append(shell_spent)
    return statistics.median(ours), statistics.median(theirs), counts


WRK = """
local turn = 0
function request()
  turn = turn + 1
  local model = turn * 7919 %% %d
  return wrk.format("GET", "/ot/v1/host/list?filter=addOn.hardware.model:%%20%%22Module%%20" .. model
                    .. "%%22&pageNumber=" .. turn %% 2)
end
"""


def storm(api, clients, filters):
    """The median and the 99th percentile in milliseconds; each filter matches some 670 records."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(WRK % filters)
        script.flush()
        run = subprocess.run(["wrk", "-t1", f"-c{clients}", "-d10s", "--latency", "-s", script.name,
                              "-H", f"Authorization: Bearer {api.token}", api.url],
                             capture_output=True, text=True, check=True)
    if "Non-2xx" in run.stdout:
        raise RuntimeError(run.stdout)
    scale = {"us": 0.001, "ms": 1, "s": 1000}
    found = dict(re.findall(r"^ +(50|99)% +([0-9.]+(?:us|ms|s))", run.stdout, re.M))
    return [float(text.rstrip("mus")) * scale[text.lstrip("0123456789.")]
            for text in (found["50"], found["99"])]


def storms(api, filters):
    median, alone = storm(api, 1, filters)
    _, crowd = storm(api, 8, filters)
    print(f"{filters} filters of 670 matches in turn: one client's median {median:.2f} ms, p99"
          f" {alone:.2f} ms; p99 of eight {crowd:.2f} ms, {crowd / median:.1f} times the median of"
          " one (at most 4)")


def main():
    rackscout, store = sys.argv[1:3]
    plant_store.make(rackscout, store)
    api, shell = Api(rackscout, store), Shell(store)
    worst = 0
    for what, tokens, sql_of in (("host", HOST_TOKENS, host_sql),
                                 ("projectfile", FILE_TOKENS, file_sql)):
        for token, (column, value_of) in tokens.items():
            ours, theirs, counts = compare(api, shell, what, token, column, value_of, sql_of)
            worst = max(worst, ours / theirs)
            print(f"{token:28} {ours * 1000:8.2f} ms, shell {theirs * 1000:8.2f} ms, ratio"
                  f" {ours / theirs:5.2f}; matches {counts[0]} {counts[-1]}")
    print(f"the worst ratio: {worst:.2f} (at most 1.5)")
    begin = [api.get("host", f"filter=hardware.vendor%3A%20%22Siemens%22&pageNumber={page}")[1]
             for page in range(100)]
    print(f"first 100 pages: median {statistics.median(begin) * 1000:.2f} ms, the last ten"
          f" {statistics.median(begin[-10:]) * 1000:.2f} ms")
    storms(api, 16)
    storms(api, 1500)
    print(f"RSS afterwards: {api.rss()} KiB")
    api.end()


if __name__ == "__main__":
    main()
