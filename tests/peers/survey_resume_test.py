"""A survey whose laptop is killed ends in the same bundle as one that nobody disturbed.

Three halls with equal addresses are walked, each in its own scene (survey_plant.py), twice: once
undisturbed, once killed again and again at moments that are chosen by the lines of the ledger. And
each hall is walked alone: what a walk found there must not change while it goes on elsewhere.
RACKSCOUT_KILLS says how often (3), RACKSCOUT_SEED which moments.
"""
import collections
import itertools
import json
import os
import random
import signal
import tempfile
import threading
import unittest

import netspace
import plant
import survey_plant
import survey_walk
from survey_plant import HALLS, TARGETS, UNITS

KILLS = int(os.environ.get("RACKSCOUT_KILLS", "3"))
SEED = int(os.environ.get("RACKSCOUT_SEED", "0")) or random.randrange(1, 1 << 30)
KILLS_A_ROUND = 3 if KILLS < 12 else 6
ROUNDS = max(1, KILLS // KILLS_A_ROUND)

# What a store makes up on its way, and the name of the one walk.
LOCAL = ("assetId", "assetUuid", "addOnId", "addOnUuid", "moduleUuid", "assetModuleId", "sensorName")

Cut = collections.namedtuple("Cut", "hall lines by")  # the ledger had so many lines then


class Walk(threading.Thread):
    """Through the halls, in a network of its own."""

    def __init__(self, out, key):
        super().__init__(daemon=True)
        self.out, self.key = out, key
        self.cuts, self.codes, self.seen_by_plant = [], [], []
        self.is_past = [threading.Event() for _ in HALLS]
        self.lines = [0 for _ in HALLS]  # of the ledger, at the end of each
        self.failure = None

    def run(self):
        try:
            unfit = netspace.enter()
            if unfit:
                raise RuntimeError(unfit)
            self.walk()
        except Exception as error:  # told by result()
            self.failure = error
        for event in self.is_past:
            event.set()

    def walk(self):
        for hall in range(len(HALLS)):
            self.go_through(hall)
            self.is_past[hall].set()

    def go_through(self, hall):
        with plant.Plant(survey_plant.scene(hall)) as simulated:
            survey = self.ask(hall)
            self.codes.append(survey.end())
            self.lines[hall] = survey.lines
            self.seen_by_plant.append(seen_by(simulated))
            code = simulated.stop()
        if code != 0:
            raise AssertionError(f"{HALLS[hall]}: asked for more than an identification")

    def ask(self, hall):
        return self.begin(hall)

    def begin(self, hall, bare=False, keep_open=True):
        """`bare`: the walk itself knows where it was."""
        known = survey_walk.walk_file(self.out)
        arguments = ["--yes", "--key", self.key, *(["--resume"] if known else [])]
        if not (bare and HALLS[hall] in json.dumps(known)):
            arguments += ["--site", "Works", "--area", HALLS[hall], "--units", UNITS, TARGETS]
            arguments += ["--keep-open"] if keep_open and hall + 1 < len(HALLS) else []
        return survey_walk.Survey(self.out, *arguments)

    def result(self):
        self.join()
        if self.failure:
            raise self.failure
        return self


class Alone(Walk):
    """Through one hall, in one go."""

    def __init__(self, out, key, hall):
        super().__init__(out, key)
        self.hall = hall

    def walk(self):
        with plant.Plant(survey_plant.scene(self.hall)):
            self.codes.append(self.begin(self.hall, keep_open=False).end())


class Disturbed(Walk):
    """Killed at random lines of its ledger; of the calm walk it knows how many there may be."""

    def __init__(self, out, key, calm, seed):
        super().__init__(out, key)
        self.calm, self.chance = calm, random.Random(seed)
        self.kills = collections.Counter(number % len(HALLS) for number in range(KILLS_A_ROUND))
        self.interrupted = self.chance.randrange(len(HALLS))

    def moments(self, hall):
        begin, own = (self.calm.lines[hall - 1], self.lines[hall - 1]) if hall else (0, 0)
        size = self.calm.lines[hall] - begin
        kinds = [signal.SIGKILL] * self.kills[hall]
        kinds += [signal.SIGINT] * (hall == self.interrupted)
        self.chance.shuffle(kinds)
        places = sorted(self.chance.randrange(1, size * 9 // 10) for _ in kinds)
        return [(own + place, kind) for place, kind in zip(places, kinds)]

    def ask(self, hall):
        self.calm.is_past[hall].wait()
        for lines, kind in self.moments(hall):
            noted = self.cuts[-1].lines if self.cuts else 0
            survey = self.begin(hall, bare=self.chance.random() < 0.5)
            # Before it asks anybody there is nothing that Ctrl-C could stop in good order.
            if not survey.has_lines(max(lines, noted + 1) if kind == signal.SIGINT else lines):
                raise AssertionError(f"it ended before line {lines}: {survey.said()}")
            self.codes.append(survey.kill(kind))
            self.cuts.append(Cut(hall, survey.lines, kind))
        return self.begin(hall, bare=self.chance.random() < 0.5)


def seen_by(simulated):
    """What came over the wire, (address, transport, hex) as often as it came; and where the plant
    listens at all."""
    addresses = {end["host"]: end["address"] for end in simulated.endpoints}
    places = {(f"{end['address']}:{end['port']}", end["transport"]) for end in simulated.endpoints}
    ports = {(end["host"], end["protocol"]): end["port"] for end in simulated.endpoints}
    with open(simulated.log_path) as file:
        lines = [json.loads(line) for line in file]
    requests = collections.Counter()
    for line in lines:
        if "hex" in line:
            port = ports[line["host"], line["protocol"]]
            requests[f"{addresses[line['host']]}:{port}", line["transport"], line["hex"]] += 1
    return requests, places


def transport_of(protocol):
    return "udp" if "UDP" in protocol else "tcp"


class Resume(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="rackscout-survey-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = folder.name
        cls.key = survey_walk.create_key(cls.folder)
        cls.calm = Walk(os.path.join(cls.folder, "calm.rsb"), cls.key)
        cls.alone = [Alone(os.path.join(cls.folder, f"hall-{hall}.rsb"), cls.key, hall)
                     for hall in range(len(HALLS))]
        for walk in (cls.calm, *cls.alone):
            walk.start()
        cls.rounds = [cls.disturb(number) for number in range(ROUNDS)]
        for walk in (cls.calm, *cls.alone):
            walk.result()
        cls.ledger = survey_walk.member(cls.calm.out, "exchanges")
        cls.ledgers = [survey_walk.member(walk.out, "exchanges") for walk in cls.rounds]
        cls.say_figures()

    @classmethod
    def disturb(cls, number):
        walk = Disturbed(os.path.join(cls.folder, f"killed-{number}.rsb"), cls.key, cls.calm,
                         SEED + number)
        walk.start()
        return walk.result()

    @classmethod
    def say_figures(cls):
        kills = sum(cut.by == signal.SIGKILL for walk in cls.rounds for cut in walk.cuts)
        stops = sum(len(walk.cuts) for walk in cls.rounds) - kills
        repeats, handshakes = 0, 0
        for ledger in cls.ledgers:
            more = survey_walk.sent(ledger) - survey_walk.sent(cls.ledger)
            handshakes += sum(n for what, n in more.items() if survey_walk.is_handshake(what))
            repeats += sum(n for what, n in more.items() if not survey_walk.is_handshake(what))
        opened = sum(len(cls.open_at(walk, ledger, cut)) for walk, ledger
                     in zip(cls.rounds, cls.ledgers) for cut in walk.cuts)
        requests = sum(survey_walk.sent(cls.ledger).values())
        print(f"seed {SEED}: {kills} kills and {stops} by Ctrl-C in {ROUNDS} walks of {requests}"
              f" requests; {opened} requests were under way then, {repeats} were sent once more,"
              f" and {handshakes} handshakes")

    @staticmethod
    def open_at(walk, ledger, cut):
        """The requests that were under way when it was killed."""
        return survey_walk.pending(ledger[:cut.lines])

    def each(self, check):
        for number, (walk, ledger) in enumerate(zip(self.rounds, self.ledgers)):
            with self.subTest(seed=SEED + number, cuts=walk.cuts):
                check(walk, ledger)

    def assert_same(self, name, without=()):
        """The same as the undisturbed walk's, and that the same as those of each hall alone."""
        calm = survey_walk.lines_of(survey_walk.member(self.calm.out, name), without)
        alone = [entry for walk in self.alone for entry in survey_walk.member(walk.out, name)]
        self.assert_equal_lines(survey_walk.lines_of(alone, without), calm)
        self.each(lambda walk, _: self.assert_equal_lines(
            calm, survey_walk.lines_of(survey_walk.member(walk.out, name), without)))

    def assert_equal_lines(self, expected, found):
        self.assertTrue(expected)
        for line, other in itertools.zip_longest(expected, found):
            self.assertEqual(line, other)

    # --- what comes of it ---

    def test_each_run_ended_as_it_should(self):
        further, last = [0] * (len(HALLS) - 1), 3  # that one tells of the faults
        self.assertEqual([*further, last], self.calm.codes)
        self.assertEqual([last] * len(HALLS), [code for walk in self.alone for code in walk.codes])

        def check(walk, _):
            cut = [130 if cut.by == signal.SIGINT else -signal.SIGKILL for cut in walk.cuts]
            self.assertEqual(sorted([*cut, *further, last]), sorted(walk.codes))
        self.each(check)

    def test_every_host_of_every_hall_is_there(self):
        targets = survey_walk.member(self.calm.out, "targets")
        self.assertEqual(24 * len(HALLS), len(targets))
        outcomes = collections.Counter(target["outcome"] for target in targets)
        print(dict(outcomes))
        self.assertEqual(4 * len(HALLS), outcomes["refused"])
        self.assertLessEqual(survey_plant.WELL * len(HALLS), outcomes["answered"])

    def test_the_records_are_the_same(self):
        self.assert_same("records", LOCAL)

    def test_the_targets_came_to_the_same(self):
        self.assert_same("targets")

    def test_what_was_read_is_the_same(self):
        self.assert_same("observations")

    # --- what was sent for it ---

    def test_nothing_is_left_out(self):
        calm = survey_walk.sent(self.ledger)

        def check(walk, ledger):
            missing = calm - survey_walk.sent(ledger)
            left = {what: n for what, n in missing.items() if not survey_walk.is_farewell(what)}
            self.assertEqual({}, left)
            for what, count in missing.items():  # said by the run that was killed, or by nobody
                self.assertLessEqual(count, len(self.cuts_in(walk, what[0])), what)
        self.each(check)

    def test_only_what_was_under_way_is_sent_once_more(self):
        calm = survey_walk.sent(self.ledger)

        def check(walk, ledger):
            under_way = collections.Counter()
            for cut in walk.cuts:
                under_way.update(self.open_at(walk, ledger, cut).values())
            for what, count in (survey_walk.sent(ledger) - calm).items():
                most = (len(self.cuts_in(walk, what[0])) if survey_walk.is_handshake(what)
                        else under_way[what])
                self.assertLessEqual(count, most, what)
        self.each(check)

    def test_what_was_answered_is_not_asked_again(self):
        calm = survey_walk.sent(self.ledger)

        def check(_, ledger):
            answered, last = collections.Counter(), {}
            for entry in ledger:
                place = survey_walk.conversation_of(entry)
                if entry["event"] == "sent":
                    what = last[place] = survey_walk.request_of(entry)
                    exempt = survey_walk.is_handshake(what) or survey_walk.is_farewell(what)
                    self.assertTrue(exempt or answered[what] < calm[what], entry)
                elif survey_walk.is_answer(entry):
                    answered[last[place]] += 1
        self.each(check)

    def cuts_in(self, walk, area):
        return [cut for cut in walk.cuts if HALLS[cut.hall] == area]

    def test_the_ledger_is_what_came_over_the_wire(self):
        self.compare_with_plant(self.calm, self.ledger)
        self.each(self.compare_with_plant)

    def compare_with_plant(self, walk, ledger):
        for hall, (on_wire, places) in enumerate(walk.seen_by_plant):
            noted = collections.Counter()
            for entry in ledger:
                place = entry["target"], transport_of(entry["protocol"])
                if entry["event"] == "sent" and entry["area"] == HALLS[hall] and place in places:
                    noted[(*place, entry["bytes"])] += 1
            self.assertEqual({}, dict(on_wire - noted), "not in the ledger")
            unsent = sum((noted - on_wire).values())
            # A line is written before its frame is sent: the kill may have come in between.
            under_way = sum(len(self.open_at(walk, ledger, cut)) for cut in walk.cuts
                            if cut.hall == hall)
            self.assertLessEqual(unsent, under_way, "only in the ledger")

    # --- what it is good for ---

    def test_the_bundles_are_good(self):
        for walk in (self.calm, *self.rounds):
            checked = survey_walk.command("bundle", "verify", walk.out, "--key", self.key,
                                          folder=self.folder)
            self.assertEqual(0, checked.exit_code, checked.out + checked.err)
            self.assertFalse(os.path.exists(walk.out + ".walk"))

    def test_stores_that_take_them_in_list_the_same(self):
        calm = self.listed(self.calm)
        self.each(lambda walk, _: self.assert_equal_lines(calm, self.listed(walk)))

    def listed(self, walk):
        store = walk.out + ".db"
        taken = survey_walk.command("bundle", "import", walk.out, "--store", store, "--key",
                                    self.key, folder=self.folder)
        self.assertEqual(0, taken.exit_code, taken.err)
        listed = survey_walk.command("list", "assets", "--store", store, "--format", "json",
                                     "--extended", folder=self.folder)
        self.assertEqual(0, listed.exit_code, listed.err)
        return survey_walk.lines_of(json.loads(listed.out)["assets"], LOCAL)


if __name__ == "__main__":
    unfit = netspace.enter()
    if unfit:
        plant.skip(unfit)
    if not survey_walk.has_bundles():
        plant.skip("this rackscout makes no bundles")
    plant.main(90 + 60 * ROUNDS)
