"""The platform's own sample requests, as its pages print them, get its own sample records."""
import json
import sqlite3
import unittest
import uuid

import plant
from service import Service

# What the pages show, without what their scan broke (1 and l, Z and 2) and without the record
# that is there twice.
FILES = [
    {"name": "Devices Profinet Mod", "extension": ".dz5", "status": "Imported",
     "plantLocation": "1", "vendor": "Siemens", "assetCount": 9, "engineeringToolName": "DIGSI 5",
     "engineeringToolVersion": "08.804", "fileHash": "54ac68844e620996295604b3aab61cc0",
     "uploadedBy": "User John", "lastUpdated": "2023-03-09T11:06:15.351Z"},
    {"name": "Protection Relay", "extension": ".dz5", "status": "Deleted",
     "plantLocation": "1", "vendor": "Siemens", "assetCount": 0, "engineeringToolName": "DIGSI 5",
     "engineeringToolVersion": "08.804", "fileHash": "98adf9cc489967cb5d5151f472cb7518",
     "uploadedBy": "User John", "lastUpdated": "2023-03-09T11:05:07.800Z"},
    {"name": "s7 400 pc", "extension": ".cfg", "status": "Imported",
     "plantLocation": "2", "vendor": "Siemens", "assetCount": 2, "engineeringToolName": "STEP7",
     "engineeringToolVersion": "V5.6 + HF1", "fileHash": "3af85c535ea32f98e288b4a871aa5b80",
     "uploadedBy": "User John", "lastUpdated": "2023-03-09T10:59:34.578Z"},
    {"name": "Standalone Device", "extension": ".dz5", "status": "Importing",
     "plantLocation": "test", "vendor": "Siemens", "assetCount": 0,
     "engineeringToolName": "DIGSI 5", "engineeringToolVersion": "08.804",
     "fileHash": "f4498d9c23fd1d2038e68d6f0e77ab8e", "uploadedBy": "User John",
     "lastUpdated": "2023-03-09T10:26:24.959Z"},
    {"name": "s7 400 pc", "extension": ".cfg", "status": "Deleted",
     "plantLocation": "1", "vendor": "Siemens", "assetCount": 0, "engineeringToolName": "STEP7",
     "engineeringToolVersion": "V5.6 + HF1", "fileHash": "3af85c535ea32f98e288b4a871aa5b80",
     "uploadedBy": "User John", "lastUpdated": "2023-02-01T06:12:42.430Z"},
    {"name": "s7 400 pc", "extension": ".cfg", "status": "Deleted",
     "plantLocation": "2", "vendor": "Siemens", "assetCount": 2, "engineeringToolName": "STEP7",
     "engineeringToolVersion": "V5.6 + HF1", "fileHash": "3af85c535ea32f98e288b4a871aa5b80",
     "uploadedBy": "User John", "lastUpdated": "2023-02-01T06:00:24.887Z"},
    {"name": "s7 400 pc", "extension": ".cfg", "status": "Deleted",
     "plantLocation": "2", "vendor": "Siemens", "assetCount": 0, "engineeringToolName": "STEP7",
     "engineeringToolVersion": "V5.6 + HF1", "fileHash": "3af85c535ea32f98e288b4a871aa5b80",
     "uploadedBy": "User John", "lastUpdated": "2023-02-01T06:00:24.887Z"},
]

PLC = {"category2": "Programmable Logic Controller (PLC)", "vendor": "Omron",
       "model": "CJ2M-CPU33", "productName": "CJ2M CPU Unit"}
HOST = {
    "address": "10.113.0.5", "macAddress": "00:00:0a:c5:5b:1c",
    "hardware": {"category2": PLC["category2"], "category1": "Industrial Control System (ICS)",
                 "vendor": "Omron", "model": "CJ2M-CPU33", "productName": "CJ2M CPU Unit",
                 "class": "OT"},
    "interfaces": [{"address": "10.113.0.5", "macAddress": "00:00:0a:c5:5b:1c",
                    "protocols": ["fins", "enip"], "firstSeen": "2023-03-13T05:32:56.899Z",
                    "lastSeen": "2023-03-27T15:38:52.449Z"}],
    "assetId": 3020682,
    "assetModules": [{"firmwareVersion": "2.01", "hardware": PLC}],
    "lastUpdated": "2023-03-29T10:50:50.626Z", "created": "2023-01-18T07:01:22.700Z",
    "firmwareVersion": "2.01", "discoveryProtocols": ["fins"], "purdueLevel": "Level 1",
    "assetUuid": "4da66005-911b-39b0-bb8d-193d3255af7e",
    "inventory": {"sensorName": "Test GH SS"},
    "operatingSystem": "Omron Firmware 2.01",
    "addOns": [
        {"unitAddress": "18", "hardware": {"category2": "Communication Module", "vendor": "Omron",
                                           "model": "CJ1W-ETN21",
                                           "productName": "CJ1 Series Ethernet Unit"},
         "firmwareVersion": "1.56", "addOnId": 11365},
        {"unitAddress": "35", "hardware": {"category2": "I/O Module", "vendor": "Omron",
                                           "model": "CJ1W-DA021",
                                           "productName": "CJ1 Series Analog I/O Unit"},
         "addOnId": 11364},
        {"unitAddress": "16", "hardware": {"category2": "Communication Module", "vendor": "Omron",
                                           "model": "CJ2M-EIP21",
                                           "productName": "EtherNet/IP Unit"},
         "firmwareVersion": "2.17", "addOnId": 11363},
    ],
}
# Of the platform alone: its ids and what it makes of them; when it scanned, and that it listens
# ("Passive Sensor") where we ask.
PLATFORM = {"vulnerabilityCount", "risk", "gAssetId", "assetModuleId", "moduleUuid", "sensorId",
            "lastScanned", "source"}
