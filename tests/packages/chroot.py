"""A clean Debian 12 below build/rootfs, and others upon it in which a test may do what it likes.

Whoever imports this gets mounts of his own, which end with him: it needs root."""
import fcntl
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
REPOSITORY = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(HERE, "..", "peers"))
import plant  # noqa: E402

ROOTS = os.path.join(REPOSITORY, "build", "rootfs")
PACKAGES = os.path.join(REPOSITORY, "build", "packages")
# Another one's programs are run by qemu, which has no seccomp for the children that read files.
ARCHITECTURE = os.environ.get("RACKSCOUT_ARCHITECTURE", "amd64")
WALL = "full" if ARCHITECTURE == "amd64" else "reduced"
# A command has mounts and processes of its own, which end with it. A package that was fetched once
# is kept for the next test.
INSIDE = r"""
root=$1 archives=$2; shift 2
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=1777 tmp "$root/tmp"
mount --bind "$archives" "$root/var/cache/apt/archives"
exec env -i PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 \
  RACKSCOUT_WALL="$wall" http_proxy="$http_proxy" https_proxy="$https_proxy" chroot "$root" "$@"
"""


def own_mounts():
    """Starts this program again, where nobody else sees what it mounts."""
    if "RACKSCOUT_OWN_MOUNTS" not in os.environ:
        if os.geteuid() != 0:
            plant.skip("this needs root")
        os.environ["RACKSCOUT_OWN_MOUNTS"] = "yes"
        os.execvp("unshare", ["unshare", "--mount", "--propagation", "private", sys.executable, *sys.argv])


own_mounts()


def script_output(text):
    """What a script prints that has the functions of cross/sources.sh; none where it fails."""
    done = plant.run(["bash", "-ec", ". cross/sources.sh\n" + text], cwd=REPOSITORY)
    return done.out if done.exit_code == 0 else ""


def make(folder, architecture):
    """mmdebstrap's smallest Debian that has apt, with the sources of this machine; where the index of
    its security updates is broken, without them."""
    sources = script_output("debian_sources deb")
    options = [f"--aptopt={line}" for line in script_output("apt_options").splitlines()]
    if not sources:
        raise RuntimeError("apt has no Debian 12 among its sources")
    for lines in (sources, re.sub(r".*-security .*\n", "", sources)):
        done = subprocess.run(["mmdebstrap", "--quiet", "--variant=minbase", "--format=directory",
                               f"--architectures={architecture}", *options, "bookworm", folder, "-"],
                              input=lines, text=True, stderr=subprocess.PIPE)
        if done.returncode == 0:
            return
        shutil.rmtree(folder, ignore_errors=True)
    raise RuntimeError("mmdebstrap: " + done.stderr[-2000:])


def clean():
    """The folder of the clean one, made when it isn't there."""
    architecture, folder = ARCHITECTURE, os.path.join(ROOTS, ARCHITECTURE)
    os.makedirs(os.path.join(ROOTS, "archives", "partial"), exist_ok=True)
    with open(os.path.join(ROOTS, f"{architecture}.lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.path.exists(folder):
            make(folder + ".new", architecture)
            os.rename(folder + ".new", folder)
    return folder


class Chroot:
    """A Debian that begins as another one is, the clean one or `upon`; gone after delete()."""

    def __init__(self, upon=None):
        base = [upon.folder("changes"), *upon.lower] if upon else [clean()]
        self.lower, self.top = base, tempfile.mkdtemp(prefix="try-", dir=ROOTS)
        for name in ("changes", "work", "root"):
            os.mkdir(self.folder(name), 0o755)
        self.path = self.folder("root")
        subprocess.run(["mount", "-t", "overlay", "overlay", "-o",
                        f"lowerdir={':'.join(self.lower)},upperdir={self.folder('changes')},"
                        f"workdir={self.folder('work')}", self.path], check=True)
        self.write("/etc/apt/apt.conf.d/90test", 'APT::Get::Assume-Yes "true";\n'
                   'APT::Keep-Downloaded-Packages "true";\nDPkg::Use-Pty "false";\n')
        shutil.copyfile("/etc/resolv.conf", self.at("/etc/resolv.conf"))

    def folder(self, name):
        return os.path.join(self.top, name)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.delete()

    def delete(self):
        subprocess.run(["umount", self.path], check=True)
        shutil.rmtree(self.top)

    def at(self, path):
        return os.path.join(self.path, path.lstrip("/"))

    def write(self, path, text):
        os.makedirs(os.path.dirname(self.at(path)), exist_ok=True)
        with open(self.at(path), "w") as file:
            file.write(text)

    def read(self, path):
        with open(self.at(path)) as file:
            return file.read()

    def exists(self, path):
        return os.path.lexists(self.at(path))

    def run(self, *command):
        """In it; talk and output together in `out`."""
        environment = {**os.environ, "wall": WALL, "http_proxy": os.environ.get("http_proxy", ""),
                       "https_proxy": os.environ.get("https_proxy", "")}
        return plant.run(["unshare", "--mount", "--pid", "--fork", "--kill-child", "bash", "-ec",
                          "exec 2>&1\n" + INSIDE, "inside", self.path,
                          os.path.join(ROOTS, "archives"), *command], env=environment)

    def shell(self, line, folder="/root"):
        return self.run("/bin/sh", "-c", f"cd {folder} && {line}")

    def put(self, path, folder="/root"):
        """Copies a file or a folder into it; its path there."""
        inside = os.path.join(folder, os.path.basename(path))
        copy = shutil.copytree if os.path.isdir(path) else shutil.copyfile
        copy(path, self.at(inside))
        return inside


def package(pattern="rackscout_*_{}.deb"):
    """The newest of that kind in build/packages; exits when there is none."""
    name = pattern.format(ARCHITECTURE)
    found = glob.glob(os.path.join(PACKAGES, name))
    if not found:
        sys.exit(f"{PACKAGES} has no {name}; ./dev package {ARCHITECTURE} makes it")
    return max(found, key=os.path.getmtime)


def commands(heading):
    """The commands that docs/install.md gives below a heading: its first indented block."""
    with open(os.path.join(REPOSITORY, "docs", "install.md")) as file:
        lines = file.read().splitlines()
    block = []
    for line in lines[lines.index(heading) + 1:]:
        if line.startswith("    "):
            block.append(line.strip())
        elif block or line.startswith("## "):
            break
    return block
