"""The service from its start to its end: files come and go, it is reloaded and stopped."""
import contextlib
import datetime
import json
import os
import sqlite3
import subprocess
import unittest

import plant
from service import Service, signal, until

STATION = "Packaging/line3_pn.cfg"


class Files(unittest.TestCase):
    def test_a_saved_file_is_in_both_lists(self):
        with Service() as service:
            self.assertEqual([], service.list("projectfile"))
            service.put(STATION, "line1/AS01.cfg")
            until(lambda: service.files() == {"AS01": "Imported"}, "the file is listed")
            hosts = service.list("host")
            self.assertGreater(len(hosts), 0)
            self.assertEqual("Test GH SS", hosts[0]["inventory"]["sensorName"])

    def test_a_file_that_is_replaced_or_deleted_is_so_in_the_list(self):
        with Service() as service:
            path = service.put(STATION, "AS01.cfg")
            until(lambda: service.files() == {"AS01": "Imported"}, "the file is listed")
            with open(path, "rb") as file:
                content = file.read()
            with open(path + ".new", "wb") as file:
                file.write(content.replace(b"STATION", b"STATION ", 1))
            os.rename(path + ".new", path)
            until(lambda: len(service.list("projectfile", pageSize=100)) == 2, "the new row")
            os.unlink(path)
            until(lambda: service.files() == {"AS01": "Deleted"}, "the file is gone")
            kinds = [entry["kind"] for entry in self.journal(service)]
            self.assertEqual(["file.imported", "file.replaced", "file.deleted"],
                             [kind for kind in kinds if kind.startswith("file.")])

    def journal(self, service):
        run = service.command("journal", "--format", "json")
        self.assertEqual(0, run.returncode, run.stderr)
        return json.loads(run.stdout)

    def test_what_changed_while_it_was_down_is_found_at_its_start(self):
        with Service() as service:
            stays = service.put(STATION, "stays.cfg")
            service.put(STATION, "goes.cfg")
            until(lambda: len(service.files()) == 2, "both files are listed")
            self.assertEqual(0, service.stop())
            os.unlink(os.path.join(service.projects, "goes.cfg"))
            service.put(STATION, "new.cfg")
            self.assertTrue(os.path.exists(stays))
            service.start()
            until(lambda: service.files() == {"stays": "Imported", "goes": "Deleted",
                                              "new": "Imported"}, "all three are told")


class Reload(unittest.TestCase):
    def test_a_sound_configuration_is_taken_whole(self):
        with Service() as service:
            other = os.path.join(service.folder, "other")
            os.mkdir(other)
            service.configure(f'site = "Ulm"\n[[folder]]\npath = "{other}"\n')
            service.process.send_signal(signal.SIGHUP)
            until(lambda: len(service.status()["folders"]) == 2, "the new folder is watched")
            service.put(STATION, "AS01.cfg")
            until(lambda: service.files() == {"AS01": "Imported"}, "it goes on")

    def test_another_sensor_name_holds_for_records_and_for_filters(self):
        with Service() as service:
            service.put(STATION, "AS01.cfg")
            count = len(until(lambda: service.list("host"), "its assets are listed"))
            ours = 'inventory.sensorName: "Test GH SS"'
            self.assertEqual(count, len(service.list("host", filter=ours)))
            with open(service.config, encoding="utf-8") as file:
                text = file.read()
            with open(service.config, "w", encoding="utf-8") as file:
                file.write(text.replace("Test GH SS", "Ulm"))
            service.process.send_signal(signal.SIGHUP)
            until(lambda: service.list("host", filter="inventory.sensorName: Ulm"), "the new name")
            self.assertEqual([], service.list("host", filter=ours))
            names = {host["inventory"]["sensorName"] for host in service.list("host")}
            self.assertEqual({"Ulm"}, names)

    def test_another_place_of_a_folder_within_holds_at_once(self):
        with Service() as service:
            inner = os.path.join(service.projects, "line1")
            os.mkdir(inner)
            folder = f'[[folder]]\npath = "{inner}"\nplant_location = "%s"\n'
            service.configure(folder % "Linz")
            service.process.send_signal(signal.SIGHUP)
            service.put(STATION, "line1/AS01.cfg")
            until(lambda: service.list("projectfile", filter="plantLocation: Linz"), "it is read")
            service.configure(folder % "Graz")
            service.process.send_signal(signal.SIGHUP)
            until(lambda: service.list("projectfile", filter="plantLocation: Graz"), "it moves")

    def test_one_with_a_mistake_is_not_taken_at_all(self):
        with Service() as service:
            before = service.status()["folders"]
            service.configure('sit = "Ulm"\nlog_level = "debug"\n', settle="9s")
            service.process.send_signal(signal.SIGHUP)
            until(lambda: "stays as it was" in service.logged(), "the mistake is logged")
            self.assertIn('rackscout.toml:3', service.logged())
            self.assertEqual([folder["path"] for folder in before],
                             [folder["path"] for folder in service.status()["folders"]])
            service.put(STATION, "AS01.cfg")
            until(lambda: service.files() == {"AS01": "Imported"}, "it goes on", deadline=5)


