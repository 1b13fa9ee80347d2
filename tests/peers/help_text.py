"""What --help of the program and of each command lists: the truth for its manual and completions."""
import functools
import re
import types

import plant


def section(text, title):
    """The first words of the lines below a title."""
    found = re.search(rf"^{title}:\n((?:  .*\n)+)", text, re.M)
    return re.findall(r"^  (\S+)", found.group(1), re.M) if found else []


def options_in(text):
    """\"-h,--help\" is --help."""
    return [word.split(",")[-1] for word in section(text, "Options")]


@functools.cache
def commands():
    """The program, then each command with those within it."""
    found, open_ = [], [()]
    while open_:
        words = open_.pop(0)
        done = plant.run([plant.RACKSCOUT, *words, "--help"])
        if done.exit_code != 0:
            raise AssertionError(done.err)
        inner = section(done.out, "Subcommands")
        found.append(types.SimpleNamespace(words=words, path=" ".join(words), commands=inner,
                                           options=options_in(done.out)))
        open_ += [(*words, name) for name in inner]
    return found
