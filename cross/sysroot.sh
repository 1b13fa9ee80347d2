#!/usr/bin/env bash
# cross/sysroot.sh ARCHITECTURE: fills build/sysroot/ARCHITECTURE with Debian 12's packages that are
# named in cross/packages, for that architecture. Nothing of them is run, and this machine's dpkg
# learns of no other architecture. Made again when that list or this script changes, and with
# --fresh. The file packages.tsv in it names each package and its source package, with versions.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
. cross/sources.sh

say() { printf '== %s\n' "$*" >&2; }
die() {
  printf 'cross/sysroot.sh: %s\n' "$*" >&2
  exit 1
}

wanted() { sed -E 's/#.*//; /^\s*$/d' cross/packages; }

stamp() { cat cross/packages cross/sysroot.sh cross/sources.sh | sha256sum; }

# fill FOLDER SOURCES: from those lines of a sources.list.
fill() {
  local folder=$1 sources=$2 include
  include=$(wanted | paste -sd,)
  rm -rf "$folder"
  mkdir -p "$folder"
  # shellcheck disable=SC2016
  local listed='cd "$1" && for deb in var/cache/apt/archives/*.deb; do dpkg-deb -W \
    --showformat="\${Package}\t\${Version}\t\${source:Package}\t\${source:Version}\n" "$deb"; done >packages.tsv'
  mmdebstrap --variant=extract --format=tar --architectures="$architecture" --aptopt=<(apt_options) \
    --include="$include" --extract-hook="$listed" \
    --extract-hook="$PWD/cross/deb/sysroot_database.py \"\$1\"" "$suite" - - <"$sources" 2>>"$log" |
    tar -x -C "$folder" --no-same-owner --exclude=./dev --exclude='./usr/share/locale/*' \
      --exclude='./usr/share/man/*' --exclude='./usr/share/info/*' 2>>"$log"
}

# Links to an absolute path would lead out of it.
make_links_relative() {
  local link
  find "$1" -type l -lname '/*' | while read -r link; do
    ln -sfnr "$1$(readlink "$link")" "$link"
  done
}

failed() {
  tail -n 20 "$log" >&2
  die "no sysroot for $architecture: $log says more"
}

# With everything this machine's apt takes; where an index is broken, without the security updates.
make() {
  local sources=$folder.sources
  : >"$log"
  debian_sources deb >"$sources.all"
  grep -q " $suite main$" "$sources.all" ||
    die "apt has no Debian 12 ($suite, main) among its sources: apt-get update, or add it"
  rm -f "$folder.without-security"
  if ! fill "$folder.new" "$sources.all"; then
    grep -v -- "-security " "$sources.all" >"$sources.main"
    if cmp -s "$sources.all" "$sources.main" || ! fill "$folder.new" "$sources.main"; then
      failed
    fi
    touch "$folder.without-security"
  fi
  make_links_relative "$folder.new"
  rm -rf "$folder"
  mv "$folder.new" "$folder"
  stamp >"$folder.stamp"
}

tell() {
  say "sysroot of $architecture: $(wc -l <"$folder/packages.tsv") packages, openssl $(
    awk '$1 == "libssl3" { print $2 }' "$folder/packages.tsv")"
  [[ ! -e $folder.without-security ]] || say "WARNING: this sysroot has no security updates: their index for
   $architecture could not be had ($log). What is linked statically lacks them.
   Once the mirror is mended: ./dev cross $architecture --fresh"
}

architecture=${1:?which architecture? arm64 or armhf}
folder=build/sysroot/$architecture
log=$folder.log
mkdir -p build/sysroot
exec 9>"$folder.lock"
flock 9
if [[ ${2:-} == --fresh ]] || [[ $(cat "$folder.stamp" 2>/dev/null) != "$(stamp)" ]]; then
  begin=$SECONDS
  make
  say "sysroot of $architecture: made in $((SECONDS - begin)) s"
fi
tell