class Manners(unittest.TestCase):
    def test_it_ends_in_good_order_and_leaves_nothing(self):
        with Service() as service:
            service.put(STATION, "AS01.cfg")
            self.assertEqual(0, service.stop(), service.logged())
            self.assertIn("stopped", service.logged())  # by itself, before it would cut itself off
            self.assertFalse(os.path.exists(service.store + ".status"))
            run = service.command("status", "--store", service.store)
            self.assertEqual(3, run.returncode, run.stderr)
            self.assertIn("does not run", run.stdout)

    def test_a_second_one_on_the_same_store_is_refused(self):
        with Service() as service:
            run = service.command("run", "--config", service.config)
            self.assertEqual(1, run.returncode, run.stderr)
            self.assertIn("store", run.stderr)

    def test_its_token_is_never_told(self):
        with Service('log_level = "debug"') as service:
            token = service.token()
            self.assertEqual(0o600, os.stat(service.store + ".token").st_mode & 0o777)
            service.curl("/ot/v1/host/list")
            service.curl("/ot/v1/host/list", "-H", f"Authorization: Bearer {token}x", token=False)
            told = service.logged() + json.dumps(service.status())
            told += service.curl("/metrics").body
            self.assertNotIn(token, told)

    def test_it_says_what_it_does_not_serve(self):
        with Service() as service:
            self.assertEqual(200, service.curl("/healthz", token=False).status)
            self.assertEqual(401, service.curl("/ot/v1/host/list", token=False).status)
            self.assertEqual(401, service.curl("/metrics", token=False).status)
            missing = service.curl("/ot/v2/host/list")
            self.assertEqual((404, "NOT_FOUND"), (missing.status, missing.json()["responseCode"]))
            for query, code, position in (
                    ("filter=vendr%3A%22x%22", "INVALID_FILTER", 0),
                    ("filter=vendor", "INVALID_FILTER", None),
                    ("sort=vendr", "INVALID_SORT", None),
                    ("pageSize=101", "INVALID_PAGE", None),
                    ("pageNumber=-1", "INVALID_PAGE", None)):
                answer = service.curl("/ot/v1/projectfile/list?" + query)
                self.assertEqual(400, answer.status, query)
                self.assertEqual(code, answer.json()["responseCode"])
                if position is not None:
                    self.assertEqual(position, answer.json()["position"])
                    self.assertIn('did you mean "vendor"?', answer.json()["responseMessage"])

    def test_prometheus_accepts_its_metrics(self):
        with Service() as service:
            text = service.curl("/metrics").body
            check = subprocess.run(["promtool", "check", "metrics"], input=text, text=True,
                                   capture_output=True, check=False)
            self.assertEqual((0, ""), (check.returncode, check.stdout + check.stderr))
            self.assertIn("rackscout_assets 0", text)


