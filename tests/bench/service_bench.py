#!/usr/bin/env python3
"""How long the service takes from its start to its first answer, and what it holds while nothing
happens. `service_bench.py PROGRAM [--starts N]`

A start ends with the first list that the API answers; the first of them makes the store. What the
machine makes of it is seen by `rackscout --version` in the same run.
"""
import argparse
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SAMPLE = os.path.join(os.path.dirname(HERE), "sample")
FIRST_ANSWER_MS = 200
PRIVATE_KIB = 6 * 1024
IDLE_SECONDS = 3
TOKEN = "0123456789abcdef" * 3


def free_port():
    with socket.socket() as any_socket:
        any_socket.bind(("127.0.0.1", 0))
        return any_socket.getsockname()[1]


class Service:
    def __init__(self, program, folder):
        self.program = program
        self.port = free_port()
        self.config = os.path.join(folder, "rackscout.toml")
        self.store = os.path.join(folder, "rackscout.db")
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(f'log_level = "error"\n[[folder]]\npath = "{SAMPLE}"\n'
                       f'[api]\nport = {self.port}\n[store]\npath = "{self.store}"\n')
        with os.fdopen(os.open(self.store + ".token", os.O_CREAT | os.O_WRONLY, 0o600), "w") as file:
            file.write(TOKEN + "\n")

    def start(self):
        """The seconds until it answered."""
        begin = time.perf_counter()
        self.process = subprocess.Popen([self.program, "run", "--config", self.config],
                                        stdin=subprocess.DEVNULL)
        while not self.answers():
            if self.process.poll() is not None:
                sys.exit("the service ended")
        return time.perf_counter() - begin

    def answers(self):
        request = (f"GET /ot/v1/host/list HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                   f"Authorization: Bearer {TOKEN}\r\n\r\n").encode()
        try:
            with socket.create_connection(("127.0.0.1", self.port)) as connection:
                connection.sendall(request)
                return connection.recv(64).startswith(b"HTTP/1.1 200")
        except ConnectionError:
            time.sleep(0.0005)
            return False

    def end(self):
        self.process.terminate()
        self.process.wait()

    def processes(self):
        pid = self.process.pid
        children = []
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/children", encoding="ascii") as file:
                children += file.read().split()
        return [str(pid), *children]


def memory(pid):
    """Names and KiB, of what the kernel counts for the process."""
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        lines = [line.split() for line in file if line.endswith("kB\n")]
    return {line[0].rstrip(":"): int(line[1]) for line in lines}


def bench_start(service, starts):
    times = []
    for _ in range(starts):
        times.append(service.start() * 1000)
        service.end()
    version = []
    for _ in range(starts):
        begin = time.perf_counter()
        subprocess.run([service.program, "--version"], stdout=subprocess.DEVNULL, check=True)
        version.append((time.perf_counter() - begin) * 1000)
    median, reference = statistics.median(times[1:]), statistics.median(version)
    print(f"start to first answer: {median:.1f} ms (median of {starts - 1}), slowest "
          f"{max(times):.1f} ms, with a new store {times[0]:.1f} ms; at most {FIRST_ANSWER_MS}")
    print(f"that is {median / reference:.1f} times `rackscout --version` ({reference:.1f} ms)")
    return max(times) <= FIRST_ANSWER_MS


def bench_memory(service):
    service.start()
    time.sleep(IDLE_SECONDS)
    sound = True
    for number, pid in enumerate(service.processes()):
        kib = memory(pid)
        private = kib["Private_Dirty"]
        print(f"idle, {'a child' if number else 'the service'}: {kib['Rss']} KiB resident, "
              f"{private} KiB private and written, {kib['Pss']} KiB as its share")
        sound = sound and private <= PRIVATE_KIB
    service.end()
    return sound


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("program")
    arguments.add_argument("--starts", type=int, default=21)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        service = Service(os.path.abspath(given.program), folder)
        in_time = bench_start(service, given.starts)
        small = bench_memory(service)
    if not in_time:
        print(f"MISSED: a first answer within {FIRST_ANSWER_MS} ms")
    if not small:
        print(f"MISSED: {PRIVATE_KIB} KiB of private memory")
    return 0 if in_time and small else 1


if __name__ == "__main__":
    sys.exit(main())
