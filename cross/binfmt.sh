#!/usr/bin/env bash
# cross/binfmt.sh ARCHITECTURE: has the kernel run programs of that architecture in qemu's user mode
# (binfmt_misc): then such a program can start others, itself too, and run where only its own file is.
# It lasts until the machine is started anew. Exit status 77: this machine can't, not so 1: it could.
set -euo pipefail

readonly folder=/proc/sys/fs/binfmt_misc
declare -A names=([arm64]=qemu-aarch64 [armhf]=qemu-arm)

# die MESSAGE [STATUS]
die() {
  printf 'cross/binfmt.sh: %s\n' "$1" >&2
  exit "${2:-1}"
}

architecture=${1:?which architecture? arm64 or armhf}
name=${names[$architecture]:-}
[[ -n $name ]] || die "no architecture is called '$architecture'"
readonly rule=/usr/lib/binfmt.d/$name.conf
readonly by_hand="As root, once: mount -t binfmt_misc binfmt_misc $folder; cat $rule >$folder/register"

if [[ ! -e $folder/register ]]; then
  mount -t binfmt_misc binfmt_misc "$folder" 2>/dev/null ||
    die "binfmt_misc is not mounted, and could not be (not root, or the kernel lacks it). $by_hand" 77
fi
if [[ ! -e $folder/$name ]]; then
  [[ -r $rule ]] || die "there is no $rule: install qemu-user-static"
  cat "$rule" 2>/dev/null >"$folder/register" || die "the kernel took no rule for $name. $by_hand"
fi
grep -q '^enabled' "$folder/$name" || die "$name is there but disabled. As root: echo 1 >$folder/$name"
# F: the emulator is held open, and so is there in a chroot.
grep -q '^flags:.*F' "$folder/$name" ||
  die "$name is there without the flag F. As root: echo -1 >$folder/$name, and this again"
