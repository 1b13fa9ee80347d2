"""Agents and hubs that a test puts together: what they run with, and what each of them knows."""
import hashlib
import json
import os
import re
import secrets
import sqlite3
import urllib.parse
import uuid

from service import Service, until

PAGE = 100
# What each store counts for itself.
LOCAL = {"assetId", "addOnId", "assetModuleId", "sensorName"}
STATION = """FILEVERSION "3.2"
#STEP7_VERSION V5.6 + HF1
#CREATED "Thursday, September 14, 2023   3:05:44 PM"

STATION S7400 , "AS{number:03}"
BEGIN
  ASSET_ID "D95BAFC8F2A4427B9CF4BB99{number:08X}"
END

RACK 0, "6ES7 400-1TA01-0AA0", "UR1"
BEGIN
  ASSET_ID "5C6E433715BA4BDD977219D3{number:08X}"
END

RACK 0, SLOT 3, "6ES7 414-3EM07-0AB0" "V7.0", "CPU 414-3 PN/DP"
BEGIN
  ASSET_ID "4067C3584EE247F89A94E3E8{number:08X}"
END

RACK 0, SLOT 4, "6ES7 421-1BL01-0AA0", "{text}"
BEGIN
  ASSET_ID "829A48D422FE49A2AC70501E{number:08X}"
END

DPSUBSYSTEM 1, DPADDRESS 9, "6ES7 151-1AA05-0AB0", "Wrapper ET 200S"
BEGIN
  ASSET_ID "FEC3F6B32E8D4B8A8F54F8CE{number:08X}"
END

DPSUBSYSTEM 1, DPADDRESS 9, SLOT 5, "6ES7 131-4BD01-0AA0", "4DI DC24V ST"
BEGIN
  ASSET_ID "E89204E2E8164561867E5E15{number:08X}"
END
"""


def station(number, text, has_ids=True):
    """A project file with one controller, and a module in it of that name. Without the ids of the
    engineering tool the controller is known by its place alone."""
    content = STATION.format(number=number, text=text)
    if not has_ids:
        content = re.sub("  ASSET_ID .*\n", "", content)
    return content.encode()


