"""What is linked into a program: shared libraries, static ones, and templates of headers."""
import os
import re
import subprocess
import sys
from dataclasses import dataclass

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
import debian_packages  # noqa: E402

REPOSITORY = os.path.realpath(os.path.join(HERE, "..", ".."))
# Their headers come with the compiler; what of them is linked is found as a library.
TOOLCHAIN = re.compile(r"(gcc-\d+|glibc|linux|cross-toolchain-base)(-cross)?(-ports)?")
KINDS = ("shared", "static", "header")  # a source that is linked in several ways counts once


@dataclass(frozen=True, order=True)
class Part:
    source: str  # Debian's source package, "openssl"
    version: str  # the source's, "3.0.22-1~deb12u2"
    kind: str  # one of KINDS
    packages: tuple  # of Debian, that it came from
    copyright: str  # the path of its licences


@dataclass(frozen=True)
class Build:
    """What is looked at. `map`: the linker's, of a static program; `sources`: the .dsc files of
    libraries that were built here, as Debian has them as shared libraries alone."""
    program: str
    folder: str
    root: str
    multiarch: str
    map: str = ""
    sources: tuple = ()


def shared_libraries(build, packages):
    for soname in debian_packages.needed(build.program):
        path = packages.shared_library(soname, build.multiarch)
        if path is None:
            sys.exit(f"sbom: {build.root} has no library {soname}, which the program needs")
        yield path


def static_libraries(build):
    """Of the linker's map, which names each member: "/usr/lib/libz.a(inflate.o)"."""
    if not build.map:
        return
    with open(build.map, errors="replace") as file:
        found = set(re.findall(r"([^\s:(]+\.a)\(", file.read()))
    yield from sorted(os.path.normpath(os.path.join(build.folder, path)) for path in found)


def headers(build):
    """Those that the program's own sources include, as ninja has noted."""
    noted = subprocess.run(["ninja", "-C", build.folder, "-t", "deps"], check=True,
                           stdout=subprocess.PIPE, text=True).stdout
    found, counts = set(), False
    for line in noted.splitlines():
        if line.startswith("    "):
            if counts:
                found.add(line.strip())
        elif line:
            counts = line.startswith(("agent/", "base/", "parsers/", "protocols/", "store/"))
    yield from sorted(os.path.normpath(os.path.join(build.folder, path)) for path in found)


def built_here(path, build, packages):
    """The part that an archive of a source package is: libmodbus.a of libmodbus_3.1.6-2.1.dsc."""
    for description in build.sources:
        with open(description, encoding="utf-8") as file:
            fields = dict(re.findall(r"^(Source|Version): (.*)$", file.read(), re.M))
        if os.path.basename(path) == fields["Source"] + ".a":
            return Part(fields["Source"], fields["Version"], "static", (os.path.basename(path),),
                        packages.copyright(fields["Source"] + "-dev"))
    return None


def is_ours(path, build):
    """Written or built here, and not of a sysroot that lies here."""
    path = os.path.realpath(path)
    in_root = build.root != "/" and path.startswith(os.path.realpath(build.root) + os.sep)
    return path.startswith(REPOSITORY + os.sep) and not in_root


def part_of(path, kind, build, places):
    """The part that a file belongs to; None for what is ours or the compiler's. `places`: the
    databases that may know it: the sysroot's, and that of the machine that builds."""
    for packages in places:
        owner = packages.owner(path)
        if owner is None:
            continue
        source = packages.field(owner, "source:Package")
        if kind == "header" and TOOLCHAIN.fullmatch(source):
            return None
        return Part(source, packages.field(owner, "source:Version"), kind,
                    (owner.partition(":")[0],), packages.copyright(owner))
    built = built_here(path, build, places[0])
    if built is None and not is_ours(path, build):
        sys.exit(f"sbom: no Debian package brought {path}, which is linked in")
    return built


def parts(build):
    """All, each source once."""
    here = debian_packages.Packages("/")
    packages = here if build.root == "/" else debian_packages.Packages(build.root)
    places = [packages] if packages is here else [packages, here]
    files = {"shared": shared_libraries(build, packages), "static": static_libraries(build),
             "header": headers(build)}
    found = {}
    for kind in KINDS:
        for path in files[kind]:
            part = part_of(path, kind, build, places)
            if part is None:
                continue
            known = found.setdefault(part.source, part)
            if known.kind == kind:  # another package of the same source
                names = tuple(sorted({*known.packages, *part.packages}))
                found[part.source] = Part(known.source, known.version, kind, names, known.copyright)
    return sorted(found.values())
