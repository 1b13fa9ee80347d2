"""Wrong trust is refused before a byte of HTTP is sent, wrong tokens before anything is stored, and
no secret is seen anywhere."""
import base64
import contextlib
import hashlib
import hmac
import http.server
import json
import os
import subprocess
import tempfile
import threading
import time
import unittest

import plant
from service import until
from uplink import Gateway, hub_for, hub_sink, new_token, same, save, station, toml, write_secret
from uplink_line import Authority, Nginx, Wire, missing_programs

MISSING = missing_programs("nginx", "openssl", "faketime")
ADDRESS = "127.60.3.1"
KEY = "a secret of the login server, long enough for HS256"
AUDIENCE = "rackscout hub"


def pin_of(certificate):
    public = plant.run(["openssl", "x509", "-in", certificate, "-pubkey", "-noout"]).out
    der = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "der"], input=public.encode(),
                         capture_output=True, check=True).stdout
    return base64.b64encode(hashlib.sha256(der).digest()).decode()


def filled_agent(**options):
    """It knows one station, and does not run: `rackscout upload` sends."""
    agent = Gateway("hall", watches=True, **options)
    save(os.path.join(agent.projects, "s1.cfg"), station(1, "DI"))
    run = agent.command("ingest", "--store", agent.store, "--site", "Linz", "--area",
                        agent.name, agent.projects)
    if run.returncode != 0:
        raise AssertionError(run.stderr)
    return agent


def jwt(**claims):
    def part(data):
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
    head = part(json.dumps({"alg": "HS256", "typ": "JWT"}).encode())
    body = part(json.dumps({"exp": int(time.time()) + 600, **claims}).encode())
    mac = hmac.new(KEY.encode(), f"{head}.{body}".encode(), hashlib.sha256).digest()
    return f"{head}.{body}.{part(mac)}"


def received(hub):
    """How much it has of anybody."""
    return sum(hub.query(f"SELECT count(*) FROM {table}")[0][0]
               for table in ("sensors", "received", "files", "assets"))


class Upload(threading.Thread):
    """`rackscout upload` to its end, beside others: after a failure it waits a while."""

    def __init__(self, agent):
        super().__init__(daemon=True)
        self.agent, self.run_ = agent, None
        self.start()

    def run(self):
        self.run_ = self.agent.upload()

    def result(self):
        self.join()
        return self.run_


