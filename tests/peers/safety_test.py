"""A survey of a whole plant is polite: proven from its packets alone.

plantsim plays its scenes, faults and all, in a network namespace of the test's own, at the
protocols' own ports; every packet is captured there, and read by code that shares nothing with
the program. safety_rules_test.py shows that each rule can fail.
"""
import os
import re
import unittest

import capture
import netspace
import plant
import safety_rules
import traffic

SCENES = ("demo.toml", "faults.toml", "bench.toml")
OWN = "127.0.0.1"  # where packets to any other 127.x.y.z come from
EXCLUDED_HOSTS = ("127.10.0.1", "127.10.0.4", "127.4.1.5")
EXCLUDED_RANGE = "127.3.3.5-127.3.3.8"
EXCLUDED = {*EXCLUDED_HOSTS, *(f"127.3.3.{number}" for number in range(5, 9))}
NOBODY = "127.9.9.1-127.9.9.4"
KEPT = "safety.pcap"


def scene():
    texts = []
    for name in SCENES:
        with open(os.path.join(plant.REPOSITORY, "tests", "plant", "scenes", name)) as file:
            texts.append(file.read())
    return "\n".join(texts)


class Survey(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with plant.Plant(scene()) as simulated:
            addresses = simulated.addresses()
            with capture.Capture() as captured:
                cls.survey = plant.rackscout("survey", "--exclude", ",".join(EXCLUDED_HOSTS),
                                          "--exclude", EXCLUDED_RANGE, *addresses, NOBODY)
            cls.plant_exit_code = simulated.stop()
        cls.hosts = set(addresses)
        cls.dropped = captured.dropped
        captured.write(KEPT)
        cls.traffic = traffic.Traffic(captured.packets(), OWN)
        cls.violations = safety_rules.all_violations(cls.traffic, cls.survey.ledger, EXCLUDED,
                                                     left_alone(cls.survey.err))

    def assert_holds(self, rule):
        found = self.violations[rule]
        shown = "\n".join(found[:12])
        self.assertEqual(0, len(found), f"\n{shown}\n({os.path.abspath(KEPT)})")

    def test_the_survey_asked_everybody_who_was_not_excluded(self):
        self.assertEqual(0, self.dropped, "the capture lacks packets")
        self.assertLess(60, len(self.hosts))
        self.assertEqual(set(), self.hosts - EXCLUDED - set(self.traffic.targets()))
        kinds = {(m.protocol, m.over_tcp) for target in self.traffic.targets()
                 for m in self.traffic.messages(target) if m.ours}
        self.assertEqual({("fins", True), ("fins", False), ("enip", True), ("enip", False),
                          ("modbus", True)}, kinds)

    def test_some_targets_came_to_be_left_alone(self):
        self.assertLess(5, len(left_alone(self.survey.err)), self.survey.err)

    def test_plantsim_saw_nothing_but_identification_requests(self):
        self.assertEqual(0, self.plant_exit_code)

    def test_nothing_was_sent_that_is_not_on_the_list(self):
        self.assert_holds("only_listed_requests")

    def test_no_excluded_address_got_a_packet(self):
        self.assert_holds("excluded_are_untouched")

    def test_a_target_had_one_connection_at_a_time(self):
        self.assert_holds("one_connection_per_target")

    def test_a_target_had_one_request_at_a_time(self):
        self.assert_holds("one_request_per_target")

    def test_the_gap_was_kept(self):
        self.assert_holds("gap_is_kept")

    def test_every_connection_ended_by_fin(self):
        self.assert_holds("connections_end_by_fin")

    def test_nothing_was_sent_after_the_breaker_opened(self):
        self.assert_holds("nothing_after_the_breaker")

    def test_the_summary_tells_who_was_left_alone(self):
        self.assert_holds("summary_agrees")

    def test_the_ledger_equals_the_capture(self):
        self.assert_holds("ledger_is_complete")


def left_alone(summary):
    """The addresses that the program says it left alone."""
    return set(re.findall(r"^  ([\d.]+):\d+ \w+: distressed: ", summary, re.M))


if __name__ == "__main__":
    unfit = netspace.enter()
    if unfit:
        plant.skip(unfit)
    plant.main(seconds=120)