# Whose modules the examples of the tokens are about.
STATION = 7


def milliseconds(text):
    moment = plant.datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return round(moment.timestamp() * 1000)


def insert(database, table, **values):
    names = ", ".join(values)
    marks = ", ".join("?" * len(values))
    database.execute(f"INSERT INTO {table}({names}) VALUES({marks})", list(values.values()))


def load_files(database):
    # Of two of the same time the first one has the higher id.
    for number, row in zip(range(len(FILES), 0, -1), FILES):
        insert(database, "files", file_id=number, file_uuid=uuid.uuid4().bytes,
               path=f"/seeds/{number}/{row['name']}{row['extension']}", name=row["name"],
               extension=row["extension"], status=row["status"], device=0, inode=number, size=1,
               mtime_ns=0, ctime_ns=0, site="", area="", plant_location=row["plantLocation"],
               vendor=row["vendor"], asset_count=row["assetCount"],
               tool_name=row["engineeringToolName"], tool_version=row["engineeringToolVersion"],
               md5=row["fileHash"], uploaded_by=row["uploadedBy"],
               last_updated=milliseconds(row["lastUpdated"]))


CATEGORIES = {"Communication Module": 2, "I/O Module": 3}


def add_module(database, asset, source, number, **values):
    row = {"occurrence": 0, "name": "", "type_id": "", "bus": "", "unit_address": "",
           "order_id": "", "serial_number": "", "firmware_version": "", "io_addresses": "",
           "vendor": "", "model": "", "product_name": "", "category": 0, "origin": 1,
           "confidence": 0, **values}
    insert(database, "add_ons", file_id=source, asset_id=asset, add_on_id=number, **row)


def load_host(database):
    asset, source = HOST["assetId"], -1
    interface = HOST["interfaces"][0]
    facts = {"category": 1, "origin": 1, "firmwareVersion": "2.01", "vendor": "Omron",
             "model": "CJ2M-CPU33", "productName": "CJ2M CPU Unit",
             "interfaces": [{"address": interface["address"],
                             "macAddress": interface["macAddress"]}]}
    insert(database, "assets", asset_id=asset, asset_uuid=uuid.UUID(HOST["assetUuid"]).bytes,
           site="", area="", created=milliseconds(HOST["created"]),
           last_updated=milliseconds(HOST["lastUpdated"]), fingerprint=1, shown_file=source,
           add_on_count=3, vendor="Omron", model="CJ2M-CPU33", product_name="CJ2M CPU Unit",
           category=PLC["category2"], firmware_version="2.01", address=interface["address"],
           mac=interface["macAddress"])
    insert(database, "asset_facts", file_id=source, asset_id=asset, newness=1, fingerprint=1,
           add_on_count=3, facts=json.dumps(facts))
    first, last = (milliseconds(interface[key]) for key in ("firstSeen", "lastSeen"))
    insert(database, "configured_views", asset_id=asset, name="", model="", order_id="",
           serial_number="")
    for number, protocol, begin in ((-2, "fins", first), (-3, "enip", first + 1)):
        insert(database, "observations", source_id=number, asset_id=asset, protocol=protocol,
               target=f"{interface['address']}:1", address=interface["address"], site="", area="",
               complete=1, first_seen=begin, last_seen=last)
        insert(database, "asset_facts", file_id=number, asset_id=asset, newness=-number,
               fingerprint=1, add_on_count=0, facts=json.dumps(facts))
    for add_on in HOST["addOns"]:
        hardware = add_on["hardware"]
        add_module(database, asset, source, add_on["addOnId"],
                   unit_address=add_on["unitAddress"], vendor=hardware["vendor"],
                   model=hardware["model"], product_name=hardware["productName"],
                   category=CATEGORIES[hardware["category2"]],
                   firmware_version=add_on.get("firmwareVersion", ""))


