#!/usr/bin/env python3
"""Rule 4: nothing grows too large to read. Also prints how large things are.

Functions and lambdas are found by their braces: each '{' is told apart by the text
before it. Lengths count from the first line of the signature to the closing brace.
"""
import re
import statistics
import sys
from dataclasses import dataclass

from source import ROOT, code, cpp_files, line_of, read, without_directives

FILE_LINES, TEST_LINES = 500, 800
FUNCTION_LINES, LAMBDA_LINES = 60, 10

SCOPE = re.compile(r"(template\s*<.*>\s*)?(inline\s+)?(struct|class|union|enum|namespace|extern)\b[^()]*$", re.S)
LAMBDA = re.compile(r"(?<![\w\]\)\[])\[[^\[\]]*\]\s*(\([^{};]*\))?[^(){};]*$", re.S)
FUNCTION = re.compile(r"\)\s*((const|noexcept|override|final|mutable|try|&|&&)\s*)*(->[^(){};=]*)?$", re.S)
HANDLER = re.compile(r"catch\s*\(")


@dataclass
class Brace:
    kind: str  # scope, function, lambda, handler (of a function's own try), other
    begin: int  # of the head
    head: int  # where the head of the enclosing text began, for initialisers


def kind_of(head, enclosing):
    """What a '{' after this text opens."""
    head = head.strip()
    if LAMBDA.search(head):
        return "lambda"
    if enclosing != "scope":
        return "other"
    if SCOPE.match(head):
        return "scope"
    if HANDLER.match(head):
        return "handler"
    if FUNCTION.search(head) and not re.search(r"(?<![=!<>])=(?!=)", head.split("(")[0].replace("operator", "")):
        return "function"
    if re.search(r"\)\s*(noexcept\s*)?:(?!:).*}\s*$", head, re.S):
        return "function"  # after a member's braced initialiser: the constructor's body
    return "other"


def pieces(text):
    """Yields (kind, name, first line, last line) of each function and lambda."""
    text = without_directives(code(text))
    stack, head = [], 0
    for match in re.finditer(r"[{};]|(?:public|private|protected)\s*:", text):
        token, at = match.group(), match.start()
        if token == "{":
            kind = kind_of(text[head:at], stack[-1].kind if stack else "scope")
            stack.append(Brace(kind, head, head))
            if kind != "other" or (len(stack) > 1 and stack[-2].kind != "scope"):
                head = at + 1
        elif token == "}" and stack:
            brace = stack.pop()
            if brace.kind in ("function", "lambda"):
                yield (brace.kind, *span(text, brace, at))
            # An initialiser among members or globals is part of what surrounds it.
            outside = not stack or stack[-1].kind == "scope"
            head = brace.head if brace.kind == "other" and outside else at + 1
        else:
            head = match.end()


def span(text, brace, end):
    head = text[brace.begin : end]
    if brace.kind == "lambda":
        opening = LAMBDA.search(head[: head.find("{")])
        start = brace.begin + (opening.start() if opening else 0)
    else:
        start = brace.begin + len(head) - len(head.lstrip())
    name = " ".join(text[start : text.find("{", start)].split())
    return name[:70], line_of(text, start), line_of(text, end)


def limit_for(path):
    return TEST_LINES if path.startswith("tests/") else FILE_LINES


def findings(path, text):
    lines = text.count("\n")
    if lines > limit_for(path):
        yield f"{path}: rule 4: {lines} lines, {limit_for(path)} are allowed; split it by subject"
    if not path.endswith((".cpp", ".hpp")):
        return
    limits = {"function": FUNCTION_LINES, "lambda": LAMBDA_LINES}
    for kind, name, first, last in pieces(text):
        length = last - first + 1
        if length > limits[kind]:
            yield f"{path}:{first}: rule 4: {kind} of {length} lines, {limits[kind]} are allowed: {name}"


def figures(what, lengths):
    if lengths:
        p95 = sorted(lengths)[int(0.95 * (len(lengths) - 1))]
        median = round(statistics.median(lengths))
        print(f"{what}: {len(lengths)}, median {median} lines, p95 {p95}, longest {max(lengths)}")


def scripts():
    for path in [ROOT / "dev", ROOT / ".ci/run", *sorted((ROOT / "tests").rglob("*.py"))]:
        if path.is_file():
            yield path.relative_to(ROOT).as_posix(), read(path)


def main():
    sources = list(cpp_files())
    found = [f for path, text in [*sources, *scripts()] for f in findings(path, text)]
    for finding in found:
        print(finding)
    product = [(p, t) for p, t in sources if not p.startswith("tests/")]
    figures("files", [t.count("\n") for _, t in product])
    figures("test files", [t.count("\n") for p, t in sources if p.startswith("tests/")])
    for kind in ("function", "lambda"):
        figures(kind + "s", [b - a + 1 for _, t in sources for k, _, a, b in pieces(t) if k == kind])
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
