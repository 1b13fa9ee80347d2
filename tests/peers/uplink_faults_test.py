"""Agents and hubs on full disks, restored from older copies, two that send as one sensor, and a
record that nobody takes."""
import contextlib
import glob
import os
import shutil
import subprocess
import sys
import threading
import time
import unittest

import plant
from service import until
from uplink import Gateway, all_read, hub_for, hub_sink, same, save, station
from uplink_line import Wire

INSIDE = "RACKSCOUT_OWN_MOUNTS"
MANY = 300


def works(*command):
    try:
        return plant.run(command).exit_code == 0
    except OSError:
        return False


class Pair(contextlib.ExitStack):
    """An agent, a wire and a hub."""

    def __init__(self, name="hall", prepare=lambda gateway: None, **keys):
        super().__init__()
        self.wire = self.enter_context(Wire())
        self.hub = hub_for(name)
        prepare(self.hub)
        self.enter_context(self.hub)
        self.wire.lead_to(self.hub)
        self.agent = Gateway(name, watches=True)
        prepare(self.agent)
        self.agent.use(self.sink(self.agent, **keys))
        self.enter_context(self.agent)

    def sink(self, agent, **keys):
        return hub_sink(agent, next(iter(self.hub.tokens.values())), f"http://{self.wire.address}",
                        timeout="5s", **keys)

    def save(self, *numbers, text="DI", agent=None):
        for number in numbers:
            save(os.path.join((agent or self.agent).projects, f"s{number}.cfg"), station(number, text))

    def told(self):
        all_read(self.agent)
        until(self.agent.is_told, "everything is told", 60)

    def same(self, but=()):
        all_read(self.agent)
        same(self.agent, self.hub, but)

    def problem(self, agent=None):
        sinks = (agent or self.agent).status()["sinks"]
        return sinks[0].get("problem", "") + " " + sinks[0].get("hint", "") if sinks else ""


class Disk:
    """The state of a gateway on a disk that may be too small."""

    def __init__(self, gateway):
        self.folder = os.path.dirname(gateway.store)
        os.mkdir(self.folder, 0o700)
        subprocess.run(["mount", "-t", "tmpfs", "none", self.folder], check=True)

    def resize(self, size):
        subprocess.run(["mount", "-o", f"remount,size={size}", self.folder], check=True)

    def fill(self, room=50_000):
        self.resize(room + sum(os.stat(path).st_blocks * 512 for path in glob.glob(self.folder + "/*")))

    def unmount(self):
        subprocess.run(["umount", "-l", self.folder], check=False)
        shutil.rmtree(os.path.dirname(self.folder), ignore_errors=True)


@unittest.skipUnless(os.environ.get(INSIDE), "no mounts of its own here")
class FullDisks(unittest.TestCase):
    def test_a_full_disk_on_either_side_loses_nothing(self):
        """Both at once: after a failure either waits half a minute."""
        disks = []
        with contextlib.ExitStack() as stack:
            stack.callback(lambda: [disk.unmount() for disk in disks])
            far = stack.enter_context(Pair("far", lambda one: disks.append(Disk(one))))
            near = stack.enter_context(Pair("near", lambda one: disks.append(Disk(one))))
            for pair in (far, near):
                pair.save(1)
                pair.same()
            disks[0].fill()  # the hub's
            disks[3].fill()  # the agent's
            for pair in (far, near):
                pair.save(*range(2, MANY))
            until(lambda: 507 in far.wire.account.statuses, "the hub has no room")
            until(lambda: "is full" in near.agent.logged(), "the agent has no room")
            self.check_full(far, near)
            for disk in (disks[0], disks[3]):
                disk.resize(200_000_000)
            far.same()
            near.same()
            self.assertEqual([], far.wire.account.twice())
            self.assertEqual(1, len(far.wire.account.epochs), "nothing had to be told anew")

    def check_full(self, far, near):
        until(lambda: "507" in far.problem(), "the agent says why")
        self.assertIn("is full", far.hub.logged())
        self.assertGreater(far.agent.outbox()["waiting"], 0)
        self.assertEqual([], far.agent.outbox()["setAside"])
        for one in (far.hub, near.agent):
            self.assertEqual(200, one.curl("/healthz", token=False).status)
            one.list("host")


