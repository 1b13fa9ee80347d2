#!/usr/bin/env python3
"""Runs every fuzz target for a while, two at once, and says what it did and found.

The corpus of a target is kept in build/fuzz-corpus/<target>; its seeds are copied anew from
the fixtures each time. build/fuzz-corpus/<target>.seconds adds up the CPU time ever spent.
"""
import argparse
import concurrent.futures
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
PROGRAMS = BUILD / "fuzz/tests/fuzz"
AT_ONCE = 2
# Seeds that lie elsewhere than in tests/fuzz/seeds/<target>.
SEEDS = {"fuzz_config": "tests/agent/config/cases"}
LIMITS = ("-max_len=65536", "-rss_limit_mb=1024", "-timeout=25", "-print_final_stats=1")


@dataclass
class Outcome:
    target: str
    executions: int = 0
    cpu: float = 0.0
    total_cpu: float = 0.0
    complaint: str = ""


def fixtures(target):
    """The target's own fixtures; a target that has none gets those of all parsers."""
    seeds = ROOT / SEEDS.get(target, f"tests/fuzz/seeds/{target}")
    if seeds.is_dir():
        yield from seeds.rglob("*")
        yield from (ROOT / "tests/fuzz/findings" / target).rglob("*")
        return
    parser = target.removeprefix("fuzz_")
    cases = ROOT / "tests/parsers/cases"
    own = cases / parser
    yield from (own if own.is_dir() else cases).rglob("input*")
    yield from (ROOT / "tests/sample").rglob("*")
    yield from (ROOT / "tests/fuzz/findings" / target).rglob("*")


def make_seeds(target):
    """Copies the fixtures into one folder, each under its hash: equal ones count once."""
    folder = BUILD / "fuzz-seeds" / target
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for path in fixtures(target):
        if path.is_file():
            content = path.read_bytes()
            (folder / hashlib.sha1(content).hexdigest()).write_bytes(content)
    return folder


def add_seconds(target, seconds):
    """Adds to the CPU time that the target ever got, and gives the sum."""
    ledger = BUILD / "fuzz-corpus" / f"{target}.seconds"
    before = float(ledger.read_text()) if ledger.exists() else 0.0
    ledger.write_text(f"{before + seconds:.1f}\n")
    return before + seconds


def command_for(target, seconds):
    corpus = BUILD / "fuzz-corpus" / target
    artifacts = BUILD / "fuzz-artifacts" / target
    for folder in (corpus, artifacts):
        folder.mkdir(parents=True, exist_ok=True)
    return [
        str(PROGRAMS / target), f"-max_total_time={max(1, round(seconds))}",
        f"-artifact_prefix={artifacts}/", *LIMITS, str(corpus), str(BUILD / "fuzz-seeds" / target),
    ]  # fmt: skip


def run_once(target, seconds):
    """One run of libFuzzer: its exit status, its output and its CPU seconds."""
    log = BUILD / "fuzz-artifacts" / f"{target}.log"
    command = command_for(target, seconds)
    with open(log, "wb") as out:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=ROOT)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, log.read_text(errors="replace"), usage.ru_utime + usage.ru_stime


def describe(target, status, log):
    """What the operator needs to see of a finding, and how to see it again."""
    lines = [f"{target}: exit status {status}; the last lines of build/fuzz-artifacts/{target}.log:"]
    lines += ["    " + line for line in log.splitlines()[-25:]]
    for artifact in re.findall(r"Test unit written to (\S+)", log):
        name = pathlib.Path(artifact).relative_to(ROOT)
        lines.append(f"  see it again:  build/fuzz/tests/fuzz/{target} {name}")
        lines.append(f"  keep it:       mkdir -p tests/fuzz/findings/{target} && cp {name} tests/fuzz/findings/{target}/")
    return "\n".join(lines)


def fuzz(target, seconds, by_cpu):
    """Runs until the time is used up: wall time, or CPU time over as many runs as that takes."""
    make_seeds(target)
    outcome = Outcome(target)
    while True:
        status, log, cpu = run_once(target, seconds - outcome.cpu if by_cpu else seconds)
        executed = re.search(r"stat::number_of_executed_units:\s*(\d+)", log)
        outcome.executions += int(executed[1]) if executed else 0
        outcome.cpu += cpu
        outcome.total_cpu = add_seconds(target, cpu)
        if status != 0:
            outcome.complaint = describe(target, status, log)
        if status != 0 or not by_cpu or outcome.cpu >= seconds - 1:
            return outcome


def options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seconds", type=float)
    parser.add_argument("--cpu", action="store_true", help="the seconds are of CPU time")
    parser.add_argument("--only", help="run this target alone")
    return parser.parse_args()


def main():
    chosen = options()
    targets = sorted(p.name for p in PROGRAMS.glob("fuzz_*") if os.access(p, os.X_OK) and p.is_file())
    targets = [t for t in targets if chosen.only in (None, t)]
    if not targets:
        print("no fuzz target was built")
        return 1
    (BUILD / "fuzz-artifacts").mkdir(parents=True, exist_ok=True)
    complaints = []
    print(f"{'target':<20} {'runs':>12} {'exec/s':>9} {'CPU s':>8} {'CPU s ever':>11}", flush=True)
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        running = [pool.submit(fuzz, target, chosen.seconds, chosen.cpu) for target in targets]
        for done in concurrent.futures.as_completed(running):
            it = done.result()
            rate = it.executions / it.cpu if it.cpu else 0
            row = f"{it.target:<20} {it.executions:>12} {rate:>9.0f} {it.cpu:>8.1f} {it.total_cpu:>11.1f}"
            print(row, "FOUND SOMETHING" if it.complaint else "", flush=True)
            complaints += [it.complaint] if it.complaint else []
    for complaint in complaints:
        print(complaint)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
