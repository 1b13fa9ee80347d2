# ./dev package, test-packages and system; sourced by ./dev.
# shellcheck shell=bash disable=SC2154
readonly package_packages=("${build_packages[@]}" dpkg-dev lintian python3 file)
readonly package_test_packages=("${package_packages[@]}" mmdebstrap faketime binutils systemd-container
  curl busybox-static arch-test qemu-user-static)
readonly system_packages=("${build_packages[@]}" systemd systemd-container mmdebstrap util-linux curl
  openssl python3)

# What is packaged: both programs, the manual, and what linking the portable one anew takes.
build_architecture() {
  # shellcheck disable=SC2034
  local architecture=$1 sysroot_options=()
  prepare_cross
  must_build "$1" rackscout rackscout-portable plantsim manual
  pack_to_relink "$1"
}

cmd_package() {
  local architecture
  (($# > 0)) || set -- amd64
  for architecture in "$@"; do
    [[ $architecture =~ ^(amd64|arm64|armhf)$ ]] || die "no package is made for '$architecture'"
  done
  need "${package_packages[@]}"
  SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
  export SOURCE_DATE_EPOCH
  for architecture in "$@"; do
    build_architecture "$architecture"
    stage "package $architecture" cross/package.sh "$architecture" || die "there is no package: see above"
  done
}

# test_packages ARCHITECTURE NAME...: those of tests/packages; the packages are made. The simulated
# controllers are this machine's programs.
test_packages() {
  local architecture=$1 name status=0 programs=build/amd64
  shift
  need "${package_test_packages[@]}"
  command -v npm >/dev/null || need npm
  if [[ ! -x $programs/rackscout || ! -x $programs/plantsim ]]; then
    must_build release rackscout plantsim
    programs=build/release
  fi
  for name in "$@"; do
    stage "packages of $architecture: $name" env RACKSCOUT_ARCHITECTURE="$architecture" \
      /usr/bin/python3 "tests/packages/${name}_test.py" "$programs/rackscout" "$programs/plantsim" || status=1
  done
  return "$status"
}

cmd_test-packages() {
  local architecture=${1:-amd64} tests=(content install)
  [[ $architecture != amd64 ]] || tests=(content dpkg running portable install reproducible)
  cmd_package "$architecture"
  prepare_emulator || die "there is no emulator"
  test_packages "$architecture" "${tests[@]}" || die "a test of the packages failed: see above"
}

# --- the service in a container ---

# The newest package for this machine, if it holds what was built last.
fresh_package() {
  local package
  package=$(find build/packages -name "rackscout_*_$(dpkg --print-architecture).deb" \
    -newer build/release/rackscout -printf '%T@ %p\n' 2>/dev/null | sort -n | tail -n 1)
  echo "${package#* }"
}

cmd_system() {
  need "${system_packages[@]}"
  must_build release rackscout
  if [[ ${1:-} == --write-configuration ]]; then
    build/release/rackscout config init --stdout >cross/service/rackscout.toml
    return
  fi
  local package status=0 tested
  package=$(fresh_package)
  tested=${package:-build/release/rackscout}
  stage "the service of $tested" /usr/bin/python3 tests/system/run.py build/release/rackscout ${package:+"$package"} ||
    status=$?
  ((status == 0 || status == 77)) || die "the service is not as it should be: see above"
}
