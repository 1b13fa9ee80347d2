"""A machine in a container: Debian 12 with systemd as its first process, and rackscout installed as
its package installs it. Its network is a loopback of its own; nothing of it is left afterwards.
"""
import contextlib
import ctypes
import glob
import grp
import json
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time

import rootfs

SERVICE = os.path.join(rootfs.REPOSITORY, "cross", "service")
SAMPLE = os.path.join(rootfs.REPOSITORY, "tests", "sample")
UNIT = "rackscout.service"
DEADLINE = 30  # seconds: far more than anything takes
LIBC = ctypes.CDLL(None, use_errno=True)
# A container has these calls only when they are named.
LANDLOCK = ("landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self")
# What the package holds, by its place: see cmake/package.cmake.
CONTENT = {
    "rackscout.service": "lib/systemd/system/rackscout.service",
    "rackscout.sysusers.conf": "usr/lib/sysusers.d/rackscout.conf",
    "rackscout.tmpfiles.conf": "usr/lib/tmpfiles.d/rackscout.conf",
    "rackscout.toml": "etc/rackscout/rackscout.toml",
}


def why_not():
    """Why no machine can be had here; empty when one can."""
    if os.geteuid() != 0:
        return "only root can start a container"
    for program in ("systemd-nspawn", "mmdebstrap", "nsenter", "curl"):
        if shutil.which(program) is None:
            return f"there is no {program}"
    with tempfile.TemporaryDirectory() as folder:
        if subprocess.run(["mount", "-t", "tmpfs", "none", folder], check=False,
                          capture_output=True).returncode != 0:
            return "this machine lets nobody mount anything"
        subprocess.run(["umount", folder], check=True)
    return ""


def until(condition, what, deadline=DEADLINE):
    """Waits until it holds, and answers what it gave."""
    end = time.monotonic() + deadline
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"not within {deadline} s: {what}")
        time.sleep(0.02)


def children_of(process):
    """The processes that any thread of it started and that still run, by their numbers."""
    found = []
    for thread in glob.glob(f"/proc/{process}/task/*/children"):
        with contextlib.suppress(OSError), open(thread, encoding="ascii") as file:
            found += file.read().split()
    return found


def die_with_parent():
    """Runs in a child before its program."""
    pr_set_pdeathsig = 1
    LIBC.prctl(pr_set_pdeathsig, signal.SIGKILL)


