"""A bundle that was altered anywhere is found out, and one that somebody else signed is said so.

RACKSCOUT_CHANGES says how many single bytes are changed (40), RACKSCOUT_SEED which.
"""
import os
import random
import tempfile
import unittest
import zipfile

import plant
import survey_walk

CHANGES = int(os.environ.get("RACKSCOUT_CHANGES", "40"))
SEED = int(os.environ.get("RACKSCOUT_SEED", "0")) or random.randrange(1, 1 << 30)
SAMPLES = os.path.join(plant.REPOSITORY, "tests", "sample")
GOOD, UNTRUSTED, ALTERED = 0, 3, 4


class Tampering(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="rackscout-bundle-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = folder.name
        cls.key = survey_walk.create_key(cls.folder, "ours")
        cls.other = survey_walk.create_key(cls.folder, "another")
        cls.path = os.path.join(cls.folder, "plant.rsb")
        made = survey_walk.command("survey", "--offline", "--yes", "--out", cls.path, "--key",
                                   cls.key, "--site", "Works", "--projects", SAMPLES,
                                   "--include-files", folder=cls.folder)
        assert made.exit_code in (0, 3), made.err
        with open(cls.path, "rb") as file:
            cls.content = file.read()

    def put(self, content, name="altered.rsb"):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            file.write(content)
        return path

    def verify(self, path, *arguments, key=None):
        return survey_walk.command("bundle", "verify", path, "--key", key or self.key, *arguments,
                                   folder=self.folder)

    def assert_altered(self, content, what):
        result = self.verify(self.put(content))
        self.assertEqual(ALTERED, result.exit_code, f"{what}: {result.out}{result.err}")
        self.assertIn("altered", result.out + result.err, what)

    def test_as_it_was_made_it_is_good(self):
        result = self.verify(self.path)
        self.assertEqual(GOOD, result.exit_code, result.out + result.err)
        self.assertGreater(len(self.content), 20_000)

    def test_a_changed_byte_is_found_wherever_it_is(self):
        chance = random.Random(SEED)
        for _ in range(CHANGES):
            place, mask = chance.randrange(len(self.content)), chance.randrange(1, 256)
            changed = bytearray(self.content)
            changed[place] ^= mask
            self.assert_altered(bytes(changed), f"byte {place} ^ {mask:#x}, seed {SEED}")
        print(f"seed {SEED}: {CHANGES} of {CHANGES} changes found")

    def test_a_shorter_one_is_found(self):
        chance = random.Random(SEED)
        sizes = [0, 1, 3, 22, len(self.content) - 22, len(self.content) - 1]
        sizes += [chance.randrange(len(self.content)) for _ in range(6)]
        for size in sizes:
            self.assert_altered(self.content[:size], f"the first {size} bytes")

    def test_a_longer_one_is_found(self):
        for more in (b"\0", b"\n", b"PK\5\6" + bytes(18), self.content):
            self.assert_altered(self.content + more, f"{len(more)} bytes more behind it")
            self.assert_altered(more + self.content, f"{len(more)} bytes more before it")

    def rewritten(self, change=lambda name, content: content, more=()):
        """Taken apart and put together again by another program."""
        path = os.path.join(self.folder, "rewritten.rsb")
        with zipfile.ZipFile(self.path) as old, zipfile.ZipFile(path, "w") as new:
            for name in old.namelist():
                content = change(name, old.read(name))
                if content is not None:
                    new.writestr(zipfile.ZipInfo(name), content)
            for name, content in more:
                new.writestr(zipfile.ZipInfo(name), content)
        return path

    def test_members_that_were_changed_added_or_removed_are_found(self):
        with zipfile.ZipFile(self.path) as bundle:
            names = bundle.namelist()
        for victim in names:
            for changed in (None, b"", b"{}\n"):
                path = self.rewritten(lambda name, content: changed if name == victim else content)
                result = self.verify(path)
                self.assertIn(result.exit_code, (UNTRUSTED, ALTERED), f"{victim}: {result.err}")
                if victim != "signature.json":
                    self.assertEqual(ALTERED, result.exit_code, f"{victim}: {result.out}")
        for more in (("more.txt", b"more"), ("files/" + "0" * 64, b"more"), ("../more", b"more")):
            result = self.verify(self.rewritten(more=[more]))
            self.assertEqual(ALTERED, result.exit_code, f"{more}: {result.out}{result.err}")

    def test_one_whose_signature_is_gone_is_not_good(self):
        path = self.rewritten(lambda name, content: None if name == "signature.json" else content)
        self.assertIn(self.verify(path).exit_code, (UNTRUSTED, ALTERED))

    def test_who_signed_is_asked_for(self):
        result = self.verify(self.path, key=self.other)
        self.assertEqual(UNTRUSTED, result.exit_code, result.out + result.err)

    # --- and what becomes of it ---

    def take(self, path, store, *arguments, key=None):
        return survey_walk.command("bundle", "import", path, "--store",
                                   os.path.join(self.folder, store), "--key", key or self.key,
                                   *arguments, folder=self.folder)

    def listed(self, store):
        result = survey_walk.command("list", "files", "--store",
                                     os.path.join(self.folder, store), "--format", "json",
                                     folder=self.folder)
        self.assertEqual(0, result.exit_code, result.err)
        return result.out

    def test_an_altered_one_is_never_taken(self):
        changed = bytearray(self.content)
        changed[len(changed) // 2] ^= 1
        path = self.put(bytes(changed), "to_take.rsb")
        self.assertEqual(ALTERED, self.take(path, "altered.db").exit_code)
        self.assertEqual(ALTERED, self.take(path, "altered.db", "--allow-unsigned").exit_code)

    def test_a_foreign_one_is_taken_when_that_is_asked_for(self):
        refused = self.take(self.path, "foreign.db", key=self.other)
        self.assertEqual(UNTRUSTED, refused.exit_code, refused.err)
        taken = self.take(self.path, "foreign.db", "--allow-unsigned", key=self.other)
        self.assertEqual(0, taken.exit_code, taken.err)
        self.assertIn("applied", taken.err)

    def test_the_second_time_it_changes_nothing(self):
        first = self.take(self.path, "twice.db")
        self.assertEqual(0, first.exit_code, first.err)
        before = self.listed("twice.db")
        self.assertIn("line3_pn", before)
        second = self.take(self.path, "twice.db")
        self.assertEqual(0, second.exit_code, second.err)
        self.assertIn(" 0 records applied", second.err)
        self.assertEqual(before, self.listed("twice.db"))


if __name__ == "__main__":
    if not survey_walk.has_bundles():
        plant.skip("this rackscout makes no bundles")
    plant.main(60 + CHANGES)
