#!/usr/bin/env python3
"""Writes a plant's file share: mostly no project files, and STEP 7 exports, each
a station of its own. `make_tree.py tree FOLDER [--files N] [--exports N]` or
`make_tree.py station FILE --megabytes N`."""
import argparse
import os
import random

HEADER = ('FILEVERSION "3.2"\r\n#STEP7_VERSION V5.6 + SP2\r\n'
          '#CREATED "Thursday, 18 June 2026   09:31:24"\r\n\r\n')
NOISE = ''.join(f'  {key} "{value}"\r\n' for key, value in [
    ("PROFIBUSADDRESS", 0), ("CPU_NO", 1), ("ALARM_OB_NO", 40), ("OBJECT_REMOVEABLE", 1),
    ("POS_X", 0), ("POS_Y", 0), ("SIZE_X", 0), ("MODULE_ADD_FLAGS", 0), ("SIZE_Y", 0),
    ("CAX_APP_ID", ""), ("OBJECT_COPYABLE", 1), ("CREATOR", ""), ("COMMENT", "")])
PARAMETERS = ''.join(f'  INPUT_DELAY, DI , {i}, "3_MS"\r\n' for i in range(8))
MODULES = [("6ES7 321-1BL00-0AA0", "DI32xDC24V", "IN"), ("6ES7 322-1BL00-0AA0", "DO32xDC24V", "OUT"),
           ("6ES7 331-7KF02-0AB0", "AI8x12Bit", "IN"), ("6ES7 332-5HF00-0AB0", "AO8x12Bit", "OUT")]


class Station:
    def __init__(self, number):
        self.random = random.Random(number)
        self.name = f"AS{number:05d}"

    def asset_id(self):
        return f"{self.random.getrandbits(128):032X}"

    def record(self, head, body="", trail=" "):
        return (f'{head}\r\nBEGIN{trail}\r\n  ASSET_ID "{self.asset_id()}"\r\n{body}'
                f'END{trail}\r\n\r\n')

    def rack(self):
        yield HEADER + self.record(f'STATION S7400 , "{self.name}"')
        yield self.record('RACK 0, "6ES7 400-1JA01-0AA0", "UR2"', NOISE)
        yield self.record('RACK 0, SLOT 1, "6ES7 407-0KA02-0AA0", "PS 407 10A"', NOISE)
        yield self.record('RACK 0, SLOT 3, "6ES7 416-2XN05-0AB0" "V5.3", "CPU 416-2 DP"', NOISE)

    def slave(self, number):
        """An ET 200M with its interface module's copy and eight I/O modules."""
        key = f"DPSUBSYSTEM {1 + number // 120}, DPADDRESS {3 + number % 120}"
        yield self.record(f'{key}, "6ES7 153-2BA02-0XB0", "{self.name} ET{number}"', NOISE, "")
        for slot in range(4, 12):
            order, name, kind = MODULES[self.random.randrange(len(MODULES))]
            symbols = ''.join(f'SYMBOL  {kind[0]} , {i}, "{self.name}_{number}_{slot}_{i}", ""\r\n'
                              for i in range(self.random.randrange(4)))
            yield self.record(
                f'{key}, SLOT {slot}, "{order}", "{name}"',
                f'{NOISE}LOCAL_{kind}_ADDRESSES \r\n  ADDRESS  {slot * 4}, 0, 4, 0, 1, 0\r\n'
                f'{symbols}PARAMETER \r\n{PARAMETERS}')

    def write(self, path, size):
        with open(path, "w", encoding="ascii", newline="") as out:
            written = 0
            for piece in self.rack():
                written += out.write(piece)
            number = 0
            while written < size:
                for piece in self.slave(number):
                    written += out.write(piece)
                number += 1


def write_other(path, rng):
    """What else lies on a share: documents, pictures, other tools' settings."""
    if path.endswith(".cfg"):
        content = b"[settings]\r\n" + b"key=value\r\n" * rng.randrange(1, 200)
    elif path.endswith(".txt"):
        content = b"Shift report\n" + b"all quiet\n" * rng.randrange(1, 500)
    else:
        content = rng.randbytes(rng.randrange(200, 20000))
    with open(path, "wb") as out:
        out.write(content)


def write_tree(folder, files, exports):
    rng = random.Random(1)
    endings = [".pdf", ".txt", ".cfg", ".jpg", ".xlsx", ".zip.part", ".ini"]
    for number in range(files):
        place = os.path.join(folder, f"area{number % 20:02d}", f"unit{number % 400:03d}")
        os.makedirs(place, exist_ok=True)
        if number < exports:
            path = os.path.join(place, f"station{number:05d}.cfg")
            Station(number).write(path, rng.randrange(20_000, 500_000))
        else:
            write_other(os.path.join(place, f"file{number:05d}{rng.choice(endings)}"), rng)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    kinds = parser.add_subparsers(dest="kind", required=True)
    tree = kinds.add_parser("tree")
    tree.add_argument("folder")
    tree.add_argument("--files", type=int, default=20_000)
    tree.add_argument("--exports", type=int, default=2_000)
    station = kinds.add_parser("station")
    station.add_argument("file")
    station.add_argument("--megabytes", type=int, default=64)
    options = parser.parse_args()
    if options.kind == "tree":
        write_tree(options.folder, options.files, options.exports)
    else:
        Station(999_999).write(options.file, options.megabytes << 20)


if __name__ == "__main__":
    main()
