"""What an offline survey does and refuses at the command line, and that nothing but its probes
leaves the machine (strace shows each socket that it opens)."""
import hashlib
import json
import os
import re
import shutil
import signal
import tempfile
import unittest
import zipfile

import netspace
import plant
import survey_walk

ADDRESS = "127.60.2."
NOBODY = "127.60.2.250"  # no line of the scene
SAMPLES = os.path.join(plant.REPOSITORY, "tests", "sample")
WITH_FAILURES, WRONG_USE, STOPPED = 3, 2, 130


def scene(serial=1, racks=3):
    """Racks that take a while."""
    text = ""
    for number in range(1, racks + 1):
        units = ", ".join(f'{{address = {16 + unit}, model = "CJ1W-ETN21", version = "V1.{unit:02}"}}'
                          for unit in range(8))
        text += (f'[[host]]\nname = "rack-{number}"\naddress = "{ADDRESS}{number}"\n[host.fins]\n'
                 f'cpu = "CJ2M-CPU3{serial}"\nversion = "02.0{number}"\nunits = [{units}]\n')
    return text + (f'[[host]]\nname = "drive"\naddress = "{ADDRESS}9"\n[host.enip]\n'
                   f'no_unconnected_send = true\n'
                   f'identity = {{vendor = 1, type = 0x0C, code = 65, serial = {7000 + serial},'
                   f' name = "OpENer PC"}}\n')


