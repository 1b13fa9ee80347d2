"""The HTML report in a browser: nothing leaves it, text stays text, it fits a telephone and paper.

What it looks like stays in the working directory: report-1280.png, report-1280-dark.png,
report-400.png, report.pdf.
"""
import os
import sys
import tempfile
import unittest

import plant
from chromium import PROGRAM, Chromium, Tab

sys.path.insert(0, os.path.join(plant.REPOSITORY, "tests", "bench"))
from make_tree import HEADER, Station  # noqa: E402  (it lies beside the benchmarks)

SAMPLE = os.path.join(plant.REPOSITORY, "tests", "sample")
SCENE = os.path.join(plant.REPOSITORY, "tests", "plant", "scenes", "demo.toml")
# The demonstration's ports are the protocols' own: here beside them, and beside the ones that the
# system gives out.
PORT_OFFSET = 20_000
SLAVES = 555  # with a head and 8 modules each: 4,995 add-ons, and the power supply
MOST_BYTES = 5_000_000

SCRIPT = "<script>alert(1)</script>"
PICTURE = "'><img src=http://127.0.0.1/x onerror=alert(2)>"
OVERRIDE = "DI16 \u202eright to left"
HEBREW = "\u05de\u05e9\u05d0\u05d1\u05d4 1"
HOSTILE_STEP7 = f"""{HEADER}STATION S7400 , "{SCRIPT}"\r
BEGIN \r
END \r
\r
RACK 0, "6ES7 400-1JA01-0AA0", "{PICTURE}"\r
BEGIN \r
END \r
\r
RACK 0, SLOT 1, "6ES7 407-0KA02-0AA0", "{PICTURE}"\r
BEGIN \r
END \r
\r
RACK 0, SLOT 3, "6ES7 416-2XN05-0AB0" "V5.3", "{SCRIPT}"\r
BEGIN \r
END \r
\r
RACK 0, SLOT 5, "6ES7 421-1BL01-0AA0", "{OVERRIDE}"\r
BEGIN \r
END \r
\r
RACK 0, SLOT 6, "6ES7 421-1BL01-0AA0", "{HEBREW}"\r
BEGIN \r
END \r
\r
RACK 0, SLOT 4000000000, "6ES7 421-1BL01-0AA0", "far away"\r
BEGIN \r
END \r
"""
HOSTILE_SCL = """<?xml version="1.0" encoding="UTF-8"?>
<SCL xmlns="http://www.iec.ch/61850/2003/SCL" version="2007" revision="B">
  <Header id="&lt;/title&gt;&lt;script&gt;alert(3)&lt;/script&gt;"/>
  <IED name="A1" manufacturer="&quot;&gt;&lt;img src=x onerror=alert(4)&gt;"
       type="&quot; onload=&quot;alert(5)" desc="&lt;svg onload=alert(6)&gt;">
    <AccessPoint name="F"/>
  </IED>
</SCL>
"""


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(text)
    return path


def rackscout(*arguments):
    """Done, or done with failures, which the sample holds on purpose."""
    result = plant.run([plant.RACKSCOUT, *arguments])
    if result.exit_code not in (0, 3):
        raise AssertionError(f"{arguments}: {result.exit_code}: {result.err}")
    return result


def probe_plant(store):
    with open(SCENE, encoding="utf-8") as file:
        scene = file.read()
    with plant.Plant(scene, "--port-offset", str(PORT_OFFSET)) as simulated:
        for protocol in ("fins", "enip", "modbus"):
            targets = sorted({f"{end['address']}:{end['port']}" for end in simulated.endpoints
                              if end["protocol"] == protocol})
            rackscout("probe", "--store", store, "--site", "Werk S\u00fcd", "--area", "Hall 1",
                      "--protocol", protocol, "--yes", *targets)


def large_station():
    station = Station(5)
    pieces = list(station.rack())
    for number in range(SLAVES):
        pieces += station.slave(number)
    return "".join(pieces)


