"""The commands of docs/install.md and docs/operations.md, as they stand there, in a machine.

A block is indented by four blanks; those that are meant for another machine, or for a file, are not run."""
import os
import re
import shutil
import unittest

import machine
import rootfs

MACHINE = None

CONFIGURATION = """
site = "Linz"
sensor_name = "gateway-1"
[safety]
stop_file = "/run/rackscout/stop"
[[folder]]
path = "/srv/projects"
"""


def sections(name):
    """The indented blocks of a document, by the heading above them."""
    with open(os.path.join(rootfs.REPOSITORY, "docs", name), encoding="utf-8") as file:
        text = file.read()
    found = {}
    for heading, body in re.findall(r"^#+ (.+)\n((?:(?!#+ ).*\n)*)", text, re.M):
        blocks = re.findall(r"(?:^    .*\n)(?:(?:    .*)?\n)*", body, re.M)
        found[heading] = [re.sub(r"^    ", "", block.rstrip(), flags=re.M) for block in blocks]
    return found


def use(started):
    global MACHINE
    MACHINE = started


class Documents(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.machine = MACHINE
        cls.install, cls.operations = sections("install.md"), sections("operations.md")
        cls.machine.write("/etc/rackscout/rackscout.toml", CONFIGURATION)
        cls.at("mkdir -p /srv/projects /var/backups; systemctl restart rackscout")

    @classmethod
    def at(cls, script):
        run = cls.machine.run("bash", "-euc", script, check=False)
        if run.returncode != 0:
            raise AssertionError(f"{script}\n{run.stdout}{run.stderr}")
        return run.stdout

    def setUp(self):
        project = self.machine.within("/srv/projects/line3_pn.cfg")
        if not os.path.exists(project):  # written again it would be read again, at any moment
            shutil.copy(os.path.join(machine.SAMPLE, "Packaging", "line3_pn.cfg"), project)
        self.assertEqual("active", self.at("systemctl is-active rackscout").strip())

    def known(self):
        """The assets of the store, with their times, once its files are read."""
        machine.until(lambda: "Imported" in self.at("rackscout list files"), "the file is read")
        return self.at("rackscout list assets --format ndjson")

    def test_first_steps(self):
        configuration, check, plan = self.install["First steps"]
        self.assertIn("[[folder]]", configuration)
        self.assertIn("runs since", self.at(check))
        self.assertIn("Nothing was sent", self.at(plan))

    def test_the_service_reads_by_an_access_list(self):
        setfacl = self.install["Engineering shares"][0]
        if "setfacl" not in self.at("type setfacl || true"):
            self.skipTest("the machine has no setfacl")
        self.at("chmod 0700 /srv/projects; " + setfacl)
        self.at("rackscout config check")
        self.at("setfacl -R -b /srv/projects; chmod 0755 /srv/projects")

    def test_a_group(self):
        self.at("groupadd --force engineering; chgrp engineering /srv/projects; chmod 0750 /srv/projects")
        self.at(self.install["Engineering shares"][1])
        self.at("rackscout config check")
        self.at("chmod 0755 /srv/projects")

    def test_a_drop_in(self):
        self.at(self.install["Serial lines, low ports, secrets"][0])
        self.assertIn("10.20.0.0/16", self.at("systemctl show -P IPAddressAllow rackscout"))
        self.at("rm -r /etc/systemd/system/rackscout.service.d; systemctl daemon-reload;"
                "systemctl restart rackscout")

    def test_is_it_well(self):
        self.assertIn("runs since", self.at(self.operations["Is it well?"][0]))

    def test_changing_the_configuration_and_stopping(self):
        self.at(self.operations["Changing the configuration"][0])
        self.at(self.operations["Stopping all sending at once"][0] + "; rm /run/rackscout/stop")

    def test_backup_and_restore(self):
        backup, nightly = self.operations["Backup"]
        restore = self.operations["Restore"][0]
        before = self.known()
        self.at(nightly + "; systemctl start rackscout-backup; test -s /var/backups/rackscout-$(date +%a).db")
        named = re.search(r"/var/backups/\S+", restore)[0]
        self.at(backup + f"; mv /var/backups/rackscout-$(date +%F).db {named}")
        token = self.at("cat /var/lib/rackscout/rackscout.db.token")
        self.at("systemctl stop rackscout; head -c 5000 /dev/urandom > /var/lib/rackscout/rackscout.db")
        self.assertIn("no SQLite database", self.at("rackscout store check 2>&1 || true"))
        self.at(restore)
        self.assertEqual(before, self.known())
        self.assertEqual(token, self.at("cat /var/lib/rackscout/rackscout.db.token"))
        self.assertEqual(("0600", "rackscout", "rackscout"),
                         self.machine.access("/var/lib/rackscout/rackscout.db"))

    def test_certificate_and_token(self):
        certificate, token = self.operations["Certificates and tokens"]
        if not self.at("command -v openssl || true"):
            self.skipTest("the machine has no openssl")
        self.at("cp -p /etc/rackscout/rackscout.toml /root/; " + certificate)
        self.at("printf '%s\\n' '[api]' 'certificate = \"/etc/rackscout/tls.pem\"' "
                "'key = \"/etc/rackscout/tls.key\"' >> /etc/rackscout/rackscout.toml")
        self.at("rackscout config check; systemctl restart rackscout; " + token)
        self.assertIn("https://", self.at("rackscout status"))
        self.at("cp -p /root/rackscout.toml /etc/rackscout/; systemctl restart rackscout")

    def test_moving(self):
        away, back = self.operations["Moving to a new gateway"]
        before = self.known()
        self.at(away + "; rm -r /var/lib/rackscout;"
                "rackscout config init --stdout > /etc/rackscout/rackscout.toml;"
                "systemctl enable --now rackscout")
        self.at(back)
        self.assertEqual(before, self.known())
