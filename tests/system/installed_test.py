"""The service as the package leaves it: before any test has changed a thing."""
import os
import unittest

from service import CONFIG, FOLDER, STORE, Service

service = None
machine = None


def use(started):
    global service, machine
    machine = started
    service = Service(started)


class Installed(unittest.TestCase):
    def test_it_runs_since_the_machine_started(self):
        self.assertEqual("active", service.show("ActiveState"), service.said())
        self.assertEqual("enabled", service.show("UnitFileState"))
        self.assertEqual("0", service.show("NRestarts"))
        self.assertEqual("0 folders, 0 groups of targets, 0 sinks, API at http://127.0.0.1:8640",
                         service.show("StatusText"))

    def test_it_is_active_no_sooner_than_it_is_ready(self):
        self.assertEqual("notify", service.show("Type"))
        for _ in range(3):
            machine.run("bash", "-ec", "systemctl restart rackscout; exec 3<>/dev/tcp/127.0.0.1/8640")
        self.assertEqual(200, service.ask("/ot/v1/host/list")[0])

    def test_it_is_a_user_without_rights(self):
        status = service.status()
        user = machine.run("id", "-u", "rackscout").stdout.strip()
        self.assertEqual([user] * 4, status["Uid"].split())
        self.assertNotEqual("0", user)
        for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
            self.assertEqual(0, int(status[name], 16), name)
        self.assertEqual(("1", "2"), (status["NoNewPrivs"], status["Seccomp"]))

    def test_its_process_has_its_limits(self):
        with open(f"/proc/{service.pid_outside()}/limits", encoding="ascii") as file:
            limits = {line[:26].strip(): line[26:].split()[:2] for line in file}
        self.assertEqual(["1024", "1024"], limits["Max open files"])
        self.assertEqual(["0", "0"], limits["Max core file size"])
        with open(f"/proc/{service.pid_outside()}/oom_score_adj", encoding="ascii") as file:
            self.assertEqual("300", file.read().strip())
        self.assertEqual(5, os.getpriority(os.PRIO_PROCESS, service.pid_outside()))

    def test_what_it_wrote_is_its_own_alone(self):
        ours = ("rackscout", "rackscout")
        self.assertEqual(("0700", *ours), machine.access(FOLDER))
        for suffix in ("", "-wal", "-shm", ".lock", ".token", ".status"):
            self.assertEqual(("0600", *ours), machine.access(STORE + suffix), suffix)
        self.assertEqual(("0640", "root", "rackscout"), machine.access(CONFIG))

    def test_it_wrote_nothing_elsewhere(self):
        found = machine.run("find", "/", "-xdev", "-user", "rackscout", "-not", "-path",
                            FOLDER + "*").stdout
        self.assertEqual("", found)
