#!/usr/bin/env python3
"""Rules 6 to 8: words and idioms that have no place here. One table, one line a habit."""
import re
import sys
from dataclasses import dataclass

from source import ROOT, code, comments, line_of, read, report

SKIPPED = {".git", ".cache", "build", "__pycache__"}
DATA = ("tests/parsers/cases/", "tests/parsers/shared/", "tests/sample/", "tests/fuzz/findings/")
CPP = r".*\.[ch]pp"
ANY = r".*(\.([ch]pp|py|cmake|md|sh|json|1|5)|CMakeLists\.txt|/run|dev)"


@dataclass(frozen=True)
class Habit:
    rule: int
    files: str
    where: str  # code, comments or all
    pattern: str
    advice: str


# Split literals: this file must pass its own check.
HABITS = (
    Habit(6, r"(?!tests/)" + CPP, "code", r"\bthrow\b(?!\s+std::bad_alloc\b)", "errors are values: return fail(...)"),
    Habit(6, CPP, "code", r"\bstd::sto(i|l|ll|u|ul|ull|f|d|ld)\b", "it throws: use std::from_chars"),
    Habit(6, CPP, "code", r"\batoi\b|\batol\b|\bsscanf\b", "it hides errors: use std::from_chars"),
    Habit(6, CPP, "code", r"\busing namespace std\s*;", "spell std::"),
    Habit(6, r".*\.hpp", "code", r"\busing namespace\b", "a header must not open namespaces for others"),
    Habit(7, ANY, "all", r"/wo" r"rk/|/fa" r"rm/|/tmp/ba" r"sh", "a path of one machine"),
    Habit(7, ANY, "all", r"\bTO" r"DO\b|\bFIX" r"ME\b|\bXX" r"X\b", "finish it, or record a decision"),
    Habit(7, ANY, "comments", r"(?<![^\s(])#\d+\b", "say the reason itself, not an issue's number"),
    Habit(8, r"tests/" + CPP, "code", r"\b(sleep_for|sleep_until|usleep|nanosleep|sleep)\s*\(", "tests do not wait"),
    Habit(8, CPP, "code", r"\bsystem_clock::now\b|\b(std::)?time\s*\((nullptr|NULL|0)\)|\bgettimeofday\s*\(",
          "it ends in 2038 on 32-bit ARM: ot::now()"),
)


def hash_comments(text):
    """Comments of Python, shell and CMake: from a '#' that begins a word to the line's end."""
    return re.sub(r"^(.*?)((?<!\S)#.*)?$", lambda m: " " * len(m[1]) + (m[2] or ""), text, flags=re.M)


def part(path, text, where):
    if where == "all":
        return text
    if re.fullmatch(CPP, path):
        return code(text) if where == "code" else comments(text)
    return text if where == "code" else hash_comments(text)


def findings(path, text):
    for habit in HABITS:
        if not re.fullmatch(habit.files, path):
            continue
        for match in re.finditer(habit.pattern, part(path, text, habit.where)):
            line = line_of(text, match.start())
            yield f"{path}:{line}: rule {habit.rule}: '{match.group().strip()}': {habit.advice}"
    if path.endswith(".hpp") and not code(text).lstrip().startswith("#pragma once"):
        yield f"{path}:1: rule 6: a header begins with #pragma once"


def texts():
    for path in sorted(ROOT.rglob("*")):
        name = path.relative_to(ROOT).as_posix()
        if SKIPPED.isdisjoint(path.relative_to(ROOT).parts) and not name.startswith(DATA):
            if path.is_file() and re.fullmatch(ANY, name):
                yield name, read(path)


def main():
    return report(f for path, text in texts() for f in findings(path, text))


if __name__ == "__main__":
    sys.exit(main())
