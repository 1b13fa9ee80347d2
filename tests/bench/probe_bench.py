#!/usr/bin/env python3
"""Measures surveys of simulated plants in network namespaces of its own, as ratios within one run:
  - finding out which of 254 addresses answer (24 do, packets to 230 are dropped), against nmap,
  - reading the 24 alone, against the slowest target's requests times the gap,
  - how many requests each kind of target takes, a FINS rack of 40 units included,
  - peak memory with 4,000 targets.
`probe_bench.py RACKSCOUT PLANTSIM [--targets N]`"""
import argparse
import collections
import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "peers"))
import netspace  # noqa: E402
import plant  # noqa: E402

GAP = 0.1
NETWORK = "10.77.0"  # behind a router, in the far namespace
KINDS = {"rack": 1, "chassis": 101, "meter": 201}  # the first of 8 each
COUNT = 8
NEAR, FAR = "10.78.0.1", "10.78.0.2"
FAR_LIMIT, READ_LIMIT, MEMORY_LIMIT_MIB = 1.5, 1.25, 32


def scene(name, first=None):
    """A scene of plantsim; its hosts in our network, if they are to be."""
    with open(os.path.join(plant.REPOSITORY, "tests", "plant", "scenes", name)) as file:
        text = file.read()
    for kind, number in (first or {}).items():
        text = re.sub(rf'first = "[\d.]+"\nlike = "{kind}"',
                      f'first = "{NETWORK}.{number}"\nlike = "{kind}"', text)
    return text


def must(arguments, **options):
    result = plant.run(arguments, **options)
    if result.exit_code != 0:
        raise RuntimeError(f"{' '.join(arguments)}: {result.err}")
    return result


class FarNetwork:
    """Another namespace with 254 addresses, 24 of which don't drop what comes."""

    def __enter__(self):
        # It has the namespace for as long as we hold its standard input.
        # One kernel plays all devices: what it says for one must not count for the next.
        program = "import netspace, sys; netspace.unshare(netspace.CLONE_NEWNET); " \
                  "netspace.bring_up(); netspace.write('/proc/sys/net/ipv4/icmp_ratelimit', '0'); " \
                  "print(flush=True); sys.stdin.read()"
        self.holder = subprocess.Popen([sys.executable, "-c", program], cwd=os.path.dirname(
            plant.__file__), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            preexec_fn=plant.die_with_parent)
        self.holder.stdout.readline()
        must(["ip", "link", "add", "near", "type", "veth", "peer", "name", "far",
              "netns", str(self.holder.pid)])
        self.configure(["ip", "-batch", "-"], "near", f"{NEAR}/24",
                       f"route add {NETWORK}.0/24 via {FAR}")
        self.configure(self.inside("ip", "-batch", "-"), "far", f"{FAR}/24",
                       f"route add local {NETWORK}.0/24 dev lo")
        self.drop()
        return self

    def __exit__(self, *_):
        self.holder.stdin.close()
        self.holder.wait()

    def inside(self, *arguments):
        return ["nsenter", f"--net=/proc/{self.holder.pid}/ns/net", *arguments]

    def configure(self, program, device, address, route):
        commands = f"address add {address} dev {device}\nlink set {device} up\n{route}\n"
        subprocess.run(program, input=commands, text=True, check=True)

    def drop(self):
        alive = ", ".join(f"{NETWORK}.{first}-{NETWORK}.{first + COUNT - 1}"
                          for first in KINDS.values())
        rules = ("table ip plant {\nchain input {\ntype filter hook input priority 0;\n"
                 f"ip daddr {NETWORK}.0/24 ip daddr != {{ {alive} }} drop\n}}\n}}\n")
        subprocess.run(self.inside("nft", "-f", "-"), input=rules, text=True, check=True)


def timed(arguments):
    """(seconds, peak MiB, when it began, its talk). time(1) starts it, for the peak of a child of
    ours would never be less than our own."""
    with tempfile.NamedTemporaryFile("r") as peak:
        begun, start = time.time(), time.monotonic()
        result = plant.run(["time", "-f", "%M", "-o", peak.name, *arguments])
        return time.monotonic() - start, int(peak.read().split()[-1]) / 1024, begun, result


def probe(folder, *arguments):
    """The same, and the ledger; exit status 3 says that something did not answer."""
    for name in os.listdir(folder):
        os.remove(os.path.join(folder, name))
    ledger = os.path.join(folder, "ledger.ndjson")
    *measured, result = timed([plant.RACKSCOUT, "probe", "--yes", "--ledger", ledger, "--store",
                               os.path.join(folder, "store.db"), *arguments])
    if result.exit_code not in (0, 3):
        raise RuntimeError(result.err)
    return *measured, result, plant.read_ledger(ledger)


def by_address(ledger):
    found = collections.defaultdict(list)
    for entry in ledger:
        found[entry["target"].partition(":")[0]].append(entry)
    return found


