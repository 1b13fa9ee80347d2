"""A small Debian 12 with systemd and what rackscout links, below build/rootfs; made once."""
import fcntl
import hashlib
import os
import shutil
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
REPOSITORY = os.path.dirname(os.path.dirname(HERE))
FOLDER = os.path.join(REPOSITORY, "build", "rootfs", "system")
PACKAGES = ("acl", "systemd", "systemd-sysv", "dbus", "libssl3", "libsqlite3-0", "libarchive13", "libmodbus5",
            "libfmt9", "libspdlog1.10", "libpugixml1v5", "libstdc++6", "libseccomp2", "zlib1g",
            "ca-certificates")


def shell(script):
    """What bash prints for it, in the repository, with the sources that this machine's apt has."""
    return subprocess.run(["bash", "-euo", "pipefail", "-c", f". cross/sources.sh; {script}"],
                          cwd=REPOSITORY, check=True, capture_output=True, text=True).stdout


def fill(folder, sources, options):
    """An mmdebstrap run: None, or what it said when it failed."""
    command = ["mmdebstrap", "--variant=minbase", f"--aptopt={options}",
               f"--include={','.join(PACKAGES)}", "bookworm", folder]
    run = subprocess.run(command, input=sources, text=True, capture_output=True, check=False)
    return None if run.returncode == 0 else run.stderr


def make():
    """Made beside it first: one that was broken off is none."""
    new = FOLDER + ".new"
    sources, options = shell("debian_sources deb"), FOLDER + ".apt"
    with open(options, "w", encoding="utf-8") as file:
        file.write(shell("apt_options"))
    for folder in (new, FOLDER):
        shutil.rmtree(folder, ignore_errors=True)
    failed = fill(new, sources, options)
    if failed:
        raise RuntimeError("mmdebstrap made no Debian to start in:\n" + failed[-2000:])
    os.rename(new, FOLDER)


def have():
    """Its folder, which nobody may write in."""
    os.makedirs(os.path.dirname(FOLDER), exist_ok=True)
    stamp = FOLDER + ".stamp"
    with open(__file__, "rb") as file:
        wanted = hashlib.sha256(file.read()).hexdigest()
    with open(FOLDER + ".lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.path.isdir(FOLDER) or text_of(stamp) != wanted:
            make()
            with open(stamp, "w", encoding="ascii") as file:
                file.write(wanted)
    return FOLDER


def text_of(path):
    """Nothing, if there is none."""
    if not os.path.exists(path):
        return ""
    with open(path, encoding="ascii") as file:
        return file.read()
