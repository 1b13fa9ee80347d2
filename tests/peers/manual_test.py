"""The manual pages by the programs that show them: mandoc's lint, and groff as man calls it."""
import glob
import os
import re
import shutil
import unittest

import help_text
import plant

BUILD = os.path.dirname(plant.RACKSCOUT)
PAGES = sorted(glob.glob(os.path.join(BUILD, "manual", "*.[15]")))


def shown(page):
    """As text without overstriking, in one line."""
    done = plant.run(["mandoc", "-T", "utf8", page])
    text = re.sub(".\b", "", done.out)
    # A word that ends in a hyphen at the end of a line goes on in the next one.
    return re.sub(r"\s+", " ", re.sub(r"([\u2010-])\n\s+", r"\1", text)).replace("\u2010", "-")


class Pages(unittest.TestCase):
    @unittest.skipUnless(shutil.which("mandoc"), "there is no mandoc")
    def test_mandoc_finds_nothing_wrong(self):
        # It knows the section of other pages only when they are installed: nothing below warnings.
        done = plant.run(["mandoc", "-T", "lint", "-W", "warning", *PAGES])
        self.assertEqual((0, ""), (done.exit_code, done.out + done.err))

    @unittest.skipUnless(shutil.which("man") and shutil.which("groff"), "there is no groff")
    def test_groff_finds_nothing_wrong(self):
        for page in PAGES:
            with self.subTest(page):
                done = plant.run(["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", page],
                                 env={**os.environ, "MANROFFSEQ": "", "MANWIDTH": "80"})
                self.assertEqual((0, ""), (done.exit_code, done.err))

    @unittest.skipUnless(shutil.which("mandoc"), "there is no mandoc")
    def test_every_command_and_option_of_help_is_shown(self):
        pages = {os.path.basename(page): shown(page) for page in PAGES}
        for command in help_text.commands():
            with self.subTest(command.path):
                page = pages["-".join(["rackscout", *command.words[:1]]) + ".1"]
                for option in command.options:
                    self.assertIn(f" {option} ", re.sub(r"[],.:;]", " ", page))
                if len(command.words) == 2:
                    self.assertIn(f" {command.path} ", page)
                if len(command.words) == 1:
                    self.assertIn(f"rackscout-{command.path}(1)", pages["rackscout.1"])
        self.assertEqual(len(PAGES), 2 + sum(len(c.words) == 1 for c in help_text.commands()))


if __name__ == "__main__":
    if not PAGES:
        plant.skip("this build made no manual pages")
    plant.main(seconds=120)
