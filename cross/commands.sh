# ./dev cross, ./dev sizes and ./dev relink; sourced by ./dev.
# shellcheck shell=bash
readonly cross_packages=(
  "${build_packages[@]}" mmdebstrap qemu-user-static catch2 python3 binutils
  dpkg-dev make autoconf automake libtool)
# What a static libarchive asks of others, for the program of this machine's own architecture.
readonly static_packages=(nettle-dev libacl1-dev libbz2-dev liblz4-dev liblzma-dev libzstd-dev)

# Under qemu's user mode a child that reads a file gets no seccomp filter: the emulator makes calls
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
  fi
  stage "libmodbus of $architecture" cross/libmodbus.sh "$architecture" "${sysroot_options[@]}" ||
    die "there is no static libmodbus"
}

# Ends with 77 where the machine can't emulate, and what is built can't be tried.
prepare_emulator() {
  local status=0
  [[ $architecture != amd64 ]] || return 0
  stage "emulator of $architecture" as_root cross/binfmt.sh "$architecture" || status=$?
  ((status == 0)) || say "programs of $architecture can't be run here: see above"
  ((status != 77)) || exit 77
  return "$status"
}

# What the LGPL asks for, and whether it is enough to link the same program.
pack_to_relink() {
  stage "relinking material of $1" cross/relink.sh "$1" || die "there is nothing to relink $1 with"
  stage "linking $1 anew" /usr/bin/python3 tests/cross/relink_test.py "build/$1" ||
    die "$1 can't be linked anew by what is handed out"
}

# Those that an emulator can run; tests/cross/excluded says of the others why it can't.
emulated_tests() {
  { emulated "$1" --list-test-names-only || true; } |
    grep -vxFf <(sed -E '/^#|^$/d' tests/cross/excluded) | sed 's/[,[]/\\&/g'
}

# In as many processes as there are processors: an emulated one starts slowly, so not one a test.
unit_tests() {
  local folder=build/$architecture program=build/$architecture/tests/rackscout_tests count part pids=() status=0
  count=$(jobs)
  rm -f "$folder"/unit-tests.*
  emulated_tests "$program" | split --number=r/"$count" --suffix-length=2 --numeric-suffixes - "$folder/unit-tests."
  for ((part = 0; part < count; part++)); do
    part_of_tests "$folder/unit-tests.$(printf %02d "$part")" &
    pids+=($!)
  done
  for part in "${pids[@]}"; do wait "$part" || status=1; done
  return "$status"
}

# part_of_tests FILE: those of its lines, and each of them; what they say stays in FILE.log.
part_of_tests() {
  local status=0
  emulated timeout 1800 "$program" --durations yes --input-file "$1" >"$1.log" 2>&1 || status=$?
  grep -q "in $(wc -l <"$1") test cases" "$1.log" || status=1
  ((status == 0)) || cat "$1.log"
  echo "unit tests of $architecture: $(tail -n 2 "$1.log")"
  return "$status"
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
  cross/sizes.py "$architecture" || die "a program is too large"
  prepare_emulator || die "there is no emulator"
  stage "survey of the simulated plant by $architecture" survey_test || (($? == 77)) || die "the survey test failed"
  if [[ $architecture == armhf ]]; then
    need qemu-user faketime openssl
    stage "$architecture under a clock of 2040" year_2040_test || die "the test of 2040 failed"
  fi
  if ((with_tests)); then
    must_build "$architecture" rackscout_tests
    stage "unit tests of $architecture" unit_tests || die "unit tests failed"
  fi
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
  pack_to_relink "${1:-}"
  [[ ${2:-} != --sources ]] || cross/relink.sh "$@"
}
