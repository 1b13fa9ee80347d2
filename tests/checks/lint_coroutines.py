#!/usr/bin/env python3
"""Rule 5: what GCC 12 miscompiles around co_await, and what loses errors around co_spawn.

GCC 12 destroys temporaries twice when a co_await's full expression holds an aggregate, a
lambda or a conditional operator. So no '{' and no '?' in it: the operand gets a name first.
The reader below cuts the text into full expressions. It need not understand C++: a brace
opens a block, a lambda's body or an initialiser, and only the last belongs to the expression.
"""
import re
import sys
from dataclasses import dataclass, field

from source import code, cpp_files, line_of, report, without_directives

TOKEN = re.compile(r"\w+|->|::|[^\w\s]")
CONTROL = {"if", "for", "while", "switch", "constexpr"}
BEFORE_BLOCK = {"else", "do", "try", "const", "noexcept", "override", "final"}
SCOPE = re.compile(r"(template\s*<.*>\s*)?(inline\s+)?(struct|class|union|enum|namespace|extern)\b", re.S)
LAMBDA = re.compile(r"(?<![\w\]\)\[])\s*\[([^\[\]]*)\]\s*(\(.*\)|<.*>\s*\(.*\))?[^(){};=]*$", re.S)


@dataclass
class Expression:
    start: int
    awaits: list = field(default_factory=list)
    marks: set = field(default_factory=set)
    words: set = field(default_factory=set)


@dataclass
class Frame:
    kind: str  # block, lambda, group (round or square), control, braces
    outer: Expression
    capture: str = ""
    coroutine_at: int = -1


class Reader:
    def __init__(self, text):
        self.text = without_directives(code(text))
        self.found = []
        self.frames = [Frame("block", Expression(0))]
        self.now = Expression(0)
        self.last = ""

    def read(self):
        for match in TOKEN.finditer(self.text):
            token, at = match.group(), match.start()
            if token in "([":
                control = token == "(" and self.last in CONTROL
                self.frames.append(Frame("control" if control else "group", self.now))
                if control:
                    self.begin(at + 1)
            elif token == "{":
                self.open_brace(at)
            elif token in ")]}":
                self.close(token, at)
            elif token == ";" and self.frames[-1].kind in ("block", "lambda", "control"):
                self.begin(at + 1)
            else:
                self.note(token, at)
            self.last = token
        self.begin(len(self.text))
        return sorted(set(self.found))

    def note(self, token, at):
        if token == "?":
            self.now.marks.add("'?'")
        elif token == "co_await":
            self.now.awaits.append(at)
        elif token in ("co_spawn", "detached"):
            self.now.words.add(token)
        if token in ("co_await", "co_return", "co_yield"):
            body = next((f for f in reversed(self.frames) if f.kind == "lambda"), None)
            if body and body.capture.strip() and body.coroutine_at < 0:
                body.coroutine_at = at
                self.found.append((at, "a capturing lambda is a coroutine; make it a named function"))

    def begin(self, at):
        """Ends the expression that was open, and judges it."""
        if self.now.marks:
            what = " and ".join(sorted(self.now.marks))
            self.found += [(a, f"{what} in a co_await expression; name the operand first") for a in self.now.awaits]
        if {"co_spawn", "detached"} <= self.now.words:
            self.found.append((self.now.start, "co_spawn with detached drops the error; give it a handler"))
        self.now = Expression(at)

    def open_brace(self, at):
        head = self.text[self.now.start : at]
        capture = LAMBDA.search(re.split(r"[;{}]", head)[-1])
        if capture:
            self.now.marks.add("a lambda")
            self.frames.append(Frame("lambda", self.now, capture.group(1)))
            self.now = Expression(at + 1)
        elif self.opens_block(head):
            self.begin(at + 1)
            self.frames.append(Frame("block", self.now))
        else:
            self.now.marks.add("'{'")
            self.frames.append(Frame("braces", self.now))

    def opens_block(self, head):
        if self.frames[-1].kind not in ("block", "lambda"):
            return False
        if self.last in BEFORE_BLOCK or self.last in ("", ")", ";", "{", "}", ":"):
            return True
        if SCOPE.match(head.strip()):
            return True
        return "->" in head[head.rfind(")") + 1 :]  # a trailing return type

    def close(self, token, at):
        if len(self.frames) == 1:
            return
        frame = self.frames.pop()
        if frame.kind in ("block", "control"):
            self.begin(at + 1)
        elif frame.kind == "lambda":
            self.begin(at)
            self.now = frame.outer


def findings(path, text):
    for at, why in Reader(text).read():
        yield f"{path}:{line_of(text, at)}: rule 5: {why}"


def main():
    return report(f for path, text in cpp_files() for f in findings(path, text))


if __name__ == "__main__":
    sys.exit(main())
