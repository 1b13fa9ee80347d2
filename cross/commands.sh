# ./dev cross, ./dev sizes and ./dev relink; sourced by ./dev.
# shellcheck shell=bash
readonly cross_packages=(
  "${build_packages[@]}" mmdebstrap qemu-user-static catch2 python3 binutils
  dpkg-dev make autoconf automake libtool)
# What a static libarchive asks of others, for the program of this machine's own architecture.
readonly static_packages=(nettle-dev libacl1-dev libbz2-dev liblz4-dev liblzma-dev libzstd-dev)

# Under qemu's user mode a child that reads a file gets no seccomp filter: the emulator needs calls
# that the filter forbids. The wall itself is tested natively.
emulated() {
  if [[ $architecture == amd64 ]]; then
    "$@"
  else
    env QEMU_LD_PREFIX="$PWD/build/sysroot/$architecture" RACKSCOUT_WALL=reduced "$@"
  fi
}

prepare_cross() {
  if [[ $architecture == amd64 ]]; then
    [[ $(dpkg --print-architecture) == amd64 ]] || die "amd64's portable program is built on amd64"
    need "${cross_packages[@]}" "${static_packages[@]}"
  else
    need "${cross_packages[@]}" "crossbuild-essential-$architecture"
    stage "sysroot of $architecture" cross/sysroot.sh "$architecture" "${sysroot_options[@]}" ||
      die "there is no sysroot to build with"
    stage "emulator of $architecture" as_root cross/binfmt.sh "$architecture" ||
      die "programs of $architecture can't be run here: see above"
  fi
  stage "libmodbus of $architecture" cross/libmodbus.sh "$architecture" ||
    die "there is no static libmodbus"
}

# The tests that an emulator can't run, as ctest's -E takes them: tests/cross/excluded says why.
excluded_tests() { sed -E 's/[[:space:]]*#.*//; /^$/d' tests/cross/excluded | paste -sd'|'; }

unit_tests() {
  emulated ctest --preset "$architecture" -j "$(jobs)" --timeout 600 --no-tests=error \
    -E "$(excluded_tests)"
}

survey_test() {
  emulated /usr/bin/python3 tests/cross/survey_test.py "build/$architecture/rackscout-portable" \
    "build/$architecture/plantsim"
}

# 32-bit ARM's libraries know no date after 2038; see docs/decisions/018-time-on-32-bit-arm.md.
year_2040_test() {
  local program
  for program in rackscout rackscout-portable; do
    emulated /usr/bin/python3 tests/cross/year_2040_test.py "build/$architecture/$program" || return
  done
}

cmd_cross() {
  local architecture=${1:-} with_tests=1 sysroot_options=() option
  case $architecture in
    amd64) with_tests=0 ;;
    arm64 | armhf) ;;
    '') die "cross to what? amd64, arm64 or armhf" ;;
    *) die "no architecture is called '$architecture': amd64, arm64 or armhf" ;;
  esac
  for option in "${@:2}"; do
    case $option in
      --fresh) sysroot_options=(--fresh) ;;
      --no-tests) with_tests=0 ;;
      *) die "cross knows no '$option': --fresh, --no-tests" ;;
    esac
  done
  prepare_cross
  must_build "$architecture" rackscout rackscout-portable plantsim
  stage "survey of the simulated plant by $architecture" survey_test || die "the survey test failed"
  if [[ $architecture == armhf ]]; then
    need qemu-user faketime openssl
    stage "$architecture under a clock of 2040" year_2040_test || die "the test of 2040 failed"
  fi
  if ((with_tests)); then
    must_build "$architecture" rackscout_tests
    stage "unit tests of $architecture" unit_tests || die "unit tests failed"
  fi
  cross/sizes.py "$architecture"
}

# idle_memory ARCHITECTURE PROGRAM: an emulator's own memory can be told from a 32-bit program's only.
idle_memory() {
  local architecture=$1 program=build/$1/$2 prefix=()
  case $architecture in
    armhf) prefix=(qemu-arm-static -L "build/sysroot/$architecture") ;;
    arm64) return ;;
  esac
  [[ -e $program ]] || return 0
  printf '%-6s %-20s ' "$architecture" "$2"
  emulated /usr/bin/python3 tests/cross/idle_memory.py "$program" "${prefix[@]}"
}

cmd_sizes() {
  local architectures=() option memory=0 program
  for option in "$@"; do
    if [[ $option == --memory ]]; then memory=1; else architectures+=("$option"); fi
  done
  need python3 binutils
  cross/sizes.py "${architectures[@]}" || return
  ((memory)) || return 0
  ((${#architectures[@]} > 0)) || architectures=(amd64 armhf)
  need curl openssl
  for option in "${architectures[@]}"; do
    for program in rackscout rackscout-portable; do
      idle_memory "$option" "$program"
    done
  done
}

cmd_relink() {
  need dpkg-dev xz-utils
  cross/relink.sh "$@"
}
