"""The commands of docs/install.md in a clean Debian 12, and then a survey of controllers there."""
import json
import os
import unittest

import chroot
import plant

SCENE = """
[[host]]
name = "press"
address = "127.10.0.1"
[host.fins]
cpu = "CJ2M-CPU33"
version = "02.01"
units = [{address = 16, model = "CJ2M-EIP21", version = "V2.17"}]

[[host]]
name = "boiler"
address = "127.10.0.4"
[host.modbus]
objects = {0 = "Northwind", 1 = "PM-5", 2 = "V1.0"}
"""


class Installed(unittest.TestCase):
    def installed_by(self, heading, brought, tools=""):
        """A clean Debian, with tools that a gateway has, in which the commands below a heading of
        docs/install.md were run."""
        root = chroot.Chroot()
        self.addCleanup(root.delete)
        if tools:
            done = root.shell(f"apt-get update && apt-get install {tools}")
            self.assertEqual(0, done.exit_code, done.out)
        root.put(brought)
        commands = chroot.commands(heading)
        self.assertEqual(2, len(commands), commands)
        for command in commands:
            done = root.shell(command)
            self.assertEqual(0, done.exit_code, f"{command}\n{done.out}")
        return root

    def survey(self, root):
        """Two simulated controllers outside of it are asked, and the sample's files read."""
        root.put(os.path.join(plant.REPOSITORY, "tests", "sample"))
        with plant.Plant(SCENE, "--free-ports") as controllers:
            for host, protocol in (("press", "fins"), ("boiler", "modbus")):
                done = root.run("rackscout", "survey", "--projects", "/root/sample", "--yes",
                                "--protocol", protocol, controllers.target(host, protocol))
                self.assertIn(done.exit_code, (0, 3), done.out)
        done = root.run("rackscout", "list", "assets", "--format", "json", "--extended")
        self.assertEqual(0, done.exit_code, done.out)
        text = json.dumps(json.loads(done.out)["assets"])
        for known in ("CJ2M-EIP21", "PM-5", "SIMATIC"):
            self.assertIn(known, text)

    def test_the_debian_package(self):
        root = self.installed_by("## Debian package", chroot.package())
        done = root.shell("dpkg -s rackscout && id rackscout && rackscout config check "
                          "&& test -L /etc/systemd/system/multi-user.target.wants/rackscout.service")
        self.assertEqual(0, done.exit_code, done.out)
        self.survey(root)

    def test_the_portable_tarball(self):
        root = self.installed_by("## Portable", chroot.package("rackscout-*-linux-{}.tar.xz"),
                                 "xz-utils")
        self.survey(root)
        before = set(plant.run(["find", chroot.clean(), "-printf", "%P\n"]).out.splitlines())
        done = root.run("/usr/local/share/rackscout/install.sh", "--uninstall")
        self.assertEqual(0, done.exit_code, done.out)
        self.assertTrue(root.exists("/etc/rackscout/rackscout.toml"))
        done = root.shell("/root/rackscout-*/install.sh --purge")
        self.assertEqual(0, done.exit_code, done.out)
        after = set(plant.run(["find", root.path, "-printf", "%P\n"]).out.splitlines())
        left = {path for path in after - before if "rackscout" in path and not path.startswith("root/")}
        self.assertEqual(set(), left)


if __name__ == "__main__":
    plant.main(600)
