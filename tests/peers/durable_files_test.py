"""What stays of a command when the power fails right after it: strace shows that every file it left
was brought to the disk after its last write, and every name after it was given."""
import os
import re
import shutil
import tempfile
import unittest

import plant
from service import SAMPLE, Service, until

CALLS = ("open,openat,creat,mkdir,mkdirat,rename,renameat,renameat2,link,linkat,unlink,unlinkat,rmdir,"
         "write,writev,pwrite64,pwritev,pwritev2,sendfile,fallocate,ftruncate,fsync,fdatasync,"
         "execve")
LINE = re.compile(r"^(\d+) +(.*)$")
RESUMED = re.compile(r"^<\.\.\. \w+ resumed>(.*)$")
CALL = re.compile(r"^(\w+)\((.*)\) += (-?\d+|\?)")
DESCRIPTOR = re.compile(r"^\d+<([^>]*)>")
NAME = re.compile(r'(?:(?:AT_FDCWD|\d+)(?:<([^>]*)>)?, )?"((?:[^"\\]|\\.)*)"')
# SQLite needs neither after a power cut; a lock means nothing then.
NOT_KEPT = ("-shm", ".lock", ".trace")
SCENE = """
[[host]]
name = "press"
address = "127.50.8.1"
[host.fins]
port = 0
cpu = "CJ2M-CPU33"
version = "02.01"
"""


class Traced:
    """strace before a command; `troubles()` tells what a power cut would take."""

    def __init__(self, folder):
        self.folder = os.path.realpath(folder)
        self.path = os.path.join(self.folder, "calls.trace")
        # Leaks can't be looked for under strace.
        self.prefix = ["strace", "-E", "ASAN_OPTIONS=detect_leaks=0", "-f", "-y", "-s", "4096",
                       "-e", "trace=" + CALLS, "-e", "signal=none", "-o", self.path]
        self.written, self.synced, self.named = {}, {}, {}

    def calls(self):
        """Whole ones, in the order in which they ended."""
        begun = {}
        with open(self.path, encoding="utf-8", errors="replace") as lines:
            for line in lines:
                process, text = LINE.match(line.rstrip("\n")).groups()
                resumed = RESUMED.match(text)
                if text.endswith("<unfinished ...>"):
                    begun[process] = text[:-len("<unfinished ...>")]
                    continue
                call = CALL.match(begun.pop(process, "") + resumed[1] if resumed else text)
                if call and call[3] not in ("-1", "?"):
                    yield call[1], call[2]

    def troubles(self):
        """What is there now, and was not brought to the disk."""
        for at, (name, arguments) in enumerate(self.calls(), 1):
            self.take(at, name, arguments)
        if not self.synced:
            return ["strace saw no file being synced"]
        return sorted({trouble for path in self.left() for trouble in self.trouble_with(path)}
                      | set(self.renamed_too_soon))

    renamed_too_soon = ()

    def take(self, at, name, arguments):
        if descriptor := DESCRIPTOR.match(arguments):
            if name in ("fsync", "fdatasync"):
                self.synced[descriptor[1]] = at
                return
            if name in ("write", "writev", "pwrite64", "pwritev", "pwritev2", "sendfile", "fallocate", "ftruncate"):
                self.written[descriptor[1]] = at
                return
        paths = [os.path.normpath(os.path.join(folder or "", path))
                 for folder, path in NAME.findall(arguments)]
        if name.startswith(("rename", "link")):
            self.move(at, *paths[:2])
        elif name.startswith("mkdir") or "O_CREAT" in arguments or name == "creat":
            self.named.setdefault(paths[0], at)
        elif name.startswith(("unlink", "rmdir")):
            for known in (self.named, self.written, self.synced):
                known.pop(paths[0], None)

    def move(self, at, source, target):
        if self.written.get(source, 0) > self.synced.get(source, 0):
            self.renamed_too_soon = (*self.renamed_too_soon, f"{target}: named before it was synced")
        for known in (self.written, self.synced):
            known[target] = known.get(source, 0)
        self.named[target] = at

    def left(self):
        for folder, folders, files in os.walk(self.folder):
            for name in folders + files:
                if not name.endswith(NOT_KEPT):
                    yield os.path.join(folder, name)

    def trouble_with(self, path):
        shown = os.path.relpath(path, self.folder)
        if self.written.get(path, 0) > self.synced.get(path, 0):
            yield f"{shown}: its last write was not synced"
        if self.named.get(path, 0) > self.synced.get(os.path.dirname(path), 0):
            yield f"{shown}: its name was not synced"


@unittest.skipIf(shutil.which("strace") is None, "there is no strace")
class Durable(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="rackscout-durable-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.traced = Traced(self.folder)

    def path(self, name):
        return os.path.join(self.folder, name)

    def run_traced(self, *arguments, code=0):
        home = {"XDG_CONFIG_HOME": self.path("home"), "HOME": self.path("home")}
        ended = plant.run([*self.traced.prefix, plant.RACKSCOUT, *arguments],
                          env={**os.environ, **home})
        self.assertEqual(code, ended.exit_code, ended.err)
        self.assertEqual([], self.traced.troubles())

    def test_a_first_store_in_a_folder_that_is_new_and_its_backup(self):
        store = self.path("var/lib/store.db")
        self.run_traced("ingest", "--store", store, os.path.join(SAMPLE, "Packaging"))
        self.run_traced("store", "backup", "--store", store, self.path("backup.db"))
        self.assertEqual(["backup.db", "calls.trace", "var"], sorted(os.listdir(self.folder)))

    def test_keys_and_configuration(self):
        self.run_traced("key", "create", "--out", self.path("key.pem"), "--name", "Walk")
        self.run_traced("config", "init", "--config", self.path("rackscout.toml"))

    def test_a_probe_and_its_ledger(self):
        with plant.Plant(SCENE, "--free-ports") as racks:
            self.run_traced("probe", "--store", self.path("store.db"), "--ledger",
                            self.path("ledger.ndjson"), "--protocol", "fins", "--yes",
                            racks.target("press", "fins"))

    def test_a_survey_and_its_bundle(self):
        with plant.Plant(SCENE, "--free-ports") as racks:
            target = racks.target("press", "fins")
            survey = ("survey", "--offline", "--out", self.path("plant.rsb"), "--no-signature", "--yes")
            self.run_traced(*survey, "--keep-open", "--protocol", "fins", target)
            self.assertTrue(os.path.exists(self.path("plant.rsb.walk/exchanges.ndjson")))
            self.run_traced(*survey, "--resume", "--finish")
        self.run_traced("report", "--bundle", self.path("plant.rsb"), "--allow-unsigned", "--out",
                        self.path("report.html"))

    def test_the_service_its_token_and_what_it_writes_to_be_carried(self):
        os.mkdir(self.path("stick"))
        sink = f'[[sink]]\nname = "stick"\nkind = "file"\nfolder = "{self.path("stick")}"\n'
        service = Service(sink, prefix=self.traced.prefix)
        service.store = self.path("state/store.db")
        service.configure(sink)
        with service:
            service.put("Packaging/line3_pn.cfg", "line3.cfg")
            until(lambda: os.listdir(self.path("stick")), "a chunk is written")
            with open(f"/proc/{service.process.pid}/task/{service.process.pid}/children",
                      encoding="ascii") as children:
                os.kill(int(children.read().split()[0]), 15)
            service.process.wait(30)
            self.assertEqual([], self.traced.troubles())
            self.assertTrue(os.path.exists(service.store + ".token"))


if __name__ == "__main__":
    plant.main(120)