@unittest.skipIf(MISSING, MISSING)
class Servers(unittest.TestCase):
    """One nginx for each way to be wrong, all at once."""

    @classmethod
    def setUpClass(cls):
        cls.stack = contextlib.ExitStack()
        cls.addClassCleanup(cls.stack.close)
        cls.folder = cls.stack.enter_context(tempfile.TemporaryDirectory(prefix="rackscout-ca-"))
        cls.ca = Authority(os.path.join(cls.folder, "ca"))

    def setUp(self):
        self.hub = self.enterContext(hub_for("hall"))
        self.wire = self.enterContext(Wire())
        self.wire.lead_to(self.hub)

    def server(self, certificate, key, settings=""):
        return self.enterContext(Nginx(ADDRESS, certificate, key, self.wire.address,
                                       settings=settings))

    def agent(self, server, **keys):
        agent = filled_agent()
        self.addCleanup(agent.__exit__)
        agent.use(hub_sink(agent, self.hub.tokens["hall"], f"https://{ADDRESS}:{server.port}",
                           ca=self.ca.certificate, **keys))
        return agent

    def wrong_servers(self):
        """What is wrong -> (certificate and key, settings, keys of the sink, words told)."""
        name, ca = f"IP:{ADDRESS}", self.ca
        other = Authority(os.path.join(self.folder, "other"), "another CA")
        good = ca.sign("good", name)
        old = "ssl_protocols TLSv1.1; ssl_ciphers ALL:@SECLEVEL=0;"
        return {
            "expired": (ca.sign("expired", name, before=["faketime", "-f", "-60d"]), "", {},
                        ["expired on", "renew it"]),
            "not yet valid": (ca.sign("early", name, before=["faketime", "-f", "+60d"]), "", {},
                              ["not valid before", "clock"]),
            "another name": (ca.sign("named", "DNS:other.example", "IP:127.60.3.9"), "", {},
                             ["is for", "127.60.3.9", "not for the address " + ADDRESS]),
            "signed by itself": (ca.make("own", "stranger", [name]), "", {},
                                 ["signed by itself", "ca = "]),
            "signed by a stranger": (other.sign("strange", name), "", {},
                                     ["another CA", "nobody here knows", "ca = "]),
            "another key than pinned": (good, "", {"pins": [pin_of(other.certificate)]},
                                        ["not one that is pinned", pin_of(good[0])]),
            "TLS 1.1 alone": (good, old, {}, ["TLS 1.1 or older", "TLS 1.2 is the least"]),
        }

    def test_wrong_trust_is_refused_before_a_byte_of_http(self):
        uploads = {}
        for what, (pair, settings, keys, words) in self.wrong_servers().items():
            server = self.server(*pair, settings=settings)
            uploads[what] = (Upload(self.agent(server, **keys)), server, words)
        for what, (upload, server, words) in uploads.items():
            with self.subTest(what):
                self.check_refused(upload.result(), server, words)
        self.assertEqual(0, self.wire.account.requests)
        self.assertEqual(0, received(self.hub))

    def check_refused(self, run, server, words):
        self.assertEqual(3, run.returncode, run.stderr)
        for word in words:
            self.assertIn(word, run.stderr)
        self.assertEqual([], server.requests(), "no HTTP came")
        with open(server.errors, encoding="utf-8") as errors:
            self.assertIn("SSL", errors.read(), "somebody was there")

    def test_right_trust_is_not(self):
        """The same with nothing wrong; a pin may be that of the CA, too."""
        pair = self.ca.sign("right", f"IP:{ADDRESS}")
        server = self.server(*pair)
        for pinned in (pair[0], self.ca.certificate):
            run = self.agent(server, pins=[pin_of(pinned)]).upload()
            self.assertEqual(0, run.returncode, run.stderr)
        self.assertGreater(received(self.hub), 0)
        self.assertGreater(len(server.requests()), 1)


def jwt_hub():
    """It takes records of whoever has a signed token for it."""
    hub = Gateway("hub")
    key = write_secret(os.path.join(hub.folder, "jwt.key"), KEY)
    hub.use(toml("[api.jwt]", algorithm="HS256", key_file=key, audience=AUDIENCE),
            toml("[hub]", accept=True, jwt_sensors=True))
    return hub


class Tokens(unittest.TestCase):
    """Whoever is refused tries again for a while: all at once."""

    @classmethod
    def setUpClass(cls):
        cls.stack = contextlib.ExitStack()
        cls.addClassCleanup(cls.stack.close)
        cls.foreign, cls.plain, cls.signed = jwt_hub(), hub_for("hall", "other"), jwt_hub()
        cls.token = jwt(sub="hall", aud="another hub")
        cls.uploads = {hub: Upload(cls.agent(cls.stack.enter_context(hub), token)) for hub, token in
                       ((cls.foreign, cls.token), (cls.plain, cls.plain.tokens["other"]),
                        (cls.signed, jwt(sub="other", aud=AUDIENCE)))}

    @classmethod
    def agent(cls, hub, token):
        agent = filled_agent()
        cls.stack.callback(agent.__exit__)
        agent.use(hub_sink(agent, token, hub.url))
        return agent

    def refused(self, hub):
        run = self.uploads[hub].result()
        self.assertEqual(3, run.returncode, run.stderr)
        self.assertEqual(0, received(hub))
        for token in (self.token, self.plain.tokens["other"]):
            self.assertNotIn(token, hub.logged() + run.stderr)
        return run.stderr

    def test_a_token_for_another_audience_stores_nothing(self):
        told = self.refused(self.foreign)
        self.assertIn("401: a valid token is needed", told)
        self.assertIn("look at the sink's token_file", told)
        self.assertIn("it is for another audience", self.foreign.logged())

    def test_a_token_for_this_audience_stores(self):
        with jwt_hub() as hub:
            for audience in (AUDIENCE, ["another hub", AUDIENCE]):
                run = self.agent(hub, jwt(sub="hall", aud=audience)).upload()
                self.assertEqual(0, run.returncode, run.stderr)
            self.assertEqual([("hall",)], hub.query("SELECT sensor FROM sensors"))

    def test_a_token_of_another_sensor_stores_nothing(self):
        for hub in (self.plain, self.signed):
            told = self.refused(hub)
            self.assertIn('403: this credential is sensor "other"\'s', told)
            self.assertIn("sensor_name", told)
            self.assertIn('the credential is that of "other", the records of "hall"', hub.logged())


