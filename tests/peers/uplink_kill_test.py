"""Nothing is lost, and nothing comes twice: an agent tells a hub what changes, through nginx with
TLS on both sides, while agent, hub and nginx are killed and the line between them fails.

RACKSCOUT_KILLS says how often agent or hub are killed (10), RACKSCOUT_CHANGES how many changes of
project files there are (30 a kill; 50 from 100 kills on), RACKSCOUT_SEED which moments. What
happened is in uplink_kill.log.
"""
import collections
import contextlib
import os
import random
import tempfile
import threading
import time
import unittest

import plant
from service import until
from uplink import Gateway, all_read, difference, hub_for, hub_sink, save, station
from uplink_line import Authority, Line, Nginx, Wire, missing_programs

KILLS = int(os.environ.get("RACKSCOUT_KILLS", "10"))
CHANGES = int(os.environ.get("RACKSCOUT_CHANGES", "0")) or KILLS * (50 if KILLS >= 100 else 30)
SEED = int(os.environ.get("RACKSCOUT_SEED", "0")) or random.randrange(1, 1 << 30)
FAULTS_EACH = max(1, KILLS // 10)
NGINX_KILLS = max(1, KILLS // 5)
STATIONS = 60
NGINX = "127.60.1.1"
LINE = "127.60.1.2"
HIT_WITHIN = 20  # seconds: after failures the agent waits before it comes again
MISSING = missing_programs("nginx", "openssl")


class Changes(threading.Thread):
    """Saves, moves and deletes project files, so many and until the rest is done."""

    def __init__(self, folder, seed):
        super().__init__(daemon=True)
        self.folder, self.chance = folder, random.Random(seed)
        self.made = collections.Counter()
        self.pace = 0.2 if KILLS < 100 else 0.1
        self.enough = threading.Event()

    def run(self):
        while self.made.total() < CHANGES or not self.enough.is_set():
            self.change(self.chance.randrange(STATIONS))
            time.sleep(self.pace)

    def change(self, number):
        places = [os.path.join(self.folder, hall, f"s{number}.cfg") for hall in ("hall 1", "hall 2")]
        there = [path for path in places if os.path.exists(path)]
        path = self.chance.choice(there or places)
        other = places[1 - places.index(path)]
        kind = self.chance.randrange(10)
        if kind == 0 and there:
            os.unlink(path)
            self.made["deleted"] += 1
        elif kind == 1 and there:
            os.rename(path, other)
            self.made["moved"] += 1
        else:
            # No text comes twice. Sometimes it is another version beside the first one.
            is_copy = kind == 2 and there
            text = f"DI {self.made.total()}" + "x" * self.chance.randrange(9)
            save(other if is_copy else path, station(number, text, has_ids=number % 3 > 0))
            self.made["copied" if is_copy else "saved"] += 1


class Run:
    """Agent, line, nginx, wire and hub, and what happens to them."""

    def __init__(self, test, stack, log):
        self.test, self.log, self.began = test, log, time.monotonic()
        self.chance = random.Random(SEED)
        self.counts = collections.Counter()
        ca = Authority(stack.enter_context(folder()))
        certificate, key = ca.sign("nginx", f"IP:{LINE}")
        own = ca.sign("agent")
        self.wire = stack.enter_context(Wire())
        self.nginx = stack.enter_context(Nginx(NGINX, certificate, key, self.wire.address,
                                               client_ca=ca.certificate))
        self.line = stack.enter_context(Line(LINE, (NGINX, self.nginx.port)))
        self.hub = stack.enter_context(hub_for("hall"))
        self.wire.lead_to(self.hub)
        self.agent = Gateway("hall", watches=True)
        for hall in ("hall 1", "hall 2"):
            os.mkdir(os.path.join(self.agent.projects, hall))
        self.agent.use(hub_sink(self.agent, self.hub.tokens["hall"],
                                f"https://{LINE}:{self.line.port}", ca=ca.certificate,
                                certificate=own[0], key=own[1], timeout="5s", batch=8))
        stack.enter_context(self.agent)

    def say(self, text):
        seconds = time.monotonic() - self.began
        self.log.write(f"{seconds:8.2f} {text}\n")
        self.log.flush()

    def kill(self, who):
        """Half of the time while the hub has a request."""
        gateway = {"agent": self.agent, "hub": self.hub}[who]
        time.sleep(self.chance.uniform(0, 0.5))
        if self.chance.random() < 0.5 and self.wire.at_hub.wait(5):
            time.sleep(self.chance.uniform(0, 0.012))
        during = self.wire.at_hub.is_set()
        self.counts["kills during a request"] += during
        self.say(f"kill {who}{' during a request' if during else ''}")
        gateway.kill()
        self.counts["kills of " + who] += 1
        time.sleep(self.chance.uniform(0, 0.3))
        gateway.start()
        if who == "hub":
            self.wire.lead_to(self.hub)

    def kill_nginx(self):
        self.say("kill nginx")
        self.nginx.kill()
        self.counts["kills of nginx"] += 1
        time.sleep(self.chance.uniform(0, 1))
        self.nginx.start()

    def harm_line(self, fault):
        self.say(f"line {fault}")
        self.line.arm(fault)
        self.wait_for(lambda: self.line.hits > 0, f"line {fault}")
        if self.line.fault:
            time.sleep(7 if fault == "hanging" else self.chance.uniform(0.2, 2))
        self.line.arm(None)

    def harm_wire(self, fault):
        self.say(f"wire {fault}")
        self.wire.arm(fault)
        self.wait_for(lambda: self.wire.armed is None, f"wire {fault}")

    def wait_for(self, is_hit, what):
        """Sometimes somebody is killed in the middle of it."""
        if self.chance.random() < 0.15:
            self.kill(self.chance.choice(["agent", "hub"]))
        end = time.monotonic() + HIT_WITHIN
        while not is_hit() and time.monotonic() < end:
            time.sleep(0.02)
        self.counts[what if is_hit() else what + " (nobody came)"] += 1
        self.wire.arm(None)

    def everything(self):
        """All that is to happen, in a random order."""
        parts = [lambda who=self.chance.choice(["agent", "hub"]): self.kill(who)
                 for _ in range(KILLS)]
        parts += [self.kill_nginx] * NGINX_KILLS
        for _ in range(FAULTS_EACH):
            parts += [lambda fault=fault: self.harm_line(fault) for fault in Line.FAULTS]
            parts += [lambda fault=fault: self.harm_wire(fault) for fault in Wire.FAULTS]
        self.chance.shuffle(parts)
        return parts

    def go_on(self):
        """Mostly the next harm comes when something was told since the last one."""
        before = self.wire.account.requests
        if self.chance.random() < 0.8:
            end = time.monotonic() + HIT_WITHIN
            while self.wire.account.requests < before + 3 and time.monotonic() < end:
                time.sleep(0.02)

    def mend(self):
        """Everything works again: then all must arrive."""
        self.line.arm(None)
        self.wire.arm(None)
        self.say("all is well again")
        all_read(self.agent)
        self.told()
        aside = self.agent.outbox()["setAside"]
        self.counts["set aside"] = len(aside)
        for record in aside:
            self.say(f"set aside: {record['name']}: {record['reason']}")
            self.test.assertTrue(record["reason"], record)
        if aside:
            self.test.assertEqual(0, self.agent.command("outbox", "retry", "--store",
                                                        self.agent.store).returncode)
            until(lambda: not self.agent.outbox()["setAside"], "what was set aside is told", 60)
            self.told()

    def told(self):
        try:
            until(self.agent.is_told, "everything is told", 90)
        except AssertionError as error:
            raise AssertionError(f"{error}: {self.agent.status()['sinks']}") from None

    def summary(self, changes):
        account = self.wire.account
        self.counts["requests"] = account.requests
        self.counts["requests without an answer of the hub"] = account.unanswered
        self.counts["epochs"] = len(account.epochs)
        self.counts["applied twice"] = len(account.twice())
        self.counts["changes of records in the outbox"] = self.agent.change_count()
        self.counts["seconds"] = round(time.monotonic() - self.began)
        rows = {f"files {name}": count for name, count in changes.made.items()}
        rows |= {f"records {name}": count for name, count in sorted(account.results.items())}
        rows |= dict(sorted(self.counts.items()))
        text = "\n".join(f"{count:8} {name}" for name, count in rows.items())
        self.log.write(f"\nseed {SEED}\n{text}\n")
        print(text)


@contextlib.contextmanager
def folder():
    with tempfile.TemporaryDirectory(prefix="rackscout-ca-") as path:
        yield path


@unittest.skipIf(MISSING, MISSING)
class Kills(unittest.TestCase):
    def test_nothing_is_lost_and_nothing_comes_twice(self):
        with open("uplink_kill.log", "w", encoding="utf-8") as log, contextlib.ExitStack() as stack:
            run = Run(self, stack, log)
            changes = Changes(run.agent.projects, SEED)
            changes.start()
            try:
                for part in run.everything():
                    part()
                    run.go_on()
                changes.enough.set()
                changes.join()
                run.mend()
                self.check(run)
            finally:
                changes.enough.set()
                run.summary(changes)
                for gateway in (run.agent, run.hub):
                    log.write(f"\n{gateway.name}\n{gateway.logged()}")

    def check(self, run):
        self.assertEqual("", difference(run.agent.known(), run.hub.known()), f"seed {SEED}")
        self.assertEqual([], run.wire.account.twice(), f"a record was applied twice, seed {SEED}")
        applied = run.wire.account.results["applied"]
        self.assertEqual(applied, len(run.wire.account.applied))
        self.assertGreaterEqual(run.agent.change_count(), CHANGES)
        for gateway in (run.agent, run.hub):
            sound = gateway.command("store", "check")
            self.assertEqual(0, sound.returncode, sound.stderr)


if __name__ == "__main__":
    plant.main(60 + 11 * KILLS)
