"""Which Debian package a file of this machine, or of a sysroot, comes from."""
import functools
import glob
import os
import subprocess


def output(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


class Packages:
    """Those installed below `root`, as its dpkg database tells."""

    def __init__(self, root="/"):
        self.root = os.path.abspath(root)
        self.database = os.path.join(self.root, "var", "lib", "dpkg")

    def inside(self, path):
        """A path below the root as the packages call it."""
        return path if self.root == "/" else "/" + os.path.relpath(path, self.root)

    def outside(self, path):
        return os.path.join(self.root, path.lstrip("/"))

    @functools.cached_property
    def owners(self):
        """{path: package} of every file."""
        found = {}
        for path in glob.glob(os.path.join(self.database, "info", "*.list")):
            with open(path) as file:
                name = os.path.basename(path).removesuffix(".list")
                found.update((line, name) for line in file.read().splitlines())
        return found

    def owner(self, path):
        """The package of a file that is there, "libssl3:arm64" say; None for one that no package
        brought. A package may have put it into /lib or into /usr/lib, which are one folder."""
        path = self.inside(os.path.realpath(path))
        return self.owners.get(path) or self.owners.get(path.removeprefix("/usr"))

    @functools.cache
    def field(self, package, name):
        return output("dpkg-query", f"--admindir={self.database}", "--show",
                      f"--showformat=${{{name}}}", package)

    def text_of(self, package, kind):
        """A file of the package in the database, its symbols say; '' when it has none."""
        path = os.path.join(self.database, "info", f"{package}.{kind}")
        if not os.path.exists(path):
            return ""
        with open(path) as file:
            return file.read()

    def copyright(self, package):
        """The path of what a package says of its licences."""
        name = package.partition(":")[0]
        return os.path.realpath(self.outside(f"/usr/share/doc/{name}/copyright"))

    def shared_library(self, soname, multiarch):
        """The path of a shared library; None when it isn't there."""
        for folder in (f"/usr/lib/{multiarch}", f"/lib/{multiarch}", "/usr/lib", "/lib", "/lib64"):
            path = self.outside(f"{folder}/{soname}")
            if os.path.exists(path):
                return path
        return None


def needed(program):
    """The names of the shared libraries that a program asks for."""
    lines = output("readelf", "--wide", "--dynamic", program).splitlines()
    return [line.split("[")[1].rstrip("]") for line in lines if "(NEEDED)" in line]
