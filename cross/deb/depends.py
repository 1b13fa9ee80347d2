#!/usr/bin/env python3
"""Prints the Depends of a program that is linked with the libraries of a sysroot. dpkg-shlibdeps asks
the database of this machine alone; this asks the sysroot's, by the same rules: the symbols files
of the packages, and where there is none, their shlibs."""
import argparse
import functools
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import debian_packages  # noqa: E402


def used_symbols(program):
    """What the program takes from libraries: name@version, as symbols files write it."""
    lines = debian_packages.output("readelf", "--wide", "--dyn-syms", program).splitlines()
    columns = [line.split() for line in lines]
    names = (column[7] for column in columns if len(column) > 7 and column[6] == "UND")
    return {name if "@" in name else name + "@Base" for name in names}


@functools.cache
def is_newer(one, other):
    return subprocess.run(["dpkg", "--compare-versions", one, "gt", other]).returncode == 0


def newest(versions):
    return functools.reduce(lambda a, b: b if is_newer(b, a) else a, versions)


def oldest(versions):
    return functools.reduce(lambda a, b: a if is_newer(b, a) else b, versions)


def of_soname(text, soname):
    """Its part of a symbols file: the templates of dependencies, and (symbol, version, number of
    the template) for each symbol."""
    templates, symbols, ours = [], [], False
    for line in text.splitlines():
        if line.startswith(("#", "*")) or not line.strip():
            continue
        if line.startswith(" "):
            if ours:
                symbol, version, *which = line.split()
                symbols.append((symbol, version, int(which[0]) if which else 0))
        elif line.startswith("|"):
            templates += [line[1:].strip()] if ours else []
        else:
            name, _, template = line.partition(" ")
            ours = name == soname
            templates += [template.strip()] if ours else []
    return templates, symbols


def by_symbols(text, soname, used):
    """The dependencies that a symbols file gives: {template: version}; {} when it hasn't the soname.
    A library of which nothing is used must still be there, of any version that it has had."""
    templates, symbols = of_soname(text, soname)
    if not symbols:
        return {}
    wanted = {templates[0]: [oldest({version for _, version, _ in symbols})]}
    for symbol, version, which in symbols:
        if symbol in used:
            wanted.setdefault(templates[which], []).append(version)
    return {template: newest(versions) for template, versions in wanted.items()}


def by_shlibs(text, soname):
    """The dependency that a shlibs file gives, as a template: "libmodbus 5 libmodbus5 (>= 3.1)"."""
    for line in text.splitlines():
        kind, *rest = line.split(maxsplit=1) if line.startswith("udeb:") else ["deb:", line]
        library, version, dependency = rest[0].split(maxsplit=2)
        if kind == "deb:" and soname in (f"{library}.so.{version}", f"{library}-{version}.so"):
            return dependency
    return None


def dependencies(packages, program, multiarch):
    """{template: version} of all that the program needs; exits when a library is unknown."""
    used, wanted = used_symbols(program), {}
    for soname in debian_packages.needed(program):
        path = packages.shared_library(soname, multiarch)
        owner = path and packages.owner(path)
        if not owner:
            sys.exit(f"depends.py: no package below {packages.root} has the library {soname}")
        found = by_symbols(packages.text_of(owner, "symbols"), soname, used)
        if not found:
            template = by_shlibs(packages.text_of(owner, "shlibs"), soname)
            if template is None:
                sys.exit(f"depends.py: the package {owner} does not say what {soname} needs")
            found = {template: "0"}
        for template, version in found.items():
            wanted[template] = newest([version, wanted.get(template, "0")])
    return wanted


def written(template, version):
    """"libssl3 #MINVER#" and a version as the field has them."""
    minimum = "" if version == "0" else f"(>= {version})"
    return template.replace("#MINVER#", minimum).strip()


def field(packages, program, multiarch):
    """What stands after Depends:."""
    wanted = dependencies(packages, program, multiarch)
    return ", ".join(sorted(written(*each) for each in wanted.items()))


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--root", default="/", help="the sysroot, with its dpkg database")
    arguments.add_argument("--multiarch", required=True, help="arm-linux-gnueabihf, say")
    arguments.add_argument("program")
    options = arguments.parse_args()
    print(field(debian_packages.Packages(options.root), options.program, options.multiarch))


if __name__ == "__main__":
    main()
