"""CHANGELOG.md in the form of Debian's changelogs."""
import datetime
import email.utils
import re
import textwrap


def sections(text):
    """(name, date or None, lines) of each version."""
    found = []
    for line in text.splitlines():
        heading = re.fullmatch(r"## \[([^\]]+)\](?: - (\d{4}-\d{2}-\d{2}))?\s*", line)
        if heading:
            found.append((heading[1], heading[2], []))
        elif found and not line.startswith("["):
            found[-1][2].append(line)
    return [section for section in found if any(line.startswith("- ") for line in section[2])]


def changes(lines):
    """The entries under their kinds: "  [ Added ]", "  * ..."."""
    written, entry = [], []

    def finish():
        if entry:
            text = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", " ".join(entry)).replace("`", "")
            written.extend(textwrap.wrap(text, 78, initial_indent="  * ", subsequent_indent="    ",
                                         break_long_words=False, break_on_hyphens=False))
            entry.clear()

    for line in lines:
        if line.startswith("### "):
            finish()
            written += ["", f"  [ {line[4:].strip()} ]"]
        elif line.startswith("- "):
            finish()
            entry.append(line[2:].strip())
        elif line.strip():
            entry.append(line.strip())
    finish()
    return "\n".join(written).strip("\n")


def debian(text, version, maintainer, built):
    """What is unreleased is the version that is built, of the time of its last commit."""
    entries = []
    for name, date, lines in sections(text):
        if date:
            noon = datetime.datetime.fromisoformat(date + "T12:00:00+00:00")
            when = email.utils.format_datetime(noon)
        else:
            when, name = email.utils.formatdate(built), version
        entries.append((name, f"rackscout ({name}) bookworm; urgency=medium\n\n{changes(lines)}\n\n"
                              f" -- {maintainer}  {when}\n"))
    names = [name for name, _ in entries]
    if len(names) != len(set(names)) or names[:1] != [version]:
        raise ValueError(f"CHANGELOG.md has the versions {', '.join(names)}, and {version} is built: raise "
                         "the version in CMakeLists.txt, or tell what is new under [Unreleased]")
    return "\n".join(entry for _, entry in entries)
