#!/usr/bin/env bash
# cross/package.sh ARCHITECTURE [FOLDER]: makes the packages of what is built in build/ARCHITECTURE, and
# puts them into FOLDER (build/packages): the Debian package, and where rackscout-portable is built the
# portable tarball, with what linking that anew takes. SOURCE_DATE_EPOCH is the time in all of them,
# that of the last commit if it isn't set.
set -euo pipefail
umask 022
export PYTHONDONTWRITEBYTECODE=1 LC_ALL=C.UTF-8 TZ=UTC0
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."

say() { printf '== %s\n' "$*" >&2; }
die() {
  printf 'cross/package.sh: %s\n' "$*" >&2
  exit 1
}

# cached NAME: of build/ARCHITECTURE's cache.
cached() { sed -n "s/^$1:[A-Z]*=//p" "build/$architecture/CMakeCache.txt"; }

# Whatever cpack says goes away with success.
quiet() {
  "$@" >"$work/log" 2>&1 || { cat "$work/log" >&2 && return 1; }
}

debian_package() {
  quiet cpack --config "build/$architecture/CPackConfig.cmake" -B "$work/cpack" ||
    die "no Debian package for $architecture: see above"
  quiet lintian --allow-root --fail-on error,warning --tag-display-limit 0 \
    "$work"/cpack/rackscout_*_"$architecture".deb || die "lintian does not like the package: see above"
  rm -f "$folder"/rackscout_*_"$architecture".deb
  mv "$work"/cpack/rackscout_*_"$architecture".deb "$folder/"
}

# The documents and the completions are those of `cmake --install`.
portable_tarball() {
  local program=build/$architecture/rackscout-portable
  DESTDIR=$work/installed quiet cmake --install "build/$architecture"
  mkdir "$work/program"
  "$triplet-strip" --strip-all --remove-section=.comment -o "$work/program/rackscout" "$program"
  rm -f "$folder"/rackscout-*-{linux,relink}-"$architecture".tar.xz
  cross/portable/pack.py --program "$work/program/rackscout" --version "$version" \
    --architecture "$architecture" --multiarch "$triplet" --folder "build/$architecture" --root "$root" \
    --map "$program.map" --source build/libmodbus/source/*.dsc --installed "$work/installed" \
    --out "$folder" || die "no portable tarball for $architecture: see above"
  cp "build/$architecture/rackscout-relink-$architecture.tar.xz" "$folder/rackscout-$version-relink-$architecture.tar.xz"
}

tell() {
  local file
  (cd "$folder" && sha256sum -- *.deb *.tar.xz 2>/dev/null >SHA256SUMS) || true
  for file in "$folder"/*_"$architecture".deb "$folder"/*-"$architecture".tar.xz; do
    [[ ! -e $file ]] || echo "$file: $(stat -c %s "$file") bytes"
  done
}

architecture=${1:?which architecture? amd64, arm64 or armhf}
folder=$(mkdir -p "${2:-build/packages}" && readlink -f "${2:-build/packages}")
declare -A triplets=([amd64]=x86_64-linux-gnu [arm64]=aarch64-linux-gnu [armhf]=arm-linux-gnueabihf)
triplet=${triplets[$architecture]:-}
[[ -n $triplet ]] || die "no architecture is called '$architecture'"
[[ -x build/$architecture/rackscout ]] || die "build/$architecture/rackscout is not there; ./dev package builds it"
root=/
[[ ! -d build/sysroot/$architecture ]] || root=build/sysroot/$architecture
version=$(cached CMAKE_PROJECT_VERSION)
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)} ||
  die "without git's history SOURCE_DATE_EPOCH must say the time of the package"
export SOURCE_DATE_EPOCH
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
debian_package
[[ ! -x build/$architecture/rackscout-portable ]] || portable_tarball
tell