class Copies(unittest.TestCase):
    """Cold copies, as a backup of the whole machine makes them."""

    def copy(self, gateway, name):
        shutil.copytree(os.path.dirname(gateway.store), os.path.join(gateway.folder, name))

    def restore(self, gateway, name):
        gateway.stop()
        shutil.rmtree(os.path.dirname(gateway.store))
        shutil.copytree(os.path.join(gateway.folder, name), os.path.dirname(gateway.store))
        gateway.start()

    def changed(self, pair):
        """Tells, copies both stores, and tells more."""
        pair.save(*range(6))
        pair.same()
        for one in (pair.agent, pair.hub):
            one.stop()
            self.copy(one, "older")
            one.start()
        pair.wire.lead_to(pair.hub)
        pair.save(0, 1, 6, text="DI later")
        os.unlink(os.path.join(pair.agent.projects, "s2.cfg"))
        pair.told()
        pair.save(3, text="DI latest")
        pair.same()
        self.assertEqual(1, len(pair.wire.account.epochs))

    def test_a_hub_from_an_older_copy_is_told_everything_anew(self):
        with Pair() as pair:
            self.changed(pair)
            self.restore(pair.hub, "older")
            pair.wire.lead_to(pair.hub)
            pair.save(4, text="DI after that")
            pair.same()
            self.assertEqual(2, len(pair.wire.account.epochs))

    def test_an_empty_hub_is_told_everything_anew(self):
        with Pair() as pair:
            pair.save(*range(6))
            pair.same()
            pair.hub.stop()
            shutil.rmtree(os.path.dirname(pair.hub.store))
            pair.hub.start()
            pair.wire.lead_to(pair.hub)
            pair.save(4, text="DI after that")
            pair.same()
            self.assertEqual(2, len(pair.wire.account.epochs))

    def test_an_agent_from_an_older_copy_tells_everything_anew(self):
        with Pair() as pair:
            self.changed(pair)
            self.restore(pair.agent, "older")
            pair.save(4, text="DI after that")
            # What the agent has forgotten the hub knows still: since when it is there.
            pair.same(but=["created"])
            self.assertEqual(2, len(pair.wire.account.epochs))

    def test_an_agent_from_a_backup_tells_everything_anew(self):
        with Pair() as pair:
            self.changed(pair)
            backup = os.path.join(pair.agent.folder, "backup.db")
            made = pair.agent.command("store", "backup", backup, "--store", pair.agent.store)
            self.assertEqual(0, made.returncode, made.stderr)
            pair.agent.stop()
            shutil.rmtree(os.path.dirname(pair.agent.store))
            os.mkdir(os.path.dirname(pair.agent.store), 0o700)
            shutil.copyfile(backup, pair.agent.store)
            os.chmod(pair.agent.store, 0o600)
            pair.agent.start()
            pair.same()
            self.assertEqual(2, len(pair.wire.account.epochs))

    def test_a_backup_as_another_agent_is_another_agent(self):
        with Wire() as wire, hub_for("hall", "twin") as hub:
            wire.lead_to(hub)
            agents = [Gateway(name, watches=True) for name in ("hall", "twin")]
            with contextlib.ExitStack() as stack:
                for agent in agents:
                    agent.use(hub_sink(agent, hub.tokens[agent.name], f"http://{wire.address}"))
                first, second = agents
                stack.enter_context(first)
                save(os.path.join(first.projects, "s1.cfg"), station(1, "DI"))
                all_read(first)
                same(first, hub)
                os.mkdir(os.path.dirname(second.store), 0o700)
                self.assertEqual(0, first.command("store", "backup", second.store, "--store",
                                                  first.store).returncode)
                self.assertNotEqual(first.query("SELECT epoch FROM sinks"),
                                    second.query("SELECT epoch FROM sinks"))
                stack.enter_context(second)
                until(second.is_told, "the twin has told everything")
                self.check_both(hub)
                save(os.path.join(first.projects, "s1.cfg"), station(1, "DI later"))
                all_read(first)
                until(first.is_told, "the first goes on")
                self.assertEqual(2, len(wire.account.epochs))
                self.check_both(hub)

    def check_both(self, hub):
        """One asset, of which two speak."""
        self.assertEqual(1, len(hub.list("host")))
        self.assertEqual([("hall",), ("twin",)],
                         hub.query("SELECT DISTINCT sensor FROM received ORDER BY sensor"))