class Report(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="rackscout-report-")
        cls.store = os.path.join(cls.folder.name, "store.db")
        cls.report = os.path.join(cls.folder.name, "report.html")
        hostile = os.path.join(cls.folder.name, "hostile")
        os.mkdir(hostile)
        write(hostile, "station.cfg", HOSTILE_STEP7)
        write(hostile, "<b>bold<b>.scd", HOSTILE_SCL)
        rackscout("ingest", "--store", cls.store, "--site", "Werk S\u00fcd", "--area", "Hall 1",
                  SAMPLE)
        rackscout("ingest", "--store", cls.store, "--site", "Werk S\u00fcd", "--area",
                  "<i>Hall</i> 2", hostile)
        probe_plant(cls.store)
        rackscout("report", "--store", cls.store, "--out", cls.report)
        cls.browser = Chromium().__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.browser.__exit__()
        cls.folder.cleanup()

    def open(self, path, width, **options):
        """Whatever is opened asks for nothing and complains of nothing."""
        tab = Tab(self.browser, path, width, **options)
        self.assertEqual(["file://" + path],
                         [url for url in tab.requests() if not url.startswith("data:")])
        self.assertEqual([], tab.complaints())
        return tab

    def test_it_is_for_its_owner_alone(self):
        self.assertEqual(0o600, os.stat(self.report).st_mode & 0o777)

    def test_it_fits_a_desk_and_asks_for_nothing(self):
        tab = self.open(self.report, 1280)
        tab.screenshot("report-1280.png")
        self.assertLessEqual(tab.value("document.documentElement.scrollWidth"), 1280)
        self.assertGreater(tab.value("document.querySelectorAll('.rack svg').length"), 20)
        self.open(self.report, 1280, dark=True).screenshot("report-1280-dark.png")

    def test_it_fits_a_telephone(self):
        tab = self.open(self.report, 400, height=800)
        tab.screenshot("report-400.png")
        self.assertLessEqual(tab.value("document.documentElement.scrollWidth"), 400)
        self.assertEqual(400, tab.value("innerWidth"))

    def test_sections_stand_in_their_order(self):
        tab = self.open(self.report, 1280)
        self.assertEqual(
            ["summary", "racks", "networks", "files", "unread", "sent", "appendix"],
            tab.value("[...document.querySelectorAll('main > section')].map(s => s.id)"))

    def test_foreign_text_stays_text(self):
        tab = self.open(self.report, 1280)
        self.assertEqual(0, tab.value("document.querySelectorAll("
                                      "'script,img,iframe,object,embed,b b,i,base').length"))
        self.assertEqual([], tab.value(
            "[...document.querySelectorAll('*')].flatMap(e => [...e.attributes])"
            ".filter(a => /^on/i.test(a.name)).map(a => a.name)"))
        text = tab.value("document.body.textContent")
        for part in (SCRIPT, PICTURE, HEBREW, "<i>Hall</i> 2", "<b>bold<b>.scd",
                     "DI16 \\u{202e}right to left", '"><img src=x onerror=alert(4)>'):
            self.assertIn(part, text)
        self.assertIsNone(tab.value("/[\\u202a-\\u202e\\u2066-\\u2069]/.exec("
                                    "document.documentElement.textContent)"))

    def test_paper_shows_what_the_screen_folds_away(self):
        tab = self.open(self.report, 1280)
        folded = "[...document.querySelectorAll('details:not([open]) table')]"
        self.assertGreater(tab.value(folded + ".length"), 0)
        tab.media("print")
        self.assertEqual(0, tab.value(folded + ".filter(t => !t.checkVisibility("
                                      "{contentVisibilityAuto: false})).length"))
        tab.media("screen")
        tab.pdf("report.pdf")
        self.assertGreater(os.path.getsize("report.pdf"), 20_000)

    def test_five_thousand_add_ons_are_small_and_quick(self):
        store = os.path.join(self.folder.name, "large.db")
        path = os.path.join(self.folder.name, "large.html")
        rackscout("ingest", "--store", store,
                  write(self.folder.name, "large.cfg", large_station()))
        rackscout("report", "--store", store, "--out", path)
        size = os.path.getsize(path)
        tab = self.open(path, 1280)
        modules = tab.value("document.querySelectorAll('.tiles > svg').length")
        print(f"{modules} modules on buses: {size} bytes, painted {tab.painted_ms:.0f} ms after"
              " the navigation began", file=sys.stderr)
        self.assertGreaterEqual(modules, 9 * SLAVES)
        self.assertLess(size, MOST_BYTES)


if __name__ == "__main__":
    if PROGRAM is None:
        plant.skip("there is no chromium")
    plant.main(seconds=240)