class Platform(http.server.BaseHTTPRequestHandler):
    """A login that gives a token, and an import that takes all."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path == "/auth":
            self.server.logins.append(body)
            return self.answer(201, self.server.token)
        self.server.authorizations.append(self.headers["Authorization"])
        return self.answer(200, json.dumps({"message": "ok", "assetsError": {},
                                            "responseCode": "SUCCESSFULLY_PUBLISHED"}))

    def answer(self, status, text):
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def platform():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Platform)
    server.token, server.logins, server.authorizations = new_token(), [], []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


class Secrets(unittest.TestCase):
    PASSWORD, PROXY_PASSWORD = "pass%word & more", "proxy-secret-7f31"

    def sinks(self, agent, hub, server):
        password = write_secret(os.path.join(agent.folder, "password"), self.PASSWORD)
        proxy = write_secret(os.path.join(agent.folder, "proxy"), self.PROXY_PASSWORD)
        token = write_secret(os.path.join(agent.folder, "far.token"), self.far)
        uuid = "4da66005-911b-59b0-bb8d-193d3255af7e"
        return [hub_sink(agent, hub.tokens["hall"], hub.url),
                toml("[[sink]]", name="platform", kind="csam", connector_uuid=uuid, user="rack",
                     url=f"http://127.0.0.1:{server.server_address[1]}", password_file=password),
                toml("[[sink]]", name="far", kind="csam", connector_uuid=uuid, token_file=token,
                     url="https://127.60.3.7:1", proxy="http://127.60.3.8:1", proxy_user="me",
                     proxy_password_file=proxy)]

    def test_no_secret_is_seen(self):
        self.far = new_token()
        with contextlib.ExitStack() as stack:
            hub = stack.enter_context(hub_for("hall", level="debug"))
            server = stack.enter_context(platform())
            agent = filled_agent(level="debug")
            stack.callback(agent.__exit__)
            agent.use(*self.sinks(agent, hub, server))
            dry = agent.upload("--dry-run")
            self.assertEqual(0, dry.returncode, dry.stderr)
            self.assertIn("Authorization: Bearer ********", dry.stdout)
            self.assertEqual(0, received(hub))
            agent.start()
            until(lambda: agent.is_told("hub") and server.authorizations and
                  "far:" in agent.logged(), "all were tried")
            same(agent, hub)
            self.assertEqual(["Bearer " + server.token], sorted(set(server.authorizations)))
            seen = self.everything(agent, hub, dry)
            secrets = {"token": hub.tokens["hall"], "login's token": server.token,
                       "far token": self.far, "password": self.PASSWORD,
                       "password as it is sent": server.logins[0].split("password=")[1].split("&")[0],
                       "proxy's password": self.PROXY_PASSWORD,
                       "proxy's credentials": base64.b64encode(
                           f"me:{self.PROXY_PASSWORD}".encode()).decode(),
                       "token of the list": agent.token()}
            for where, text in seen.items():
                for name, secret in secrets.items():
                    self.assertNotIn(secret, text, f"the {name} is seen in {where}")

    def everything(self, agent, hub, dry):
        seen = {"the dry run": dry.stdout + dry.stderr}
        for who in (agent, hub):
            for name in ("cmdline", "environ"):
                with open(f"/proc/{who.process.pid}/{name}", "rb") as file:
                    seen[f"{name} of {who.name}"] = file.read().decode(errors="replace")
            seen["status of " + who.name] = json.dumps(who.status())
            seen["config of " + who.name] = who.command("config", "show", "--config", who.config).stdout
            seen["check of " + who.name] = str(who.command("config", "check", "--config", who.config))
            self.assertEqual(0, who.stop())
            seen["log of " + who.name] = who.logged()
            with open(who.store, "rb") as file:
                seen["store of " + who.name] = file.read().decode("latin-1")
        return seen


if __name__ == "__main__":
    plant.main(150)