class Strife(unittest.TestCase):
    def test_two_that_send_as_one_sensor_settle(self):
        with Pair() as pair, Gateway("hall", watches=True) as other:
            other.stop()
            other.use(pair.sink(other))
            pair.save(*range(5))
            pair.same()
            other.start()
            end = time.monotonic() + 40
            number = 0
            while time.monotonic() < end and not self.both_wait(pair, other):
                number += 1
                pair.save(number % 5, text=f"DI {number}")
                pair.save(10 + number % 5, text=f"DI {number}", agent=other)
                time.sleep(0.5)
            self.assertTrue(self.both_wait(pair, other), "they say what is wrong, and wait")
            self.assertLessEqual(len(pair.wire.account.epochs), 2 + 2 * 3)
            requests = pair.wire.account.requests
            pair.save(1, text="DI during the wait")
            threading.Event().wait(3)
            self.assertLessEqual(pair.wire.account.requests, requests + 2)
            self.assertGreater(pair.agent.outbox()["waiting"] + other.outbox()["waiting"], 0)
            # The other gets a name of its own.
            other.stop()
            pair.agent.stop()
            pair.agent.start()
            pair.same()

    def both_wait(self, pair, other):
        """One of them at least: who came last is in the right."""
        hint = "does another rackscout send as the same sensor?"
        return any(hint in pair.problem(one) for one in (pair.agent, other))


class Refusals(unittest.TestCase):
    def test_a_record_that_nobody_takes_is_set_aside_and_the_rest_arrives(self):
        """Something on the way refuses whatever holds one record: its size, say."""
        for status in ("400", "413"):
            with self.subTest(status), Pair(batch=10) as pair:
                pair.save(1)
                pair.same()
                pair.wire.rule = lambda request, status=status: status if any(
                    "too large" in str(record) and record["kind"] == "asset"
                    for record in request["records"]) else None
                pair.save(*range(2, 20))
                pair.save(20, text="DI too large")
                pair.told()
                pair.save(*range(21, 40))
                pair.told()
                aside = pair.agent.outbox()["setAside"]
                self.assertEqual([True], [status in record["reason"] for record in aside], aside)
                self.assertEqual(39 - 1, len(pair.hub.query("SELECT 1 FROM received")))
                self.assertEqual(1, len(pair.wire.account.epochs), "all else goes on as it was")
                pair.wire.rule = None
                retry = pair.agent.command("outbox", "retry", "hub", "--store", pair.agent.store)
                self.assertEqual(0, retry.returncode, retry.stderr)
                until(lambda: not pair.agent.outbox()["setAside"], "it is told")
                pair.same()


class Repeats(unittest.TestCase):
    def test_what_changes_while_all_is_told_anew_stays_in_the_hubs_list(self):
        """The last request of an epoch is repeated without it: that is no word that it is gone."""
        with Pair() as pair:
            pair.save(*range(6))
            pair.same()
            requests = []

            def first_alone(request):
                requests.append(request)
                return None if len(requests) == 2 else "500"
            pair.wire.rule = first_alone
            renew = pair.agent.command("outbox", "renew", "hub", "--store", pair.agent.store)
            self.assertEqual(0, renew.returncode, renew.stderr)
            until(lambda: requests, "it is told anew, and not taken")
            pair.save(5, text="DI later")
            all_read(pair.agent)
            until(lambda: len(requests) > 2, "it is told again, and what changed is not taken yet", 60)
            self.assertEqual(6, len(pair.hub.list("host", pageSize=100)))
            pair.wire.rule = None
            pair.same()


if __name__ == "__main__":
    # In name spaces of its own whoever runs this may mount, and nobody else sees it.
    own = ["unshare", "--user", "--map-root-user", "--mount"]
    if not os.environ.get(INSIDE) and works(*own, "true"):
        os.environ[INSIDE] = "yes"
        os.execvp(own[0], [*own, sys.executable, *sys.argv])
    plant.main(170)