def load_station(database):
    """What the examples of the tokens are about: another asset, shown by a project file."""
    insert(database, "assets", asset_id=STATION, asset_uuid=uuid.uuid4().bytes, site="", area="",
           created=0, last_updated=0, fingerprint=1, shown_file=5, add_on_count=2, name="CPU 412",
           vendor="Siemens")
    insert(database, "asset_facts", file_id=5, asset_id=STATION, newness=1, fingerprint=1,
           add_on_count=2, facts='{"name":"CPU 412","vendor":"Siemens"}')
    add_module(database, STATION, 5, 1, order_id="6ES7412-3HJ14-0AB0", vendor="Siemens AG",
               model="SIMATIC S7-300", firmware_version="30.1", serial_number="0x00991222")
    add_module(database, STATION, 5, 2, slave_address=4, bus="DPSUBSYSTEM 1", vendor="Siemens")


class Seeds(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = Service()
        cls.service.command("ingest", "--store", cls.service.store, cls.service.projects)
        with sqlite3.connect(cls.service.store) as database:
            load_files(database)
            load_host(database)
            load_station(database)
            # The words of what was put in past the program are not known yet.
            database.execute("DELETE FROM meta WHERE name LIKE '%word%'")
        database.close()
        # The sample's deleted files are years old.
        cls.service.configure(folders=False, store='journal_age = "0s"')
        cls.service.start()

    @classmethod
    def tearDownClass(cls):
        cls.service.__exit__()

    def setUp(self):
        self.maxDiff = None

    def hosts(self, query):
        answer = self.service.curl("/ot/v1/host/list?" + query)
        self.assertEqual(200, answer.status, answer.body)
        return answer.json()["assets"]

    def assert_same(self, expected, actual, path="asset"):
        """Field for field and in the same order, but for the platform's own."""
        if isinstance(expected, dict):
            own = [key for key in actual if key not in PLATFORM]
            self.assertEqual(list(expected), own, path)
            for key, value in expected.items():
                self.assert_same(value, actual[key], f"{path}.{key}")
        elif isinstance(expected, list) and expected and isinstance(expected[0], dict):
            self.assertEqual(len(expected), len(actual), path)
            for number, (one, other) in enumerate(zip(expected, actual)):
                self.assert_same(one, other, f"{path}[{number}]")
        else:
            self.assertEqual(expected, actual, path)

    def test_the_printed_request_for_project_files(self):
        answer = self.service.curl(
            "/ot/v1/projectfile/list?filter=vendor%20%3A%20%22Siemens%22&pageNumber=0&pageSize=10",
            "-X", "GET", "-H", "accept: application/json")
        self.assertEqual(200, answer.status, answer.body)
        self.assertEqual(str(len(FILES)), answer.headers["count"])
        self.assert_same(FILES, answer.json(), "files")

    def test_the_printed_request_for_hosts(self):
        hosts = self.hosts("pageNumber=0&filter=addOn.unitAddress%3A%20%2218%22")
        self.assertEqual(1, len(hosts))
        self.assert_same(HOST, hosts[0])

    def test_both_generations_of_paths_answer_alike(self):
        for path in ("projectfile/list?pageSize=3", "host/list?sort=%5B%7B%22assetId%22%3A%22asc%22%7D%5D"):
            first = self.service.curl("/ot/v1/" + path)
            self.assertEqual(first.body, self.service.curl("/ot/1.0/" + path).body)

    def test_the_printed_examples_of_the_tokens_of_files(self):
        rows = {"assetCount%3A%201000": [], "assetCount%3A%209": [0], "name%3A%20Relay": [1],
                "engineeringToolName%3A%20TwinCAT": [], "engineeringToolName%3A%20STEP7": [2, 4, 5, 6],
                "plantLocation%3A%20Production%20floor": [], "plantLocation%3A%20test": [3],
                "engineeringToolVersion%3A%2008.804": [0, 1, 3],
                "status%3A%20Deleted": [1, 4, 5, 6],
                "fileHash%3A%2054ac68844e620996295604b3aab61cc0": [0],
                "uploadedBy%3A%20User%20John": list(range(7)),
                "lastUpdated%3A%202023-03-09T11%3A06%3A15.351Z": [0],
                "vendor%3A%20Siemens": list(range(7))}
        for query, expected in rows.items():
            answer = self.service.curl("/ot/v1/projectfile/list?filter=" + query)
            self.assertEqual(200, answer.status, answer.body)
            self.assertEqual([FILES[number] for number in expected], answer.json(), query)

    def test_the_printed_examples_of_the_tokens_of_hosts(self):
        rows = {"addOn.firmwareVersion%3A%2030.1": [STATION],
                "addOn.hardware.vendor%3A%20Siemens": [STATION],
                "addOn.slaveAddress%3A%200x00000004": [STATION],
                "addOn.hardware.category2%3A%20Communication%20Module": [HOST["assetId"]],
                "addOn.orderId%3A%20'6ES7412-3HJ14-0AB0'": [STATION],
                "addOn.unitAddress%3A%2018": [HOST["assetId"]],
                "addOn.hardware.model%3A%20SIMATIC%20S7-300": [STATION],
                "addOn.serialNumber%3A%20'0x00991222'": [STATION]}
        for query, expected in rows.items():
            self.assertEqual(expected, [host["assetId"] for host in self.hosts("filter=" + query)],
                             query)


if __name__ == "__main__":
    plant.main()
