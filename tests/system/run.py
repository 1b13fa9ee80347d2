#!/usr/bin/env python3
"""Tests of the service as systemd runs it: what systemd says of the unit, then a machine in a
container, started for real.

    /usr/bin/python3 tests/system/run.py RACKSCOUT [PACKAGE.deb]

With a package, that is what the machine has installed. Exit status 77: no machine can be started
here; what could be tested without one was.
"""
import sys
import time
import unittest

import arguments
import documents_test
import drop_ins_test
import installed_test
import machine
import service_test
import unit_test

SKIPPED = 77


def suite(modules):
    tests = unittest.TestSuite()
    for module in modules:
        tests.addTests(unittest.defaultTestLoader.loadTestsFromModule(module))
    return tests


def passed(modules):
    runner = unittest.TextTestRunner(stream=sys.stdout, verbosity=2)
    return runner.run(suite(modules)).wasSuccessful()


def main():
    if not arguments.PROGRAM:
        sys.exit(__doc__)
    sound = passed([unit_test])
    reason = machine.why_not()
    if reason:
        print(f"skipped: {reason}")
        return SKIPPED if sound else 1
    begin = time.monotonic()
    with machine.Machine(arguments.PROGRAM, arguments.PACKAGE) as started:
        print(f"the machine started within {time.monotonic() - begin:.1f} s")
        modules = [installed_test, service_test, drop_ins_test, documents_test]
        for module in modules:
            module.use(started)
        sound = passed(modules) and sound
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
