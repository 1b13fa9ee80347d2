#!/usr/bin/env bash
# cross/libmodbus.sh ARCHITECTURE [--fresh]: makes build/libmodbus/ARCHITECTURE/libmodbus.a of Debian's source
# package, with Debian's patches; Debian itself ships it as a shared library only. The source
# package stays in build/libmodbus/source: whoever gets the program has a right to it (LGPL). --fresh
# fetches today's.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
. cross/sources.sh

say() { printf '== %s\n' "$*" >&2; }
die() {
  printf 'cross/libmodbus.sh: %s\n' "$*" >&2
  exit 1
}

# build TRIPLET: in a folder of its own; configure alone knows what config.h must say.
build() {
  local triplet=$1 work=$folder.work
  rm -rf "$work"
  mkdir -p "$folder"
  dpkg-source --no-check --no-copy -x "$source"/*.dsc "$work" || return
  (
    cd "$work" &&
      ./autogen.sh &&
      ./configure --host="$triplet" --enable-static --disable-shared --disable-tests --without-documentation \
      CFLAGS="-O2 -g0 -fPIC -ffunction-sections -fdata-sections -fstack-protector-strong -D_FORTIFY_SOURCE=2 -D_FILE_OFFSET_BITS=64" &&
      make -C src libmodbus.la
  ) || return
  cp "$work/src/.libs/libmodbus.a" "$folder/libmodbus.a" || return
  rm -rf "$work"
}

architecture=${1:?which architecture? amd64, arm64 or armhf}
declare -A triplets=([amd64]=x86_64-linux-gnu [arm64]=aarch64-linux-gnu [armhf]=arm-linux-gnueabihf)
triplet=${triplets[$architecture]:-}
[[ -n $triplet ]] || die "no architecture is called '$architecture'"
folder=build/libmodbus/$architecture source=build/libmodbus/source
mkdir -p build/libmodbus
exec 9>build/libmodbus/lock
flock 9
[[ ${2:-} != --fresh ]] || rm -rf "$source"
[[ -e $source/done ]] || fetch_source "$source" libmodbus
if [[ $folder/libmodbus.a -ot $source/done || $folder/libmodbus.a -ot cross/libmodbus.sh ]]; then
  build "$triplet" >"$folder.log" 2>&1 || { tail -n 30 "$folder.log" >&2 && die "libmodbus could not be built: $folder.log"; }
fi
say "libmodbus.a of $architecture: of $(basename "$source"/*.dsc .dsc)"
