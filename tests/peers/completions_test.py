"""Completions in the shells themselves: bash, zsh and fish offer what --help lists."""
import os
import pty
import re
import select
import shutil
import tempfile
import time
import unittest

import help_text
import plant

FOLDER = os.path.join(os.path.dirname(plant.RACKSCOUT), "completions")
BASH, ZSH, FISH = (os.path.join(FOLDER, name)
                   for name in ("rackscout.bash", "_rackscout", "rackscout.fish"))
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "TERM": "dumb", "LC_ALL": "C.UTF-8"}
FILES = ("plan.toml", "plant.db", "my file.cfg", "site/a.cfg")  # where a line is typed

# What is offered behind a line, where it is not what --help lists: for all shells alike.
OFFERED = {
    "rackscout ": "ingest probe survey list show run status journal upload outbox import bundle "
                  "report key store parse list-parsers config",
    "rackscout bu": "bundle",
    "rackscout bundle ": "show verify import diff replay",
    "rackscout outbox re": "retry renew",
    "rackscout outbox --store x.db re": "retry renew",
    "rackscout list ": "files assets",
    "rackscout list --format json a": "assets",
    "rackscout list --format ": "table json ndjson csv",
    "rackscout list --format nd": "ndjson",
    "rackscout report --format c": "csv cyclonedx csv-set",
    "rackscout bundle show --member re": "records",
    "rackscout probe --protocol ": "fins enip modbus",
    "rackscout journal --kind module.": "module.appeared module.vanished module.swapped",
    "rackscout ingest --site ": "",
    "rackscout probe 10.20": "",
    "rackscout store forget ": "",
}
# As the shell shows them: files and folders.
PATHS = {
    "rackscout ingest pl": "plan.toml plant.db",
    "rackscout ingest --store plant": "plant.db",
    "rackscout run --config plan.": "plan.toml",
    "rackscout bundle diff a.rsb pl": "plan.toml plant.db",
    "rackscout survey --projects s": "site/",
    "rackscout survey --projects pl": "",
    "rackscout probe /de": "/dev/",
}


def make_files(folder):
    for name in FILES:
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w"):
            pass


class Shell:
    """An interactive one on a terminal of its own."""

    def __init__(self, arguments, folder):
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            plant.die_with_parent()
            os.execve(arguments[0], arguments, {**ENVIRONMENT, "HOME": folder})
        self.text = ""

    def close(self):
        os.close(self.terminal)
        os.waitpid(self.pid, 0)

    def type(self, text):
        os.write(self.terminal, text.encode())

    def wait_for(self, pattern, seconds=60):
        """Reads on until that is there: the match, which is taken away with all before it."""
        end = time.monotonic() + seconds
        while True:
            found = re.search(pattern, self.text)
            if found:
                self.text = self.text[found.end():]
                return found
            ready, _, _ = select.select([self.terminal], [], [], max(0, end - time.monotonic()))
            if not ready:
                raise AssertionError(f"no {pattern!r} in {self.text!r}")
            self.text += os.read(self.terminal, 65536).decode(errors="replace")


class Completions:
    """What holds in every shell: offered() answers the words behind a line."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="rackscout-peer-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = folder.name
        make_files(cls.folder)
        lines = [*OFFERED, *PATHS, *(option_line(c) for c in help_text.commands())]
        cls.answers = cls.offered(lines)

    def test_commands_and_words_are_offered(self):
        for line, words in OFFERED.items():
            with self.subTest(line):
                self.assertEqual(sorted(words.split()), self.answers[line])

    def test_options_are_those_of_help(self):
        for command in help_text.commands():
            with self.subTest(command.path):
                self.assertEqual(sorted(command.options),
                                 [o for o in self.answers[option_line(command)] if o != "-h"])

    def test_files_and_folders_are_offered_where_they_belong(self):
        for line, words in PATHS.items():
            with self.subTest(line):
                self.assertEqual(last_parts(words.split()), last_parts(self.answers[line]))

    def typed(self, line):
        """What a shell runs that got this line."""
        shell = self.interactive()
        self.addCleanup(shell.close)
        shell.type(line + "\r")
        return re.findall("<(.*?)>", shell.wait_for(r"RAN (.*?) END").group(1))

    def test_a_terminal_gets_whole_words(self):
        self.assertEqual(["bundle", "verify", "plan.toml"],
                         self.typed("rackscout bun\tver\tplan.\t"))

    def test_a_name_with_a_blank_is_quoted(self):
        self.assertEqual(["ingest", "my file.cfg"], self.typed("rackscout ingest my\t"))

    def test_a_value_behind_an_equals_sign(self):
        self.assertEqual(["list", "--format=ndjson", "files"],
                         self.typed("rackscout list --format=nd\tfil\t"))

    def test_a_list_goes_on_behind_its_comma(self):
        self.assertEqual(["probe", "--protocol", "fins,enip"],
                         self.typed("rackscout probe --protocol fins,en\t"))


def last_parts(paths):
    """Shells tell the folders in front of them apart from what is offered, or not."""
    return sorted(os.path.basename(path.rstrip("/")) for path in paths)


def option_line(command):
    return " ".join(["rackscout", *command.words, "--"])


@unittest.skipUnless(os.path.exists("/bin/bash"), "there is no bash")
class Bash(Completions, unittest.TestCase):
    # What readline does by itself it is asked for by compopt: here that is done by compgen.
    SCRIPT = r"""
