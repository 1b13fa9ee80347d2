# ./dev soak: the long tests; sourced by ./dev.
# shellcheck shell=bash disable=SC2154

cmd_soak() {
  local name=${1:-} names="fuzz, query, http, watch, kill, day, uplink, survey, tamper, reproducible, power, flash"
  [[ -z ${2:-} || $2 =~ ^[1-9][0-9]*$ ]] || die "'$2' is no amount"
  case $name in
    fuzz) fuzz_for "${2:-3600}" --cpu ;;
    query) soak_tests "what a filter finds in the store*" RACKSCOUT_QUERIES "${2:-100000}" ;;
    http) soak_tests "[storm]" RACKSCOUT_HTTP_REQUESTS "${2:-1000000}" ;;
    watch) RACKSCOUT_WATCH_FULL=1 soak_tests "[many],[property]" RACKSCOUT_WATCH_ROUNDS "${2:-200}" ;;
    kill) soak_peer service_kill RACKSCOUT_KILLS "${2:-100}" ;;
    day) soak_peer service_day RACKSCOUT_HOURS "${2:-76}" ;;
    uplink) soak_peer uplink_kill RACKSCOUT_KILLS "${2:-200}" ;;
    survey) soak_peer survey_resume RACKSCOUT_KILLS "${2:-60}" ;;
    tamper) soak_peer bundle_tamper RACKSCOUT_CHANGES "${2:-1000}" ;;
    power) soak_power "${2:-3}" ;;
    flash) soak_flash "${2:-5}" ;;
    reproducible) cmd_package amd64 && RACKSCOUT_REBUILD=1 test_packages amd64 reproducible ;;
    '') die "soak what? The names: $names" ;;
    *) die "no soak test is called '$name'; the names: $names" ;;
  esac
}

# soak_tests TESTS VARIABLE AMOUNT: those tests at their full size, under the sanitizers.
soak_tests() {
  need "${test_packages[@]}"
  must_build asan rackscout_tests
  stage "$1 with $2=$3" env "$2=$3" build/asan/tests/rackscout_tests "$1"
}

# soak_power STORES: their files are in memory where that can be: each of the many is synced.
soak_power() {
  need "${test_packages[@]}"
  must_build dev rackscout_tests
  local folder=${TMPDIR:-/tmp}
  [[ ! -w /dev/shm ]] || folder=/dev/shm
  stage "power with RACKSCOUT_POWER=$1" env TMPDIR="$folder" RACKSCOUT_POWER="$1" \
    build/dev/tests/rackscout_tests "[power]"
}

soak_flash() {
  local status=0
  need "${test_packages[@]}" e2fsprogs util-linux
  must_build release rackscout plantsim
  stage "flash with $1 days" /usr/bin/python3 tests/bench/flash_bench.py build/release/rackscout \
    build/release/plantsim --days "$1" || status=$?
  ((status == 0 || status == 77)) || return "$status"
}

# soak_peer NAME VARIABLE AMOUNT: that test of tests/peers at its full size; what it keeps is in
# build/release/peers.
soak_peer() {
  need "${test_packages[@]}" "${peer_packages[@]}"
  must_build release rackscout plantsim
  mkdir -p build/release/peers
  stage "$1 with $2=$3" env -C build/release/peers "$2=$3" \
    /usr/bin/python3 "$PWD/tests/peers/$1_test.py" "$PWD/build/release/rackscout" \
    "$PWD/build/release/plantsim"
}