class Folder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="rackscout-survey-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.out = os.path.join(self.folder, "plant.rsb")
        self.ledger = self.out + ".walk/exchanges.ndjson"

    def survey(self, *arguments, within=()):
        return plant.run([*within, plant.RACKSCOUT, "survey", "--offline", "--out", self.out,
                          "--no-signature", *arguments],
                         env=survey_walk.environment(self.folder))

    def begin(self, *arguments):
        return survey_walk.Survey(self.out, "--no-signature", *arguments)

    def put(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w") as file:
            file.write(text)
        return path

    def assert_ends(self, code, result, *words):
        self.assertEqual(code, result.exit_code, result.err)
        for word in words:
            self.assertIn(word, result.err)


class Refusals(Folder):
    """Each leaves nothing behind, and asks nobody."""

    def refused(self, *arguments, words=()):
        with plant.Plant(scene()) as simulated:
            self.assert_ends(WRONG_USE, self.survey(*arguments), *words)
            with open(simulated.log_path) as log:
                self.assertEqual("", log.read())
        self.assertFalse(os.path.exists(self.out))
        self.assertFalse(os.path.exists(self.out + ".walk"))

    def test_a_plan_that_nobody_agreed_to_is_not_carried_out(self):
        self.refused(ADDRESS + "1", words=("1 target", "--yes"))

    def test_no_name_is_looked_up(self):
        self.refused("--yes", "plc1.works.example", words=("plc1.works.example", "name"))
        targets = self.put("targets.txt", f"{ADDRESS}1\nplc1.works.example\n")
        self.refused("--yes", "--targets", targets, words=("plc1.works.example",))

    def test_a_mistake_in_a_file_of_targets_is_told_with_its_line(self):
        targets = self.put("targets.txt", f"[Hall 1]\n{ADDRESS}1\n[Hall 2\n{ADDRESS}1\n")
        self.refused("--yes", "--targets", targets, words=("targets.txt:3", "[Name]"))
        self.refused("--yes", "--targets", self.put("empty.txt", "# nobody\n[Hall 1]\n"),
                     words=("empty.txt", "no target"))
        self.refused("--yes", "--targets", self.folder + "/nowhere", words=("nowhere",))

    def test_who_may_read_it_is_a_public_key_or_a_file_with_one(self):
        private = survey_walk.create_key(self.folder, "other")
        for given, words in (("nobody", ("nobody", "neither a public key nor a file with one")),
                             (self.put("long.pub", "x" * 5000), ("long.pub", "over 4 KiB")),
                             (self.put("empty.pub", ""), ("0 public keys",)),
                             (self.folder, ("regular file",)),
                             (private, ("private key",))):
            with self.subTest(given):
                self.refused("--yes", "--encrypt-to", given, ADDRESS + "1", words=words)
        public = survey_walk.command("key", "show", "--key", private, folder=self.folder).out
        with plant.Plant(scene()):
            self.assert_ends(0, self.survey("--yes", "--encrypt-to", self.put("other.pub", public),
                                            ADDRESS + "1"))

    def test_a_walk_that_was_not_begun_is_not_gone_on_with(self):
        self.refused("--yes", "--resume", words=("no walk",))

    def test_a_walk_that_ended_before_it_had_a_plan_can_be_begun_anew(self):
        os.mkdir(self.out + ".walk")  # killed right then
        with plant.Plant(scene()):
            self.assert_ends(0, self.survey("--yes", ADDRESS + "9"))

    def test_without_a_network_nobody_is_taken_for_silent(self):
        self.assert_ends(130, self.survey("--yes", "10.99.0.1-20"), "no way leads")
        self.assertFalse(os.path.exists(self.out))
        result = self.survey("--resume", "--finish", "--yes")
        self.assert_ends(3, result, "not asked (20)")

    def test_who_is_excluded_later_is_not_asked_either(self):
        with plant.Plant(scene()):
            self.assert_ends(130, self.survey("--yes", "10.99.0.1"))
        with plant.Plant(scene()) as simulated:
            self.survey("--yes", "--resume", ADDRESS + "9", "--exclude", ADDRESS + "9,10.99.0.1")
            with open(simulated.log_path) as log:
                self.assertEqual("", log.read())
        self.assert_ends(WRONG_USE, self.survey("--yes", "--resume", "--gap", "500"), "no")

    def test_a_bundle_is_never_written_over(self):
        content = "somebody's bundle"
        self.put("plant.rsb", content)
        with plant.Plant(scene()):
            result = self.survey("--yes", ADDRESS + "9")
        self.assert_ends(WRONG_USE, result, "there already")
        with open(self.out) as file:
            self.assertEqual(content, file.read())

    def test_nor_is_one_that_came_while_the_walk_was_open(self):
        with plant.Plant(scene()):
            self.assert_ends(0, self.survey("--yes", "--keep-open", ADDRESS + "9"))
            content = "somebody's bundle"
            self.put("plant.rsb", content)
            self.assertNotEqual(0, self.survey("--yes", "--resume", "--finish").exit_code)
        with open(self.out) as file:
            self.assertEqual(content, file.read())
        self.assertTrue(os.path.exists(self.ledger), "what was walked is lost")
        os.unlink(self.out)
        self.assert_ends(0, self.survey("--yes", "--resume", "--finish"))

    def test_each_run_tells_of_its_own_areas_alone(self):
        refused, drive, rack = ADDRESS + "99", ADDRESS + "9", ADDRESS + "1"
        with plant.Plant(scene()):
            first = self.survey("--yes", "--keep-open", "--area", "Hall 1", refused)
            second = self.survey("--yes", "--resume", "--keep-open", "--area", "Hall 2", drive)
            third = self.survey("--yes", "--resume", "--area", "Hall 3", rack)
        self.assertIn("[Hall 1]\nrefused (1): " + refused, first.err)
        self.assertIn("[Hall 2]\nto be looked at:", second.err)
        self.assertNotIn("[Hall 1]", second.err)
        self.assertIn("Hall 2: 1 target, walked already", third.err)
        self.assertNotIn("[", third.err, "there is nothing to tell of the rack")
        self.assert_ends(3, third, "Hall 1: not all was read, as an earlier run told")
        self.assertNotIn("Hall 3: not all", third.err)

    def test_an_area_is_told_of_before_the_next_is_walked(self):
        targets = self.put("areas.txt", f"[Hall 1]\n{ADDRESS}99\n[Hall 2]\n{ADDRESS}1\n{ADDRESS}2\n")
        with plant.Plant(scene()):
            survey = self.begin("--yes", "--targets", targets)
            self.assertTrue(survey.has_lines(24), survey.said())
            survey.kill()
            with open(self.ledger) as ledger:
                self.assertIn("Hall 2", ledger.read())
            self.assertIn("[Hall 1]\nrefused (1)", survey.said())
            resumed = self.survey("--yes", "--resume")
        self.assertNotIn("[Hall 1]", resumed.err)
        self.assert_ends(3, resumed, "Hall 1: not all was read, as an earlier run told")

    def test_a_walk_is_not_begun_twice(self):
        with plant.Plant(scene()):
            self.assert_ends(0, self.survey("--yes", "--keep-open", ADDRESS + "9"))
            self.assert_ends(WRONG_USE, self.survey("--yes", ADDRESS + "9"), "begun already")


class Walks(Folder):
    def outcomes(self):
        return {(t.get("area", ""), t["target"]): t["outcome"]
                for t in survey_walk.member(self.out, "targets")}

    def test_two_areas_with_equal_addresses_are_two_devices(self):
        targets = self.put("targets.txt", f"# both halls\n[Hall 1]\n{ADDRESS}9\n{ADDRESS}1 # rack\n"
                                          f"\n[Hall 2]\n{ADDRESS}9\n{ADDRESS}1\n")
        with plant.Plant(scene()):
            self.assert_ends(0, self.survey("--yes", "--site", "Works", "--targets", targets))
        self.assertEqual({(f"Hall {hall}", ADDRESS + host): "answered"
                          for hall in (1, 2) for host in ("1", "9")}, self.outcomes())
        store = self.out + ".db"
        self.assert_ends(0, self.command("bundle", "import", "--allow-unsigned", "--store", store,
                                         self.out))
        listed = self.command("list", "assets", "--store", store, "--format", "json", "--extended")
        found = sorted((asset["address"], asset["area"])
                       for asset in json.loads(listed.out)["assets"]
                       if asset["address"] == ADDRESS + "1")
        self.assertEqual([(ADDRESS + "1", "Hall 1"), (ADDRESS + "1", "Hall 2")], found)

    def command(self, *arguments):
        return survey_walk.command(*arguments, folder=self.folder)

    def test_after_ctrl_c_it_goes_on_where_it_was(self):
        with plant.Plant(scene()):
            survey = self.begin("--yes", ADDRESS + "1-" + ADDRESS + "9")
            self.assertTrue(survey.has_lines(30))
            self.assertEqual(STOPPED, survey.kill(signal.SIGINT), survey.said())
            self.assertIn("--resume", survey.said())
            self.assertFalse(os.path.exists(self.out))
            self.assert_ends(0, self.survey("--yes", "--resume"))
        asked = survey_walk.sent(survey_walk.member(self.out, "exchanges"))
        twice = {what: n for what, n in asked.items()
                 if n > 1 and not survey_walk.is_handshake(what)}
        self.assertEqual({}, twice)
        self.assertEqual({"answered", "refused"}, set(self.outcomes().values()))

    def test_what_was_not_walked_can_be_left_out(self):
        targets = self.put("targets.txt", f"[Hall 1]\n{ADDRESS}1\n[Hall 2]\n{ADDRESS}2\n")
        with plant.Plant(scene()) as simulated:
            survey = self.begin("--yes", "--targets", targets)
            self.assertTrue(survey.has_lines(10))
            survey.kill()
            asked = len(self.log_of(simulated))
            self.survey("--resume", "--finish")
            self.assertEqual(asked, len(self.log_of(simulated)))
        outcomes = self.outcomes()
        self.assertEqual("not asked", outcomes["Hall 2", ADDRESS + "2"])
        self.assertNotEqual("not asked", outcomes["Hall 1", ADDRESS + "1"])
        self.assertFalse(os.path.exists(self.out + ".walk"))

    def log_of(self, simulated):
        with open(simulated.log_path) as file:
            return [line for line in file if '"hex"' in line]

    def test_a_line_that_a_power_cut_left_unfinished_is_taken_away(self):
        with plant.Plant(scene()):
            self.kill_at(25)
            with open(self.ledger, "ab") as file:
                file.write(b'{"n":999,"time":"2026-')
            self.assert_ends(0, self.survey("--yes", "--resume"))
        numbers = [entry["n"] for entry in survey_walk.member(self.out, "exchanges")]
        self.assertEqual(list(range(1, len(numbers) + 1)), numbers)

    def kill_at(self, lines):
        survey = self.begin("--yes", ADDRESS + "1-" + ADDRESS + "3")
        self.assertTrue(survey.has_lines(lines))
        survey.kill()

    def test_a_ledger_that_was_altered_is_not_gone_on_with(self):
        with plant.Plant(scene()) as simulated:
            self.kill_at(25)
            with open(self.ledger) as file:
                lines = file.readlines()
            altered = list(lines)
            altered[11] = altered[11].replace('"event":"', '"event":"x', 1)
            for changed in (altered, lines[:11] + lines[12:], lines[:5] + lines[6:4:-1] + lines[7:]):
                with open(self.ledger, "w") as file:
                    file.writelines(changed)
                asked = len(self.log_of(simulated))
                result = self.survey("--yes", "--resume")
                self.assertNotEqual(0, result.exit_code)
                self.assertRegex(result.err, r"line \d+: ledger .*chain")
                self.assertEqual(asked, len(self.log_of(simulated)))
            self.assertFalse(os.path.exists(self.out))


class Files(Folder):
    def test_the_files_are_taken_along(self):
        projects = os.path.join(self.folder, "projects")
        shutil.copytree(SAMPLES, projects)
        result = self.survey("--yes", "--projects", projects, "--include-files")
        self.assertIn(result.exit_code, (0, WITH_FAILURES), result.err)
        taken = {}
        with zipfile.ZipFile(self.out) as bundle:
            for name in bundle.namelist():
                if name.startswith("files/"):
                    taken[name[len("files/"):]] = bundle.read(name)
        for name, content in taken.items():
            self.assertEqual(name, hashlib.sha256(content).hexdigest())
        recorded = {r["record"]["sha256"] for r in survey_walk.member(self.out, "records")
                    if r["kind"] == "projectfile"}
        self.assertEqual(recorded, set(taken))
        self.assertLess(3, len(taken))
        with open(os.path.join(projects, "Packaging", "line3_pn.cfg"), "rb") as file:
            self.assertIn(hashlib.sha256(file.read()).hexdigest(), taken)

    def test_they_stay_at_home_when_nobody_asks_for_them(self):
        result = self.survey("--yes", "--projects", SAMPLES)
        self.assertIn(result.exit_code, (0, WITH_FAILURES), result.err)
        with zipfile.ZipFile(self.out) as bundle:
            self.assertEqual([], [n for n in bundle.namelist() if n.startswith("files/")])
        self.assertTrue(survey_walk.member(self.out, "records"))


@unittest.skipIf(shutil.which("strace") is None, "there is no strace")
class Sockets(Folder):
    def test_nothing_but_its_probes_leaves_the_machine(self):
        trace = os.path.join(self.folder, "trace")
        no_leak_search = ("env", "ASAN_OPTIONS=detect_leaks=0")  # it can't be done under strace
        with plant.Plant(scene()):
            result = self.survey("--yes", "--area", "Hall 1", "--projects", SAMPLES,
                                 ADDRESS + "1", ADDRESS + "9", NOBODY,
                                 within=(*no_leak_search, "strace", "-f", "-s", "64",
                                         "-e", "trace=network", "-o", trace))
        self.assertIn(result.exit_code, (0, WITH_FAILURES), result.err)
        with open(trace) as file:
            lines = file.readlines()
        reached = [line for line in lines if re.search(r"\b(connect|sendto|sendm+sg)\(", line)]
        # Who the user is, glibc asks on this machine alone.
        off = [line for line in reached if not re.search(r'sun_path="/(var/)?run/(nscd|systemd)/', line)]
        peers = set()
        for line in off:
            peers.update(re.findall(r'sin_addr=inet_addr\("([^"]+)"\)', line))
            self.assertNotRegex(line, r"AF_(?!INET\b)\w+")
        self.assertEqual({ADDRESS + "1", ADDRESS + "9", NOBODY}, peers)
        kinds = {match[1] for line in lines if (match := re.search(r"\bsocket\((\w+)", line))}
        self.assertLessEqual(kinds, {"AF_INET", "AF_UNIX"})


if __name__ == "__main__":
    unfit = netspace.enter()
    if unfit:
        plant.skip(unfit)
    if not survey_walk.has_bundles():
        plant.skip("this rackscout makes no bundles")
    plant.main(150)
