"""The service of a machine that was started for real: what it is, what it wrote, and that systemd
starts it again whatever happens to it."""
import json
import os
import signal
import time
import unittest

from machine import LIBC, UNIT, until
from service import CONFIG, FOLDER, STORE, Service

STATION = "Packaging/line3_pn.cfg"
service = None
machine = None


def use(started):
    global service, machine
    machine = started
    service = Service(started)


def folder(path):
    return f'[[folder]]\npath = "{path}"\n'


class Case(unittest.TestCase):
    def setUp(self):
        service.reset()

    def killed(self, number):
        os.kill(service.pid_outside(), number)


class Walls(Case):
    """Seen with the service's eyes: below /proc/PID/root."""

    def setUp(self):
        super().setUp()
        service.start()
        self.root = f"/proc/{service.pid_outside()}/root"

    def test_all_but_its_folder_is_read_only(self):
        for name in ("usr", "etc", "etc/rackscout", "home", "root", "run/rackscout", "run/lock",
                     "dev/shm", "srv", "usr/lib", "var/lib"):
            with self.subTest(name), self.assertRaisesRegex(OSError, "Read-only file system"):
                with open(f"{self.root}/{name}/new", "w", encoding="ascii"):
                    pass

    def test_it_can_run_no_program_but_itself(self):
        self.assertTrue(os.access(f"{self.root}/usr/bin/rackscout", os.X_OK))
        for name in ("bin/sh", "usr/bin/env", "usr/sbin/nologin", "bin/mount"):
            self.assertTrue(os.path.exists(machine.within(name)), name)
            self.assertFalse(os.access(f"{self.root}/{name}", os.X_OK), name)
        for folder_of_its_own in (FOLDER, "/tmp", "/var/tmp"):
            path = f"{self.root}{folder_of_its_own}/program"
            with open(path, "w", encoding="ascii") as file:
                file.write("#!/bin/sh\n")
            os.chmod(path, 0o755)
            self.assertFalse(os.access(path, os.X_OK), path)
            os.unlink(path)

    def test_it_sees_no_device_of_the_machine(self):
        # No terminal, no disk, no serial line: those that come with every private /dev.
        harmless = {"char", "full", "null", "zero", "random", "urandom", "tty", "ptmx", "pts", "shm", "mqueue",
                    "hugepages", "log", "fd", "stdin", "stdout", "stderr", "core", "initctl"}
        self.assertLessEqual(set(os.listdir(self.root + "/dev")), harmless)

    def test_it_sees_no_process_but_its_own(self):
        mounts = service.read(f"/proc/{service.pid()}/mountinfo").splitlines()
        proc = [line for line in mounts if " - proc " in line and line.split()[4] == "/proc"]
        self.assertIn("hidepid=invisible", proc[-1])

    def test_it_can_wall_in_the_children_that_read_files(self):
        said = until(self.wall, "it says how strong the wall is")
        self.assertIn("full: seccomp", said)
        create_ruleset, ask_version = 444, 1
        if LIBC.syscall(create_ruleset, None, 0, ask_version) > 0:
            self.assertIn("Landlock", said)

    def wall(self):
        lines = machine.run("rackscout", "status").stdout.splitlines()
        return "".join(line[len("wall "):].strip() for line in lines if line.startswith("wall "))

    def test_a_share_that_is_mounted_later_is_seen(self):
        machine.run("mkdir", "-p", "/mnt/share")
        machine.run("mount", "-t", "tmpfs", "share", "/mnt/share")
        try:
            self.assertTrue(os.path.ismount(f"{self.root}/mnt/share"))
        finally:
            machine.run("umount", "/mnt/share")


