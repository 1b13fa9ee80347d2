"""The platform's import of assets: a stand-in that logs in, limits, refuses and loses patience."""
import base64
import collections
import http.server
import json
import os
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.parse

import plant
from uplink import save, station, toml, write_secret

CONNECTOR = "5ab0b8f2-6f9a-4d6e-8f0e-3b1f6b1b7c11"
SYNC = "/rest/2.0/am/connector/asset/data/sync"
APPS = "/rest/2.0/upsert/am/businessapp/metadata"
TAKEN = {"message": "All Assets are successfully published for sync.",
         "responseCode": "SUCCESSFULLY_PUBLISHED", "assetsError": {}}


def jwt(life):
    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
    return ".".join((part({"alg": "none"}), part({"exp": int(time.time()) + life}), "c2ln"))


class Platform(http.server.ThreadingHTTPServer):
    """Keeps what it is asked; `script` holds, by path, answers to give before the usual one."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answers)
        self.asked, self.script = [], collections.defaultdict(list)
        self.token, self.assets = "", {}
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def paths(self):
        return [path for path, _ in self.asked]

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()


class Answers(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.asked.append((self.path, body))
        if self.server.script[self.path]:
            status, content, *headers = self.server.script[self.path].pop(0)
            return self.reply(status, content, *headers)
        if self.path == "/auth":
            return self.log_in(urllib.parse.parse_qs(body))
        if self.headers["Authorization"] != "Bearer " + self.server.token:
            return self.reply(401, {"message": "who are you"})
        for asset in json.loads(body).get("assetData", []):
            self.server.assets[asset["identityAttributes"]["sourceNativeKey"]] = asset
        return self.reply(200, TAKEN)

    def log_in(self, form):
        if (form["username"], form["password"]) != (["plant user"], ["p&ss=w%rd"]):
            return self.reply(401, {"message": "no"})
        self.server.token = jwt(4 * 3600)
        return self.reply(201, self.server.token)

    def reply(self, status, content, headers=()):
        data = (content if isinstance(content, str) else json.dumps(content)).encode()
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


class Sync(unittest.TestCase):
    def setUp(self):
        self.platform = self.enterContext(Platform())
        self.folder = self.enterContext(tempfile.TemporaryDirectory(prefix="rackscout-csam-"))
        self.store = os.path.join(self.folder, "store.db")
        self.config = os.path.join(self.folder, "rackscout.toml")
        self.configure()

    def configure(self, **keys):
        password = write_secret(os.path.join(self.folder, "password"), "p&ss=w%rd")
        with open(self.config, "w", encoding="utf-8") as file:
            file.write('sensor_name = "gw"\n')
            file.write(toml("[[sink]]", name="platform", kind="csam", url=self.platform.url,
                            user="plant user", password_file=password, connector_uuid=CONNECTOR,
                            **keys))
            file.write(toml("[[business_app]]", id="APP-1", name="Bottling"))
            file.write(toml("[store]", path=self.store))

    def change(self, *numbers, text="DI"):
        for number in numbers:
            save(os.path.join(self.folder, "p", f"s{number}.cfg"), station(number, text))
        self.run_program("ingest", "--store", self.store, os.path.join(self.folder, "p"))

    def run_program(self, *arguments):
        return subprocess.run([plant.RACKSCOUT, *arguments], capture_output=True, text=True,
                              timeout=120, check=False)

    def upload(self, code=0):
        run = self.run_program("upload", "--config", self.config)
        self.assertEqual(code, run.returncode, run.stderr)
        return run.stderr

    def test_applications_come_first_and_each_asset_once(self):
        self.change(1, 2)
        self.upload()
        self.assertEqual(["/auth", APPS, SYNC], self.platform.paths())
        sent = json.loads(self.platform.asked[-1][1])
        self.assertEqual({"source": "WEBHOOK", "connectorUuid": CONNECTOR, "assetCount": 2},
                         {key: sent["connectorMetaData"][key]
                          for key in ("source", "connectorUuid", "assetCount")})
        self.assertEqual([{"businessAppId": "APP-1"}],
                         sent["assetData"][0]["coreAttributes"]["businessApps"])
        before = len(self.platform.asked)
        self.upload()
        self.assertEqual(before, len(self.platform.asked))
        self.change(1, text="DI 32")
        self.upload()
        self.assertEqual(1, json.loads(self.platform.asked[-1][1])["connectorMetaData"]["assetCount"])

    def test_a_token_that_ended_is_renewed_once(self):
        self.change(1)
        self.platform.script[SYNC] = [(401, {"message": "expired"})]
        self.upload()
        self.assertEqual(["/auth", APPS, SYNC, "/auth", SYNC], self.platform.paths())
        self.assertEqual(1, len(self.platform.assets))

    def test_a_wrong_password_is_tried_once(self):
        self.change(1)
        write_secret(os.path.join(self.folder, "password"), "wrong")
        said = self.upload(3)
        self.assertEqual(["/auth"], self.platform.paths())
        self.assertIn("password_file", said)
        self.assertNotIn("wrong", said)

    def test_what_is_too_much_is_split_and_what_is_refused_set_aside(self):
        self.change(*range(8))
        first = json.loads(self.run_program("list", "assets", "--format", "json", "--store",
                                            self.store).stdout)["assets"][0]["assetUuid"]
        key = "rackscout/" + first
        self.platform.script[SYNC] = [(413, "too large")]
        self.upload()
        self.assertEqual(8, len(self.platform.assets))
        self.platform.script[SYNC] = [(207, {"assetsError": {key: {"errorMessage": "bad model"}}})]
        self.change(*range(8), text="DI 32")
        self.assertIn("1 set aside", self.upload(3))
        outbox = self.run_program("outbox", "--config", self.config)
        self.assertIn("bad model", outbox.stdout)
        self.run_program("outbox", "retry", "--config", self.config)
        self.upload()
        again = json.loads(self.platform.asked[-1][1])["assetData"]
        self.assertEqual([key], [asset["identityAttributes"]["sourceNativeKey"] for asset in again])

    def test_a_limit_is_kept(self):
        self.change(1)
        self.platform.script[SYNC] = [(409, {"message": "slow down"},
                                       [("Retry-After", "600"), ("X-RateLimit-ToWait-Sec", "2")])]
        begin = time.monotonic()
        self.upload()
        self.assertGreaterEqual(time.monotonic() - begin, 2)
        self.assertEqual(1, len(self.platform.assets))

    def test_a_dry_run_sends_nothing_and_shows_no_secret(self):
        self.change(1)
        run = self.run_program("upload", "--dry-run", "--config", self.config)
        self.assertEqual(0, run.returncode, run.stderr)
        self.assertIn("POST " + SYNC, run.stdout)
        self.assertIn("POST " + APPS, run.stdout)
        self.assertIn("Bearer ********", run.stdout)
        self.assertNotIn("p&ss", run.stdout)
        self.assertEqual([], self.platform.asked)


if __name__ == "__main__":
    plant.main()
