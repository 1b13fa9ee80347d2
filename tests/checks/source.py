"""What the checks share: the tree's files, and C++ text without its comments or literals."""
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDERS = ("agent", "base", "parsers", "protocols", "store", "tests")

# Tried in this order at every place; the number keeps the ' of 1'000 from opening a literal.
LEXEME = re.compile(
    r"""(?P<comment>//(?:\\\n|[^\n])*|/\*.*?(?:\*/|\Z))
      | (?P<raw>(?:u8|[uUL])?R"(?P<mark>[^()\\\s]*)\(.*?\)(?P=mark)")
      | (?P<string>"(?:\\.|[^"\\\n])*")
      | (?P<number>\b\d(?:'?[\w.])*)
      | (?P<char>'(?:\\.|[^'\\\n])+')""",
    re.S | re.X,
)


def _spaces(text):
    return re.sub(r"[^\n]", " ", text)


def code(text):
    """Comments and the insides of literals become blanks: offsets and lines stay."""

    def replace(match):
        if match.lastgroup == "number":
            return match.group()
        if match.lastgroup == "comment":
            return _spaces(match.group())
        inside = _spaces(match.group())
        return '"' + inside[1:-1] + '"'

    return LEXEME.sub(replace, text)


def comments(text):
    """The opposite: only what stands in comments, at its place."""
    kept = list(_spaces(text))
    for match in LEXEME.finditer(text):
        if match.lastgroup == "comment":
            kept[match.start() : match.end()] = match.group()
    return "".join(kept)


def without_directives(text):
    """Blanks preprocessor lines with their continuations, after code()."""
    return re.sub(r"^[ \t]*#(?:\\\n|[^\n])*", lambda m: _spaces(m.group()), text, flags=re.M)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def read(path):
    return path.read_text(encoding="utf-8", errors="replace")


def cpp_files(root=ROOT):
    """Every source and header of ours, as (path relative to the root, text)."""
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in (".cpp", ".hpp") and path.is_file():
                yield path.relative_to(root).as_posix(), read(path)


def report(findings):
    """Prints the findings and gives the exit status."""
    findings = list(findings)
    for finding in findings:
        print(finding)
    return 1 if findings else 0