class Work(Case):
    def test_a_file_that_is_saved_is_listed(self):
        machine.run("mkdir", "-p", "/srv/projects")
        service.configure('settle = "50ms"\n' + folder("/srv/projects"))
        service.start()
        service.put(STATION, "/srv/projects/line1/AS01.cfg")
        until(lambda: service.files().get("AS01") == "Imported", "the file is listed")
        hosts = json.loads(service.ask("/ot/v1/host/list")[1])["assets"]
        self.assertGreater(len(hosts), 0)
        os.unlink(machine.within("/srv/projects/line1/AS01.cfg"))
        until(lambda: service.files().get("AS01") == "Deleted", "the file is gone")

    def test_root_may_look_and_leaves_nothing_of_his_own(self):
        service.start()
        for words in (("status",), ("list", "assets"), ("journal",), ("store", "check"),
                      ("config", "check")):
            run = machine.run("rackscout", *words, check=False)
            self.assertEqual(0, run.returncode, f"{words}: {run.stdout}{run.stderr}")
        machine.run("rackscout", "store", "backup", "/root/backup.db")
        service.systemctl("stop", UNIT)
        machine.run("rackscout", "list", "files")
        owners = machine.run("find", FOLDER, "-not", "-user", "rackscout").stdout
        self.assertEqual("", owners)
        service.start()

    def test_a_file_in_a_home_is_read_where_its_mode_lets_it(self):
        machine.run("install", "-d", "-m", "755", "/home/engineer/projects")
        service.configure('settle = "50ms"\n' + folder("/home/engineer/projects"))
        service.start()
        service.put(STATION, "/home/engineer/projects/AS02.cfg")
        until(lambda: service.files().get("AS02") == "Imported", "the file is listed")

    def test_what_it_says_has_its_priority(self):
        service.configure(folder("/nonexistent"))
        service.start()
        said = until(lambda: self.said_of("/nonexistent"), "the missing folder is told")
        self.assertIn("4", said)
        ready = [entry["PRIORITY"] for entry in machine.journal("-n", "50")
                 if entry["MESSAGE"].startswith("ready: ")]
        self.assertEqual("6", ready[-1])

    def said_of(self, text):
        return {entry["PRIORITY"] for entry in machine.journal("-n", "50")
                if text in entry["MESSAGE"] and entry.get("_COMM") == "rackscout"}


class Changes(Case):
    def test_a_reload_takes_another_configuration(self):
        service.start()
        pid = service.pid()
        machine.run("mkdir", "-p", "/srv/one", "/srv/two")
        service.configure(folder("/srv/one") + folder("/srv/two"))
        service.systemctl("reload", UNIT)
        until(lambda: service.show("StatusText").startswith("2 folders"), "the status tells of both")
        self.assertEqual((pid, "active"), (service.pid(), service.show("ActiveState")))

    def test_a_reload_with_a_mistake_changes_nothing(self):
        service.start()
        pid = service.pid()
        service.configure('sit = "Linz"\n')
        service.systemctl("reload", UNIT)
        until(lambda: "stays as it was" in service.said(), "it says so")
        until(lambda: service.show("ActiveState") == "active", "it goes on")
        self.assertEqual((pid, 200), (service.pid(), service.ask("/ot/v1/host/list")[0]))

    def test_a_start_with_a_mistake_is_not_tried_again(self):
        service.configure('sit = "Linz"\n')
        self.assertNotEqual(0, service.start(check=False).returncode)
        until(lambda: service.show("ActiveState") == "failed", "it is given up")
        self.assertEqual(("2", "0"), (service.show("ExecMainStatus"), service.show("NRestarts")))
        self.assertIn("has mistakes", service.said())
        errors = [entry["MESSAGE"] for entry in machine.journal("-n", "20", "-p", "err")]
        self.assertTrue(any("did you mean" in text or "unknown key" in text for text in errors), errors)

    def test_it_ends_within_two_seconds(self):
        service.start()
        begin = time.monotonic()
        service.systemctl("stop", UNIT)
        took = time.monotonic() - begin
        print(f"stopped within {took:.2f} s")
        self.assertLess(took, 2)
        self.assertEqual(("success", "0"), (service.show("Result"), service.show("ExecMainStatus")))
        self.assertFalse(os.path.exists(machine.within(STORE + ".status")))

    def test_a_stop_file_outlives_the_service(self):
        service.start()
        machine.write("/run/rackscout/stop", "")
        service.start()
        service.systemctl("stop", UNIT)
        self.assertTrue(os.path.exists(machine.within("/run/rackscout/stop")))
        os.unlink(machine.within("/run/rackscout/stop"))