def save(path, content):
    """At once, as a program does that saves a file."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path + ".new", "wb") as file:
        file.write(content)
    os.rename(path + ".new", path)


def write_secret(path, text):
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w",
              encoding="ascii") as file:
        file.write(text + "\n")
    return path


def new_token():
    return secrets.token_urlsafe(32)


def toml(table, **keys):
    """A table of a configuration: [sink] with its keys."""
    return f"{table}\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in keys.items())


class Gateway(Service):
    """An agent or a hub: rackscout run with these tables in a folder of its own."""

    def __init__(self, name, *tables, watches=False, place=True, level="info", store="", api="",
                 environment=None, prefix=()):
        self.name, self.tables, self.watches, self.place = name, list(tables), watches, place
        self.level, self.api_keys, self.store_keys = level, api, store
        super().__init__(environment=environment, prefix=prefix)

    def configure(self, *_, **__):
        """Writes what it runs with; the tables may have changed."""
        text = toml("", sensor_name=self.name, log_level=self.level, settle="20ms")
        if self.place:
            text += toml("", site="Linz", area=self.name)
        text += toml("[store]", path=self.store) + self.store_keys + "\n"
        text += "[api]\n" + (self.api_keys or "port = 0") + "\n"
        if self.watches:
            text += toml("[[folder]]", path=self.projects)
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(text + "\n".join(self.tables))

    def use(self, *tables):
        self.tables = list(tables)
        self.configure()

    def outbox(self, sink="hub"):
        """What `rackscout outbox` says of the sink."""
        run = self.command("outbox", "--store", self.store, "--format", "json")
        if run.returncode != 0:
            raise AssertionError(run.stderr)
        return next((entry for entry in json.loads(run.stdout) if entry["name"] == sink), None)

    def is_told(self, sink="hub"):
        """Whether nothing waits, and nothing is on its way."""
        with sqlite3.connect(f"file:{self.store}?mode=ro", uri=True) as store:
            rows = store.execute("SELECT fresh, flight, told >= coalesce((SELECT max(change) FROM"
                                 " changes), 0) FROM sinks WHERE sink = ?", [sink]).fetchall()
        store.close()
        return rows == [(0, "", 1)]

    def upload(self, *arguments):
        return self.command("upload", "--config", self.config, "--store", self.store, *arguments)

    def query(self, text, *values):
        """Rows of its store, as another program reads them."""
        with sqlite3.connect(f"file:{self.store}?mode=ro", uri=True) as store:
            rows = store.execute(text, values).fetchall()
        store.close()
        return rows

    def change_count(self):
        """How many changes of records its outbox ever saw."""
        return self.query("SELECT seq FROM sqlite_sequence WHERE name = 'changes'")[0][0]

    def pages(self, what):
        number, rows = 0, []
        while True:
            query = urllib.parse.urlencode({"extended": "true", "pageSize": PAGE,
                                            "pageNumber": number, "sort": "lastUpdated:asc"})
            answer = self.curl(f"/ot/v1/{what}/list?{query}")
            if answer.status != 200:
                raise AssertionError(f"{answer.status}: {answer.body}")
            page = answer.json() if what == "projectfile" else answer.json()["assets"]
            rows += page
            number += 1
            if len(rows) >= int(answer.headers["count"]) or not page:
                return rows

    def known(self):
        """All that its lists say, by UUID, without what each store counts for itself."""
        files, assets = self.pages("projectfile"), self.pages("host")
        known = {"file " + row["fileUuid"]: without_local(row) for row in files}
        known |= {"asset " + row["assetUuid"]: without_local(row) for row in assets}
        for key, keys in self.keys().items():
            known["keys " + key] = keys
        if len(files) + 2 * len(assets) != len(known):
            raise AssertionError("a record is in the list twice")
        return known

    def keys(self):
        """By what each asset of the list is recognised."""
        rows = self.query("SELECT a.asset_uuid, k.kind, k.value FROM assets a LEFT JOIN asset_keys k"
                          " ON k.asset_id = a.asset_id WHERE a.shown_file IS NOT NULL")
        keys = {}
        for identity, kind, value in rows:
            keys.setdefault(str(uuid.UUID(bytes=identity)), set()).add((kind, value))
        return keys


def without_local(value):
    """Add-ons have no order of their own between two stores."""
    if isinstance(value, dict):
        return {key: without_local(part) for key, part in value.items() if key not in LOCAL}
    if isinstance(value, list):
        return sorted((without_local(part) for part in value), key=json.dumps)
    return value


def difference(here, there, but=()):
    """In what two sides differ, for people; empty where they don't. `but`: fields that may."""
    lines = []
    for name in sorted(here.keys() | there.keys()):
        lines += [f"{name}: {line}" for line in unlike(here.get(name), there.get(name), but)]
    return f"{len(lines)} differences\n" + "\n".join(lines[:20]) if lines else ""


def unlike(one, other, but):
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted((one.keys() | other.keys()) - set(but)):
            if one.get(key) != other.get(key):
                yield f"{key}: {one.get(key)} at the agent, {other.get(key)} at the hub"
    elif one != other:
        yield f"{one} at the agent, {other} at the hub"


def hub_for(*sensors, **options):
    """A hub that these sensors may send to; `tokens` has their tokens."""
    hub = Gateway("hub", **options)
    hub.tokens = {sensor: new_token() for sensor in sensors}
    hub.use(toml("[hub]", accept=True),
            *(toml("[[hub.sensor]]", id=sensor,
                   token_file=write_secret(os.path.join(hub.folder, sensor + ".token"), token))
              for sensor, token in hub.tokens.items()))
    return hub


def hub_sink(agent, token, url, **keys):
    """The sink of an agent that sends to that hub."""
    path = write_secret(os.path.join(agent.folder, "hub.token"), token)
    return toml("[[sink]]", name="hub", kind="hub", url=url, token_file=path, **keys)


def all_read(agent):
    """Waits until the agent knows each file of its folder as it is now."""
    def is_read():
        rows = agent.query("SELECT path, md5 FROM files WHERE status = 'Imported'")
        importing = agent.query("SELECT 1 FROM files WHERE status = 'Importing'")
        return not importing and sorted(rows) == sorted(on_disk(agent.projects))
    until(is_read, "all files are read", 60)


def on_disk(folder):
    for at, _, names in os.walk(os.path.realpath(folder)):
        for name in names:
            path = os.path.join(at, name)
            if name.endswith(".cfg"):
                with open(path, "rb") as file:
                    yield path, hashlib.md5(file.read()).hexdigest()


def same(agent, hub, but=()):
    """Waits until the agent has told everything; then the hub knows what it does."""
    until(agent.is_told, "the agent has told everything", 60)
    lines = difference(agent.known(), hub.known(), but)
    if lines:
        raise AssertionError(lines)