source "$1"
complete -p rackscout >&2
compopt() { asked=$2; }
while IFS= read -r line; do
  read -ra COMP_WORDS <<<"$line"
  [[ $line != *' ' ]] || COMP_WORDS+=('')
  COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) asked=
  _rackscout
  word=${COMP_WORDS[COMP_CWORD]}
  [[ $asked != default ]] || mapfile -t COMPREPLY < <(compgen -f -- "$word")
  [[ $asked != dirnames ]] || mapfile -t COMPREPLY < <(compgen -d -- "$word")
  printf '%s' "$line"; printf '\t%s' "${COMPREPLY[@]}"; printf '\n'
done <"$2"
"""

    @classmethod
    def offered(cls, lines):
        path = os.path.join(cls.folder, ".lines")
        with open(path, "w") as file:
            file.write("".join(line + "\n" for line in lines))
        done = plant.run(["/bin/bash", "--norc", "-c", cls.SCRIPT, "bash", BASH, path],
                         cwd=cls.folder, env=ENVIRONMENT)
        if "complete -F _rackscout rackscout" not in done.err:
            raise AssertionError(done.err)
        answers = (line.split("\t") for line in done.out.splitlines())
        return {line: sorted(filter(None, words)) for line, *words in answers}

    def interactive(self):
        shell = Shell(["/bin/bash", "--norc", "--noprofile", "-i"], self.folder)
        shell.type(f"PS1='{{}}>'; bind 'set bell-style none'; source {BASH}\r"
                   "rackscout() { printf 'RAN '; printf '<%s>' \"$@\"; echo ' END'; }; echo be''gin\r")
        shell.wait_for("begin")
        return shell

    def test_it_is_clean(self):
        done = plant.run(["/bin/bash", "-n", BASH])
        self.assertEqual((0, ""), (done.exit_code, done.err))
        if shutil.which("shellcheck"):
            done = plant.run(["shellcheck", BASH])
            self.assertEqual((0, ""), (done.exit_code, done.out + done.err))


@unittest.skipUnless(shutil.which("zsh"), "there is no zsh")
class Zsh(Completions, unittest.TestCase):
    # compadd is what every completion ends in; calls that only fill arrays are not for the user.
    SETUP = r"""
PS1='{}>'; unsetopt beep list_ambiguous; LISTMAX=9999
fpath=(%(folder)s $fpath)
autoload -Uz compinit; compinit -D -u
rackscout() { printf 'RAN '; printf '<%%s>' "$@"; echo ' END'; }
"""
    CAPTURE = r"""
compadd() {
  local -i at=1
  while (( at <= $# )) && [[ ${@[at]} == -* && ${@[at]} != -(|-) ]]; do
    [[ ${@[at]} != -*[OAD] ]] || { builtin compadd "$@"; return; }
    [[ ${@[at]} != -*[PSpsIiWdJVXxrRMFEoe] ]] || (( at++ ))
    (( at++ ))
  done
  local -a hits
  builtin compadd -A hits "$@"
  print -rl -- $hits >>%(hits)s
  builtin compadd "$@"
}
# ^] lists what there is, and takes the line away.
answer() { zle list-choices; BUFFER="echo en''d"; zle accept-line; }
zle -N answer; bindkey '^]' answer
"""

    @classmethod
    def start(cls, capture=""):
        path = os.path.join(cls.folder, ".setup")
        with open(path, "w") as file:
            file.write(cls.SETUP % {"folder": FOLDER} + capture)
        shell = Shell([shutil.which("zsh"), "-f", "-i"], cls.folder)
        shell.type("source .setup; echo be''gin\r")
        shell.wait_for("begin")
        return shell

    @classmethod
    def offered(cls, lines):
        hits = os.path.join(cls.folder, ".hits")
        shell = cls.start(cls.CAPTURE % {"hits": hits})
        answers = {}
        try:
            for line in lines:
                with open(hits, "w"):
                    pass
                shell.type(line + "\x1d")
                shell.wait_for("end\r?\n")
                with open(hits) as file:
                    answers[line] = sorted({hit for hit in file.read().split("\n") if hit})
        finally:
            shell.close()
        return answers

    def interactive(self):
        return self.start()

    def test_it_is_clean(self):
        done = plant.run(["zsh", "-n", ZSH])
        self.assertEqual((0, ""), (done.exit_code, done.err))


@unittest.skipUnless(shutil.which("fish"), "there is no fish")
class Fish(Completions, unittest.TestCase):
    @classmethod
    def offered(cls, lines):
        path = os.path.join(cls.folder, ".lines")
        with open(path, "w") as file:
            file.write("".join(line + "\n" for line in lines))
        done = plant.run(["fish", "--no-config", "-c", f"source {FISH}; while read line;"
                          " echo \"> $line\"; complete -C $line; end < .lines"],
                         cwd=cls.folder, env={**ENVIRONMENT, "HOME": cls.folder})
        if done.err:
            raise AssertionError(done.err)
        answers = {}
        for line in done.out.splitlines():
            if line.startswith("> "):
                words = answers.setdefault(line[2:], [])
            else:
                words.append(line.split("\t")[0])
        return {line: sorted(set(words)) for line, words in answers.items()}

    def interactive(self):
        shell = Shell([shutil.which("fish"), "--no-config", "-i"], self.folder)
        shell.type(f"source {FISH}; function rackscout; printf 'RAN '; printf '<%s>' $argv;"
                   " echo ' END'; end; echo be''gin\r")
        shell.wait_for("begin\r?\n")
        return shell

    def test_it_is_clean(self):
        done = plant.run(["fish", "--no-execute", FISH])
        self.assertEqual((0, ""), (done.exit_code, done.err))


del Completions  # not a test by itself


if __name__ == "__main__":
    if not os.path.exists(BASH):
        plant.skip("this build made no completions")
    plant.main(seconds=240)