class Machine:
    """Starts with the `with`, and is gone after it."""

    def __init__(self, program, package=None):
        self.program = program
        self.package = package
        self.folder = None
        self.root = None
        self.process = None
        self.init = None  # its first process, as this machine numbers it

    def __enter__(self):
        lower = rootfs.have()
        work = os.path.join(rootfs.REPOSITORY, "build", "system")
        os.makedirs(work, exist_ok=True)
        self.folder = tempfile.mkdtemp(dir=work)
        self.root = os.path.join(self.folder, "root")
        try:
            self.mount(lower)
            self.install()
            self.boot()
        except BaseException:
            self.remove()
            raise
        return self

    def __exit__(self, *_):
        self.remove()

    # --- making it ---

    def mount(self, lower):
        """The Debian below, and what is written above, in memory."""
        above = os.path.join(self.folder, "above")
        os.mkdir(self.root)
        os.mkdir(above)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755", "none", above], check=True)
        for name in ("upper", "work"):
            os.mkdir(os.path.join(above, name))
        options = f"lowerdir={lower},upperdir={above}/upper,workdir={above}/work"
        subprocess.run(["mount", "-t", "overlay", "-o", options, "overlay", self.root], check=True)

    def install(self):
        # Nobody logs in, and the test is not to wait for what it does not need.
        for unit in ("console-getty.service", "systemd-logind.service", "systemd-update-utmp.service",
                     "systemd-networkd.service", "apt-daily.timer", "apt-daily-upgrade.timer"):
            self.link("/dev/null", f"etc/systemd/system/{unit}")
        if self.package:
            shutil.copy(self.package, self.path("root/rackscout.deb"))
            self.chroot("dpkg", "--install", "/root/rackscout.deb")
            return
        shutil.copy(self.program, self.path("usr/bin/rackscout"))
        os.chmod(self.path("usr/bin/rackscout"), 0o755)
        for source, target in CONTENT.items():
            os.makedirs(os.path.dirname(self.path(target)), exist_ok=True)
            shutil.copyfile(os.path.join(SERVICE, source), self.path(target))
        shutil.copytree(os.path.join(SERVICE, "examples"),
                        self.path("usr/share/doc/rackscout/examples"))
        self.chroot("systemd-sysusers", "rackscout.conf")
        self.chroot("chgrp", "rackscout", "/etc/rackscout/rackscout.toml")
        self.chroot("chmod", "640", "/etc/rackscout/rackscout.toml")
        self.chroot("systemctl", "enable", "rackscout")

    def chroot(self, *command):
        run = subprocess.run(["chroot", self.root, *command], check=False, capture_output=True,
                             text=True, env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"})
        if run.returncode != 0:
            raise RuntimeError(f"{' '.join(command)}: {run.stdout}{run.stderr}")

    def boot(self):
        with open(os.path.join(self.folder, "console"), "wb") as console:
            self.process = subprocess.Popen(
                ["systemd-nspawn", "--quiet", "--directory", self.root, "--machine=rackscout-test",
                 "--register=no", "--keep-unit", "--private-network", "--boot",
                 f"--system-call-filter={' '.join(LANDLOCK)}",
                 "systemd.unit=multi-user.target"],
                stdin=subprocess.DEVNULL, stdout=console, stderr=console,
                preexec_fn=die_with_parent)
        self.init = until(self.first_process, "the container has a first process")
        until(lambda: self.run("systemctl", "is-system-running", check=False).stdout.strip()
              in ("running", "degraded"), "the machine has started")
        # Project folders lie on a file system of their own, as most shares do.
        self.run("mount", "-t", "tmpfs", "shares", "/srv")

    def first_process(self):
        if self.process.poll() is not None:
            raise RuntimeError("systemd-nspawn ended: " + self.console())
        for child in children_of(self.process.pid):
            with open(f"/proc/{child}/comm", encoding="ascii") as file:
                if file.read().strip() == "systemd":
                    return int(child)
        return None

    def console(self):
        with open(os.path.join(self.folder, "console"), encoding="utf-8", errors="replace") as file:
            return file.read()[-4000:]

    def remove(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()  # which powers it off
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        for name in ("root", "above"):
            subprocess.run(["umount", "--recursive", os.path.join(self.folder, name)], check=False,
                           capture_output=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    # --- its files ---

    def path(self, name):
        return os.path.join(self.root, name.lstrip("/"))

    def link(self, target, name):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        os.symlink(target, self.path(name))

    def within(self, name):
        """The path of one that is on a file system of the running machine, such as /run."""
        return f"/proc/{self.init}/root/{name.lstrip('/')}"

    def write(self, name, text, mode=0o644, owner="root"):
        path = self.within(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, mode)
        if owner != "root":
            self.run("chown", f"{owner}:", name)

    def access(self, name):
        """("0600", "rackscout", "rackscout")"""
        return tuple(self.run("stat", "-c", "%04a %U %G", name).stdout.split())

    # --- commands in it ---

    def run(self, *command, check=True):
        run = subprocess.run(["nsenter", "--target", str(self.init), "--all", *command],
                             stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if check and run.returncode != 0:
            raise AssertionError(f"{' '.join(command)}: {run.returncode}: {run.stdout}{run.stderr}")
        return run

    def in_network(self, *command, **options):
        """A program of this machine, in the container's network."""
        return subprocess.run(["nsenter", "--target", str(self.init), "--net", *command],
                              capture_output=True, text=True, check=False, **options)

    def journal(self, *options):
        """Entries of the service's, the oldest first; also what systemd says of it."""
        self.run("journalctl", "--sync")
        lines = self.run("journalctl", "--unit", UNIT, "--output=json", *options).stdout
        return [json.loads(line) for line in lines.splitlines()]
