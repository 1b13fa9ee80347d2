#!/usr/bin/env python3
"""Writes what a program is made of as CycloneDX 1.5 (JSON): the libraries that it is linked with, shared
or static, and those whose headers are compiled in, with the versions of Debian and their licences.
The same program gives the same bytes: the time is SOURCE_DATE_EPOCH."""
import argparse
import datetime
import hashlib
import json
import os
import re
import sys
import urllib.parse
import uuid

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import linked  # noqa: E402

LICENCES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "licences.json")


def licences(expression):
    """CycloneDX keeps one SPDX name, an expression of several, and a name that SPDX hasn't apart."""
    if expression.startswith("name:"):
        return [{"license": {"name": expression.removeprefix("name:")}}]
    if re.search(r" (AND|OR|WITH) ", expression):
        return [{"expression": expression}]
    return [{"license": {"id": expression}}]


def property_of(name, value):
    return {"name": f"rackscout:{name}", "value": value}


def component(part, known):
    """Exits for a source whose licence nobody has looked up."""
    if part.source not in known:
        sys.exit(f"sbom: the source package {part.source} is linked in, and {LICENCES} does not name its "
                 f"licence; it is in {part.copyright}")
    version = urllib.parse.quote(part.version, safe="~.-")
    purl = f"pkg:deb/debian/{part.source.replace('+', '%2B')}@{version}?arch=source&distro=debian-12"
    return {"type": "library", "bom-ref": purl, "name": part.source, "version": part.version,
            "scope": "required", "licenses": licences(known[part.source]), "purl": purl,
            "properties": [property_of("linked", part.kind),
                           property_of("packages", " ".join(part.packages))]}


def document(options, parts):
    with open(LICENCES) as file:
        known = json.load(file)
    with open(options.program, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    components = [component(part, known) for part in parts]
    reference = f"pkg:generic/rackscout@{options.version}?arch={options.architecture}"
    time = datetime.datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]),
                                           datetime.timezone.utc)
    program = {"type": "application", "bom-ref": reference, "name": "rackscout",
               "version": options.version, "licenses": licences("Apache-2.0"), "purl": reference,
               "hashes": [{"alg": "SHA-256", "content": digest}],
               "properties": [property_of("build", options.build)]}
    return {"$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json", "bomFormat": "CycloneDX",
            "specVersion": "1.5",
            "serialNumber": uuid.uuid5(uuid.NAMESPACE_URL, f"{reference}#{digest}").urn,
            "version": 1,
            "metadata": {"timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ"),
                         "lifecycles": [{"phase": "build"}], "component": program},
            "components": components,
            "dependencies": [{"ref": reference,
                              "dependsOn": [each["bom-ref"] for each in components]},
                             *({"ref": each["bom-ref"]} for each in components)],
            "compositions": [{"aggregate": "complete", "assemblies": [reference]}]}


def write(path, options, parts):
    with open(path, "w") as file:
        json.dump(document(options, parts), file, indent=2)
        file.write("\n")


def add_arguments(arguments):
    arguments.add_argument("--program", required=True, help="as it is shipped: stripped")
    arguments.add_argument("--version", required=True)
    arguments.add_argument("--architecture", required=True, help="as Debian names it")
    arguments.add_argument("--multiarch", required=True, help="arm-linux-gnueabihf, say")
    arguments.add_argument("--folder", required=True, help="the build's, for ninja")
    arguments.add_argument("--root", default="/", help="the sysroot, with its dpkg database")
    arguments.add_argument("--map", default="", help="the linker's, of a static program")
    arguments.add_argument("--source", action="append", default=[],
                           help="the .dsc of a static library that was built here")
    arguments.add_argument("--build", default="dynamic", help="dynamic or portable")


def build_of(options):
    return linked.Build(options.program, os.path.abspath(options.folder), options.root,
                        options.multiarch, options.map, tuple(options.source))


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    add_arguments(arguments)
    arguments.add_argument("--out", required=True)
    options = arguments.parse_args()
    write(options.out, options, linked.parts(build_of(options)))


if __name__ == "__main__":
    main()
