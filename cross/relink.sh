#!/usr/bin/env bash
# cross/relink.sh ARCHITECTURE [--sources]: packs build/ARCHITECTURE/rackscout-relink-ARCHITECTURE.tar.xz,
# with which anyone can link rackscout-portable anew: its objects and archives, a script, libmodbus's
# source package. It belongs beside each rackscout-portable that is given away. --sources: also fetches
# the source packages of the other LGPL libraries in it, in their very versions, into
# build/ARCHITECTURE/sources.
set -euo pipefail
umask 022
export LC_ALL=C.UTF-8 TZ=UTC0
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
. cross/sources.sh

die() {
  printf 'cross/relink.sh: %s\n' "$*" >&2
  exit 1
}

# Binary package, version, source package, its version: of each library that can be in the program.
packages() {
  if [[ -e build/sysroot/$architecture/packages.tsv ]]; then
    cat "build/sysroot/$architecture/packages.tsv"
  else
    dpkg-query -W -f='${Package}\t${Version}\t${source:Package}\t${source:Version}\n' libc6-dev libssl-dev \
      libsqlite3-dev libpugixml-dev libseccomp-dev libarchive-dev nettle-dev libacl1-dev libbz2-dev liblz4-dev \
      liblzma-dev libzstd-dev zlib1g-dev libfmt-dev libspdlog-dev libboost1.81-dev nlohmann-json3-dev libcli11-dev \
      libtomlplusplus-dev libexpected-dev
  fi
}

# The LGPL ones, as "source=version". Only those whose archive the linker's map names.
lgpl_sources() {
  local archive package
  while read -r archive package; do
    grep -qE "/$archive\\.a\\(" "build/$architecture/rackscout-portable.map" || continue
    packages | awk -v package="$package" '$1 == package { print $3 "=" $4 }'
  done <<'END'
libc libc6-dev
libseccomp libseccomp-dev
libnettle nettle-dev
libacl libacl1-dev
END
}

# copy_files FOLDER: the order of the objects is that of the first link.
copy_files() {
  local target=$1 file number=0 kind=objects
  mkdir -p "$target"/{objects,lib,sources}
  while IFS= read -r file; do
    if [[ $file == -- ]]; then
      kind=lib
    elif [[ $kind == objects ]]; then
      cp "$file" "$target/objects/$(printf '%02d' "$number")-$(basename "$file" .cpp.o).o"
      number=$((number + 1))
    else
      cp "$file" "$target/lib/"
    fi
  done <build/"$architecture"/relink/files
  cp build/"$architecture"/relink/{relink.sh,README} "$target/"
  cp build/libmodbus/source/libmodbus_* "$target/sources/"
  packages | sort >"$target/packages"
}

architecture=${1:?which architecture? amd64, arm64 or armhf}
program=build/$architecture/rackscout-portable
[[ -e $program ]] || die "there is no $program; ./dev cross $architecture makes it"
name=rackscout-relink-$architecture
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
copy_files "$scratch/$name"
tar -c -C "$scratch" --sort=name --owner=0 --group=0 --numeric-owner --mode=u+rwX,go+rX,go-w \
  --mtime="@${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}" "$name" |
  xz -6 -T1 >"build/$architecture/$name.tar.xz"
echo "build/$architecture/$name.tar.xz: $(stat -c %s "build/$architecture/$name.tar.xz") bytes"
if [[ ${2:-} == --sources ]]; then
  mapfile -t wanted < <(lgpl_sources)
  fetch_source "build/$architecture/sources" "${wanted[@]}"
  echo "build/$architecture/sources: ${wanted[*]}"
fi
