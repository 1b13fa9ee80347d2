"""The drop-ins that come with the package, in a machine that was started for real."""
import os
import subprocess
import tempfile
import unittest

from machine import UNIT, until
from service import FOLDER, Service

SECRET = "s3cret-" * 6
MANY = 2000  # files: some seconds of work for children
service = None
machine = None


def use(started):
    global service, machine
    machine = started
    service = Service(started)


class Case(unittest.TestCase):
    def setUp(self):
        service.reset()

    def certificate(self):
        """Its PEM in /etc/rackscout, its key there for root alone; the certificate's path here."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        key, certificate = (os.path.join(folder.name, name) for name in ("key", "certificate"))
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key,
                        "-out", certificate, "-days", "2", "-subj", "/CN=gateway", "-addext",
                        "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
        for source, target, mode in ((key, "tls.key", 0o600), (certificate, "tls.pem", 0o644)):
            with open(source, encoding="ascii") as file:
                machine.write("/etc/rackscout/" + target, file.read(), mode)
        return certificate


class Credentials(Case):
    CONFIG = """
[[sink]]
name = "hub"
kind = "hub"
url = "http://127.0.0.1:9000"
token_file = "credential:hub"
timeout = "5s"
[api]
certificate = "/etc/rackscout/tls.pem"
key = "credential:tls.key"
token_file = "credential:api"
"""

    def setUp(self):
        super().setUp()
        self.authority = self.certificate()
        machine.write("/etc/rackscout/hub.token", "hub-" + SECRET + "\n", 0o600)
        machine.write("/etc/rackscout/api.token", "api-" + SECRET + "\n", 0o600)
        service.configure(self.CONFIG)

    def test_secrets_stay_roots_and_are_used(self):
        service.example("credentials")
        receiver = service.receiver(9000)
        self.addCleanup(receiver.stdout.close)
        self.addCleanup(receiver.wait)
        self.addCleanup(receiver.kill)
        self.assertEqual("ready\n", receiver.stdout.readline())
        service.start()
        self.assertEqual(f"Bearer hub-{SECRET}\n", receiver.stdout.readline())
        status, _ = service.ask("/ot/v1/host/list", "--cacert", self.authority,
                                url="https://127.0.0.1:8640", token="api-" + SECRET)
        self.assertEqual(200, status)
        self.check_hidden()

    def check_hidden(self):
        """From everybody but the service: by mode, in what it says, and in what it wrote."""
        for name in ("hub.token", "api.token", "tls.key"):
            self.assertEqual(("0600", "root", "root"), machine.access("/etc/rackscout/" + name))
        handed_over = "/run/credentials/" + UNIT
        self.assertEqual("0", machine.access(handed_over)[0][-1])
        for name in ("hub", "api", "tls.key"):
            self.assertEqual("0", machine.access(f"{handed_over}/{name}")[0][-1])
        for user in ("nobody", "daemon"):
            run = machine.run("setpriv", f"--reuid={user}", "--clear-groups", "cat",
                              handed_over + "/hub", check=False)
            self.assertIn("Permission denied", run.stderr)
        self.assertNotIn(SECRET, machine.run("journalctl", "--output=cat").stdout)
        self.assertNotIn(SECRET, machine.run("rackscout", "status").stdout)
        self.assertEqual("", machine.run("grep", "-rl", SECRET, FOLDER, check=False).stdout)

    def test_without_the_drop_in_it_says_what_the_unit_needs(self):
        self.assertNotEqual(0, service.start(check=False).returncode)
        until(lambda: "LoadCredential=" in service.said(), "it says so")


class LowPort(Case):
    CONFIG = """
[api]
address = "0.0.0.0"
port = 443
certificate = "/etc/rackscout/tls.pem"
key = "credential:tls.key"
[[folder]]
path = "/srv/many"
"""

    def setUp(self):
        super().setUp()
        self.authority = self.certificate()
        service.configure(self.CONFIG)
        service.drop_in("key", "LoadCredential=tls.key:/etc/rackscout/tls.key")
        # As on every gateway: in a network of its own, too, root alone has the low ports.
        with open("/proc/sys/net/ipv4/ip_unprivileged_port_start", encoding="ascii") as file:
            self.assertEqual("1024", file.read().strip())

    def test_it_listens_there_and_may_do_nothing_else_more(self):
        service.example("low-port")
        service.put_many("Packaging/line3_pn.cfg", "/srv/many", MANY)
        service.start()
        self.assert_children_have_no_rights()
        self.assertEqual(200, service.ask("/ot/v1/host/list", "--cacert", self.authority,
                                          url="https://127.0.0.1")[0])
        status = service.status()
        only_bind = 1 << 10
        for name in ("CapPrm", "CapEff", "CapBnd"):
            self.assertEqual(only_bind, int(status[name], 16), name)
        self.assertEqual("1", status["NoNewPrivs"])

    def assert_children_have_no_rights(self):
        rights = ("CapPrm", "CapEff", "CapAmb")  # what is inheritable gives nothing by itself

        def seen_without():  # one that was not yet given its program still has ours
            children = service.children()
            return children and not any(int(child[name], 16) for child in children for name in rights)
        until(seen_without, "the children that read files have no rights")

    def test_without_the_drop_in_it_can_not(self):
        self.assertNotEqual(0, service.start(check=False).returncode)
        until(lambda: "Permission denied" in service.said(), "it says why")
        service.systemctl("stop", UNIT)


class Folders(Case):
    def test_what_it_shall_write_elsewhere_can_be_named(self):
        machine.run("install", "-d", "-m", "700", "-o", "rackscout", "/srv/rackscout")
        service.configure('[store]\npath = "/srv/rackscout/other.db"\n')
        self.assertNotEqual(0, service.start(check=False).returncode)
        self.assertIn("Read-only file system", service.said())
        service.systemctl("stop", UNIT)
        hint = "ReadWritePaths=/srv/rackscout"
        self.assertIn(hint, machine.run("rackscout", "config", "check").stdout)
        service.example("folders")
        self.assertNotIn(hint, machine.run("rackscout", "config", "check").stdout)
        service.start()
        self.assertEqual(("0600", "rackscout", "rackscout"), machine.access("/srv/rackscout/other.db"))

    def test_a_group_lets_it_read(self):
        machine.run("groupadd", "--force", "engineering")
        machine.run("install", "-d", "-m", "750", "-g", "engineering", "/srv/engineering")
        service.configure('[[folder]]\npath = "/srv/engineering"\n')
        service.drop_in("group", "SupplementaryGroups=engineering")
        service.start()
        service.put("Packaging/line3_pn.cfg", "/srv/engineering/AS03.cfg")
        until(lambda: service.files().get("AS03") == "Imported", "the file is listed")


class SerialLines(Case):
    def test_the_devices_are_seen_and_the_group_lets_it_in(self):
        service.example("serial-lines")
        service.start()
        dialout = machine.run("getent", "group", "dialout").stdout.split(":")[2]
        status = service.status()
        self.assertIn(dialout, status["Groups"].split())
        self.assertEqual(0, int(status["CapEff"], 16))
        seen = set(os.listdir(f"/proc/{service.pid_outside()}/root/dev"))
        self.assertEqual(set(os.listdir(machine.within("/dev"))), seen)


class Reach(Case):
    def test_it_starts_with_it(self):
        service.example("reach")
        service.start()
        self.assertEqual(200, service.ask("/ot/v1/host/list")[0])