class Racks(unittest.TestCase):
    SCENE = """
[[host]]
name = "press"
address = "127.50.9.11"
[host.fins]
port = 0
cpu = "CJ2M-CPU33"
version = "02.01"
units = [{address = 16, model = "CJ2M-EIP21", version = "V2.17"}]
"""

    METERS = "".join(f"""
[[host]]
name = "{name}"
address = "127.50.9.{number}"
[host.modbus]
port = 0
objects = {{0 = "Schneider Electric", 1 = "PM5560"}}
""" for number, name in enumerate(("one", "two", "three"), 21))

    def test_targets_are_asked_on_schedule_and_their_state_is_told(self):
        with plant.Plant(self.SCENE, "--free-ports") as press:
            target = press.target("press", "fins")
            settings = (f'[[probe]]\nname = "hall 1"\ntargets = ["{target}"]\n'
                        'protocols = ["fins"]\nevery = "1h"\n')
            with Service(settings) as service:
                hosts = until(lambda: service.list("host"), "the rack is listed")
                self.assertEqual("CJ2M-CPU33", hosts[0]["hardware"]["model"])
                group = until(lambda: self.ended(service), "the run is told")
                self.assertEqual(1, group["lastRun"]["answered"])
                self.assertEqual("answered", group["targets"][0]["outcome"])
                sent = group["lastRun"]["requests"]
                self.assertEqual(0, service.stop())
                service.start()
                again = until(lambda: self.ended(service), "it remembers")
                self.assertEqual(sent, again["lastRun"]["requests"])
                self.assertEqual(0, service.metric("rackscout_probe_requests_total"))

    def test_what_is_excluded_has_not_fallen_silent(self):
        with plant.Plant(self.SCENE, "--free-ports") as press:
            target = press.target("press", "fins")
            probe = (f'[[probe]]\nname = "hall 1"\ntargets = ["{target}"]\n'
                     'protocols = ["fins"]\nevery = "1h"\n')
            with Service(probe) as service:
                until(lambda: service.list("host"), "the rack is listed")
                service.stop()
                with contextlib.closing(sqlite3.connect(service.store)) as store, store:
                    store.execute("DELETE FROM group_runs")  # it is due again
                service.configure(probe + '[safety]\nexclude = ["127.50.9.11"]\n')
                service.start()
                until(lambda: self.ended(service), "the run is told")
                run = service.command("journal", "--kind", "target", "--format", "ndjson")
                self.assertEqual((0, ""), (run.returncode, run.stdout))

    def test_a_stop_file_makes_a_turn_late_and_not_lost(self):
        with plant.Plant(self.SCENE, "--free-ports") as press:
            target = press.target("press", "fins")
            service = Service()
            stop = os.path.join(service.folder, "stop")
            with open(stop, "w", encoding="ascii"):
                pass
            service.configure(f'[[probe]]\nname = "hall 1"\ntargets = ["{target}"]\n'
                              'protocols = ["fins"]\nevery = "1h"\n'
                              f'[safety]\nstop_file = "{stop}"\n')
            with service:
                group = until(lambda: self.refused(service), "why not is told")
                self.assertIn("stop file", group["problem"])
                due = datetime.datetime.fromisoformat(group["nextTry"].replace("Z", "+00:00"))
                now = datetime.datetime.now(datetime.timezone.utc)
                self.assertLess((due - now).total_seconds(), 120)

    def test_a_turn_that_was_cut_goes_on_with_whom_it_did_not_come_to(self):
        with plant.Plant(self.METERS, "--free-ports") as meters:
            targets = [meters.target(name, "modbus") for name in ("one", "two", "three")]
            service = Service()
            path = os.path.join(service.folder, "ledger.ndjson")
            settings = (f'[[probe]]\nname = "hall 1"\ntargets = {json.dumps(targets)}\n'
                        'protocols = ["modbus"]\nunits = ["1-9"]\nevery = "1h"\n'
                        f'[safety]\nledger = "{path}"\nat_once = 1\ngap = "600ms"\n')

            def all_that(event):
                return [e["target"] for e in plant.read_ledger(path) if e["event"] == event]

            service.configure(settings)
            with service:
                until(lambda: all_that("sent"), "the first one is asked")
                service.process.send_signal(signal.SIGHUP)
                until(lambda: len(all_that("sent")) >= 4, "the next turn is under way")
                one, two, three = targets
                self.assertEqual([one, two, three, two, three, one], all_that("connect")[:6])

    def refused(self, service):
        group = service.status()["probes"][0]
        return group if "problem" in group else None

    def ended(self, service):
        group = service.status()["probes"][0]
        return group if "lastRun" in group and "asking" not in group else None


if __name__ == "__main__":
    plant.main()