class Limits(Case):
    MEMORY = 64 << 20

    def test_systemd_knows_them(self):
        service.start()
        with open("/proc/meminfo", encoding="ascii") as file:
            all_memory = int(file.readline().split()[1]) * 1024
        self.assertAlmostEqual(0.5, int(service.show("MemoryMax")) / all_memory, delta=0.01)
        self.assertEqual("infinity", service.show("MemoryHigh"))
        self.assertEqual(("64", "continue"), (service.show("TasksMax"), service.show("OOMPolicy")))

    def test_it_needs_far_less(self):
        """In groups of the kernel's with far lower limits: a container has none to give."""
        machine.run("mkdir", "-p", "/srv/many")
        service.configure('settle = "50ms"\n' + folder("/srv/many"))
        service.start()
        groups = self.groups({"memory": ("memory.limit_in_bytes", self.MEMORY), "pids": ("pids.max", 32)})
        for number in range(50):
            service.put(STATION, f"/srv/many/M{number:02}.cfg")
        until(lambda: sum(name.startswith("M") for name in service.files()) == 50, "all are listed")
        used = [int(self.value(groups[0], "memory.max_usage_in_bytes")),
                int(self.value(groups[1], "pids.current"))]
        print(f"50 files took {used[0] >> 10} KiB more memory at most, and {used[1]} tasks at their end")
        self.assertEqual(0, int(self.value(groups[0], "memory.failcnt")))

    def groups(self, limits):
        """With the service in each."""
        made = []
        for controller, (name, limit) in limits.items():
            path = f"/sys/fs/cgroup/{controller}/rackscout-test-{os.getpid()}"
            if not os.path.exists(f"/sys/fs/cgroup/{controller}/cgroup.procs"):
                self.skipTest("this kernel has no groups of version 1 that are free")
            os.mkdir(path)
            self.addCleanup(os.rmdir, path)
            self.addCleanup(service.systemctl, "stop", UNIT)
            for file, value in ((name, limit), ("cgroup.procs", service.pid_outside())):
                with open(os.path.join(path, file), "w", encoding="ascii") as out:
                    out.write(str(value))
            made.append(path)
        return made

    def value(self, group, name):
        with open(os.path.join(group, name), encoding="ascii") as file:
            return file.read()


class Trouble(Case):
    def restarted(self, pid):
        until(lambda: service.show("NRestarts") == "1" and service.show("ActiveState") == "active",
              "systemd starts it again")
        self.assertNotEqual(pid, service.pid())
        self.assertEqual(200, service.ask("/ot/v1/host/list")[0])

    def test_it_is_started_again_when_it_is_killed(self):
        service.start()
        pid = service.pid()
        self.killed(signal.SIGKILL)
        self.restarted(pid)
        machine.run("rackscout", "store", "check")

    def test_one_that_hangs_is_ended_by_the_watchdog(self):
        service.drop_in("watchdog", "WatchdogSec=1s")
        service.start()
        pid = service.pid()
        begin = time.monotonic()
        while time.monotonic() < begin + 2:  # it says in time that it is well
            self.assertEqual(pid, service.pid())
        self.killed(signal.SIGSTOP)
        self.restarted(pid)
        said = service.said()
        self.assertIn("Watchdog timeout", said)
        print(f"hung and started again within {time.monotonic() - begin - 2:.1f} s")