def known_at(entries):
    """When it was known whether the address answers: at its first sign of life, or when the last
    port of all protocols had been tried in vain."""
    over_tcp = ("FINS/TCP", "EtherNet/IP", "Modbus/TCP")  # a datagram's socket connects to nobody
    signs = [e["time"] for e in entries if e["event"] == "received"
             or e["event"] == "connected" and e["protocol"] in over_tcp]
    return min(signs) if signs else max(e["time"] for e in entries)


def counted(answered, total, result):
    if f"{answered} of {total} targets answered" not in result.err:
        raise RuntimeError(f"not {answered} of {total} answered: {result.err}")


def verdict(ratio, limit):
    return f"{ratio:.2f} (at most {limit}{'' if ratio <= limit else ': TOO MUCH'})"


def bench_finding(folder):
    seconds, _, begun, result, ledger = probe(folder, f"{NETWORK}.1-{NETWORK}.254")
    counted(3 * COUNT, 254, result)
    ours = max(known_at(entries) for entries in by_address(ledger).values()) - begun
    theirs, _, _, scan = timed(["nmap", "-n", "-Pn", "-T3", "-p", "502,9600,44818",
                                f"{NETWORK}.1-254"])
    hosts = scan.out.split("Nmap scan report for ")[1:]
    found = sum("/tcp" in host and "open" in host for host in hosts)
    print(f"which of 254 answer: {ours:.2f} s (the whole run {seconds:.2f} s); nmap: {theirs:.2f} s, "
          f"{found} found; ratio {verdict(ours / theirs, FAR_LIMIT)}")


def bench_reading(folder):
    targets = [f"{NETWORK}.{first}-{NETWORK}.{first + COUNT - 1}" for first in KINDS.values()]
    seconds, _, _, result, ledger = probe(folder, *targets)
    counted(3 * COUNT, 3 * COUNT, result)
    sent = {address: [e for e in entries if e["event"] == "sent"]
            for address, entries in by_address(ledger).items()}
    slowest = max(len(requests) for requests in sent.values()) * GAP
    print(f"reading the {3 * COUNT}: {seconds:.2f} s; the slowest target's requests times the gap: "
          f"{slowest:.2f} s; ratio {verdict(seconds / slowest, READ_LIMIT)}")
    for kind, first in KINDS.items():
        print_requests(kind, sent[f"{NETWORK}.{first}"])


def print_requests(name, requests):
    kinds = collections.Counter(entry["protocol"] for entry in requests)
    told = ", ".join(f"{count} {protocol}" for protocol, count in kinds.items())
    print(f"  {name}: {len(requests)} requests ({told})")


def bench_forty_units(folder):
    """A handshake, the CPU, two pages of at most 25 of its units, and each of 16 bus units."""
    units = [f'{{address = {address}, model = "UNIT{address}", version = "V1.00"}}'
             for address in [*range(0x10, 0x20), *range(0x20, 0x20 + 24)]]
    rack = ('[[host]]\nname = "rack"\naddress = "127.3.9.1"\n[host.fins]\ncpu = "CJ2M-CPU33"\n'
            f'version = "02.01"\nunits = [{", ".join(units)}]\n')
    with plant.Plant(rack):
        *_, ledger = probe(folder, "--protocol", "fins", "127.3.9.1")
    sent = [entry for entry in ledger if entry["event"] == "sent"]
    print(f"  rack of 40 units: {len(sent)} requests (needed: {1 + 1 + 2 + 16})")


def bench_memory(folder, count):
    text = scene("many.toml")
    with plant.Plant(text) as simulated:
        addresses = simulated.addresses()[::max(1, 4000 // count)]
        # As many at once as can be asked for: the most memory.
        seconds, peak, _, result, _ = probe(folder, "--at-once", "64", *addresses)
    counted(len(addresses), len(addresses), result)
    print(f"{len(addresses)} targets: {seconds:.1f} s, peak {verdict(peak, MEMORY_LIMIT_MIB)} MiB")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rackscout")
    parser.add_argument("plantsim")
    parser.add_argument("--targets", type=int, default=4000, help="for the peak memory")
    options = parser.parse_args()
    lacking = [name for name in ("nmap", "nft", "ip", "time") if not shutil.which(name)]
    unfit = f"not installed: {', '.join(lacking)}" if lacking else netspace.enter()
    if unfit:
        plant.skip(unfit)
    with tempfile.TemporaryDirectory(prefix="rackscout-bench-") as folder:
        with contextlib.ExitStack() as stack:
            far = stack.enter_context(FarNetwork())
            stack.enter_context(plant.Plant(scene("bench.toml", KINDS), within=far.inside()))
            bench_finding(folder)
            bench_reading(folder)
        bench_forty_units(folder)
        bench_memory(folder, options.targets)


if __name__ == "__main__":
    main()
