"""A large store for benchmarks: 100,000 assets, 1,000,000 add-ons, 20,000 files.

    python3 plant_store.py RACKSCOUT STORE [ASSETS]

The rows are put in past the program, as it would have written them; it indexes them when it
opens the store for writing.
"""
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import uuid

ADD_ONS_EACH = 10
FILES_TO_ASSETS = 5
FIRST_DAY = 1_700_000_000_000  # milliseconds
VENDORS = ["Siemens", "Siemens AG", "Omron", "Rockwell Automation", "Schneider Electric", "ABB",
           "WAGO", "Beckhoff", "Phoenix Contact", "Pilz"]
TOOLS = [("STEP7", "V5.5"), ("STEP7", "V5.6 + HF1"), ("DIGSI 5", "08.804"), ("TwinCAT", "3.1")]
CATEGORIES = {1: "Programmable Logic Controller (PLC)", 2: "Communication Module",
              3: "I/O Module", 4: "Power Supply", 5: "Interface Module"}
STATES = ["Imported"] * 7 + ["Deleted"] * 2 + ["Failed"]


def order_number(number):
    return f"6ES7{300 + number % 200}-{number % 7}A{chr(65 + number % 26)}{number % 90 + 10}-0AB0"


def file_row(number, chance):
    tool, version = chance.choice(TOOLS)
    name = f"Line {number % 400} station {number}"
    return (number, uuid.UUID(int=number).bytes, f"/plant/{number % 500}/{name}.cfg", name, ".cfg",
            chance.choice(STATES), number, f"Hall {number % 40}", chance.choice(VENDORS),
            number % 50, tool, version, f"{chance.getrandbits(128):032x}", f"User {number % 30}",
            FIRST_DAY + number * 60_000)


def asset_rows(number, chance):
    vendor, model = chance.choice(VENDORS), f"CPU {300 + number % 120}"
    address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    facts = json.dumps({"name": f"PLC {number}", "vendor": vendor, "model": model, "category": 1,
                        "station": f"Station {number % 5000}", "firmwareVersion": f"{number % 9}.1",
                        "interfaces": [{"address": address}]})
    file = 1 + number % (number // FILES_TO_ASSETS + 1)
    changed = FIRST_DAY + number * 1000
    asset = (number, uuid.UUID(int=number).bytes, changed, changed, file, number, ADD_ONS_EACH,
             f"PLC {number}", f"Station {number % 5000}", vendor, model, CATEGORIES[1],
             f"{number % 9}.1", address)
    return file, asset, (file, number, changed, number, ADD_ONS_EACH, facts)


def add_on_rows(file, asset, chance):
    for slot in range(ADD_ONS_EACH):
        number = asset * ADD_ONS_EACH + slot
        yield (file, asset, number, order_number(number % 3000), f"0x{number:08x}",
               f"V{number % 20}.{number % 10}", str(slot + 16), chance.choice(VENDORS),
               f"Module {number % 1500}", f"Unit of kind {number % 300}", 2 + number % 4,
               number % 126 if number % 3 == 0 else None, slot)


def fill(database, assets):
    chance = random.Random(1)
    database.execute("PRAGMA synchronous = OFF")
    database.executemany(
        "INSERT INTO files(file_id, file_uuid, path, name, extension, status, inode,"
        " plant_location, vendor, asset_count, tool_name, tool_version, md5, uploaded_by,"
        " last_updated, device, size, mtime_ns, ctime_ns, site, area)"
        " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, '', '')",
        (file_row(number, chance) for number in range(1, assets // FILES_TO_ASSETS + 1)))
    for number in range(1, assets + 1):
        file, asset, facts = asset_rows(number, chance)
        database.execute(
            "INSERT INTO assets(asset_id, asset_uuid, created, last_updated, shown_file,"
            " fingerprint, add_on_count, name, station, vendor, model, category,"
            " firmware_version, address, site, area)"
            " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', '')", asset)
        database.execute("INSERT INTO asset_facts(file_id, asset_id, newness, fingerprint,"
                         " add_on_count, facts) VALUES(?, ?, ?, ?, ?, ?)", facts)
        database.executemany(
            "INSERT INTO add_ons(file_id, asset_id, add_on_id, order_id, serial_number,"
            " firmware_version, unit_address, vendor, model, product_name, category,"
            " slave_address, slot, occurrence, name, type_id, bus, io_addresses, origin,"
            " confidence) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, '', '', '', '', 0, 0)",
            add_on_rows(file, number, chance))
    database.execute("DELETE FROM meta WHERE name = 'words'")
    database.execute("DELETE FROM words_due")


def make(rackscout, store, assets=100_000):
    """Makes the store, unless it is there already."""
    if os.path.exists(store):
        return
    with tempfile.TemporaryDirectory() as nothing:
        subprocess.run([rackscout, "ingest", "--store", store, nothing], check=True,
                       capture_output=True)
        with sqlite3.connect(store) as database:
            fill(database, assets)
        database.close()
        subprocess.run([rackscout, "ingest", "--store", store, nothing], check=True,
                       capture_output=True)


if __name__ == "__main__":
    make(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 100_000)
