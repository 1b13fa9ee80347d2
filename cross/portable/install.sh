#!/bin/sh
# Installs rackscout from its portable tarball, upgrades and removes it. Needs a POSIX shell and the
# usual small tools, busybox's too. --help says more.
set -eu
umask 022

version=@VERSION@
architecture=@ARCHITECTURE@
prefix='' root='' service=yes task=install

usage() {
  cat <<'TEXT'
install.sh [OPTIONS]: installs rackscout, or upgrades it; as root.

  --prefix DIR   below which program, manual and completions go (/usr/local)
  --no-service   program, manual and completions alone: no user, no unit, nothing is started
  --root DIR     into the root of another system, of an image say: no user is made there, nothing
                 is started here
  --uninstall    removes what was installed; configuration and store stay
  --purge        removes those, too: /etc/rackscout and /var/lib/rackscout, with store and tokens
  --help         this

The service needs systemd. An existing configuration, /etc/rackscout/rackscout.toml, is kept.
TEXT
}

say() { printf 'rackscout: %s\n' "$*"; }
die() {
  printf 'install.sh: %s\n' "$*" >&2
  exit 1
}

while [ $# -gt 0 ]; do
  case $1 in
    --prefix | --root)
      [ $# -ge 2 ] || die "$1 needs a folder"
      case $2 in /*) ;; *) die "$1: '$2' must begin at the root: /..." ;; esac
      [ -n "${2%/}" ] || die "$1: name a folder below /"
      if [ "$1" = --prefix ]; then prefix=${2%/}; else root=${2%/}; fi
      shift
      ;;
    --no-service) service=no ;;
    --uninstall) task=uninstall ;;
    --purge) task=purge ;;
    --help | -h) usage && exit 0 ;;
    *) die "there is no option '$1'; --help lists them" ;;
  esac
  shift
done

if [ -n "$root" ]; then
  root=$(cd "$root" && pwd) || die "--root: there is no such folder"
  [ "$root" != / ] || die "--root: this is the system that runs; leave the option out"
fi
here=$(cd "$(dirname "$0")" && pwd)
# The installed one is for what it lies in.
if [ -z "$prefix" ] && [ -e "$here/installed" ]; then
  prefix=${here#"$root"} prefix=${prefix%/share/rackscout}
fi
prefix=${prefix:-/usr/local}
program=$prefix/bin/rackscout
notes=$root$prefix/share/rackscout
manifest=$notes/installed
unit=/etc/systemd/system/rackscout.service
tmpfiles=/etc/tmpfiles.d/rackscout.conf
wanted=/etc/systemd/system/multi-user.target.wants/rackscout.service
configuration=/etc/rackscout/rackscout.toml
state=/var/lib/rackscout

systemd_runs() { [ -z "$root" ] && [ -d /run/systemd/system ]; }
is_installed() { [ -e "$manifest" ]; }
has_service() { is_installed && grep -qxF "$unit" "$manifest"; }
package_is() {
  [ -z "$root" ] && command -v dpkg-query >/dev/null &&
    [ "$(dpkg-query -W -f='${db:Status-Status}' rackscout 2>/dev/null)" = "$1" ]
}
has_package() { package_is installed; }
has_left_package() { package_is config-files; }

# --- whether it may be installed ---

check_machine() {
  [ "$(id -u)" = 0 ] || die "this needs root: sudo $0"
  [ -z "$root" ] || return 0
  "$here/files/bin/rackscout" --version >/dev/null 2>&1 ||
    die "this is rackscout for $architecture, which this machine ($(uname -m)) does not run: take the tarball of
its architecture; or the file system of $here forbids programs (noexec)"
}

check_package() {
  if [ "$service" = yes ] && has_package; then
    die "rackscout is installed as a Debian package, with a service of its own: upgrade that
(apt-get install ./rackscout_*.deb), or remove it first (apt-get remove rackscout)"
  fi
}

check_service() {
  if [ "$service" = no ] && has_service; then
    die "its service is installed, too: leave out --no-service, or begin with --uninstall"
  fi
}

check_user() {
  [ "$service" = yes ] && [ -z "$root" ] || return 0
  id rackscout >/dev/null 2>&1 && return
  for tool in systemd-sysusers useradd adduser; do
    command -v "$tool" >/dev/null && return
  done
  die "nothing here makes users (systemd-sysusers, useradd, adduser): make a system user rackscout with a group
of that name, and come back; or take --no-service"
}

configured_store() {
  [ -f "$configuration" ] || return 0
  "$here/files/bin/rackscout" config show --config "$configuration" 2>/dev/null |
    sed -n '/^\[store\]/,/^\[[^s]/s/^path *= *"\(.*\)"$/\1/p'
}

# A store that a newer rackscout has brought up to date can't be read by this one.
check_store() {
  [ -z "$root" ] && [ -f "$1" ] || return 0
  told=$("$here/files/bin/rackscout" list files --store "$1" --page-size 1 2>&1 >/dev/null) || :
  case $told in
    *"this rackscout knows up to"*)
      die "not installed, and nothing was changed: the store was written by a newer rackscout:
$told
Keep the newer one; or put back a copy of the store from before the upgrade (rackscout store backup); or
stop the service and move the store away: mv '$1'* ELSEWHERE/" ;;
  esac
}

# --- installing ---

# missing_folders PATH: as a manifest has them.
missing_folders() {
  [ ! -d "$1" ] || return 0
  missing_folders "$(dirname "$1")"
  printf '%s/\n' "${1#"$root"}"
}

# folder PATH: makes it, and notes which ones were made: these go when rackscout goes.
folder() {
  missing_folders "$root$1" >>"$notes/installed.new"
  mkdir -p "$root$1"
}

# placed FILE DESTINATION MODE: whole or not at all; a program that runs is replaced, not changed.
placed() {
  folder "$(dirname "$2")"
  cp "$1" "$root$2.new"
  chmod "$3" "$root$2.new"
  mv -f "$root$2.new" "$root$2"
  printf '%s\n' "$2" >>"$notes/installed.new"
}

place_files() {
  missing=$(missing_folders "$notes")
  mkdir -p "$notes"
  : >"$notes/installed.new"
  [ -z "$missing" ] || printf '%s\n' "$missing" >"$notes/installed.new"
  ! is_installed || grep '/$' "$manifest" >"$notes/installed.new" || :
  (cd "$here/files" && find . -type f) | sort >"$notes/files.new"
  while read -r file; do
    case $file in ./bin/*) mode=755 ;; *) mode=644 ;; esac
    placed "$here/files/$file" "$prefix/${file#./}" "$mode"
  done <"$notes/files.new"
  rm -f "$notes/files.new"
  placed "$here/install.sh" "$prefix/share/rackscout/install.sh" 755
}

add_user() {
  [ -z "$root" ] || return 0
  id rackscout >/dev/null 2>&1 && return
  shell=/usr/sbin/nologin
  [ -e "$shell" ] || shell=/bin/false
  if command -v systemd-sysusers >/dev/null && systemd-sysusers "$here/service/rackscout.sysusers.conf"; then
    return
  elif command -v useradd >/dev/null; then
    if grep -q '^rackscout:' /etc/group; then own=--gid=rackscout; else own=--user-group; fi
    useradd --system "$own" --home-dir "$state" --shell "$shell" rackscout
  else # busybox
    grep -q '^rackscout:' /etc/group || addgroup -S rackscout
    adduser -S -D -H -h "$state" -s "$shell" -G rackscout rackscout
  fi
}

place_configuration() {
  [ ! -e "$root$configuration" ] || {
    say "kept $configuration"
    ! has_left_package ||
      say "it is a removed Debian package's: apt-get purge would delete it, so keep a copy of it"
    return
  }
  mkdir -p "$root/etc/rackscout"
  cp "$here/service/rackscout.toml" "$root$configuration"
  chmod 644 "$root$configuration"
  # It names what is in the plant. In an image the user is not known yet.
  [ -n "$root" ] || { chgrp rackscout "$configuration" && chmod 640 "$configuration"; }
}

place_service() {
  place_configuration
  has_systemd=no
  [ ! -d "$root/etc/systemd/system" ] || has_systemd=yes
  # A static program needs no folder of libraries, and tries system calls that an older systemd does
  # not know, as newer kernels have them: it must hear that they are not there.
  sed -e "s|/usr/bin/rackscout|$program|g" -e 's| -/usr/lib -/usr/lib64 -/lib -/lib64||' \
    -e 's|^SystemCallErrorNumber=.*|SystemCallErrorNumber=ENOSYS|' \
    "$here/service/rackscout.service" >"$notes/unit.new"
  placed "$notes/unit.new" "$unit" 644
  rm -f "$notes/unit.new"
  placed "$here/service/rackscout.tmpfiles.conf" "$tmpfiles" 644
  [ -z "$root" ] || placed "$here/service/rackscout.sysusers.conf" /etc/sysusers.d/rackscout.conf 644
  # Who has disabled it finds it disabled after an upgrade.
  if [ "$has_systemd" = yes ] && ! has_service; then
    mkdir -p "$root${wanted%/*}"
    ln -sf "$unit" "$root$wanted"
  fi
}

# What an older version brought and this one doesn't.
remove_old_files() {
  is_installed || return 0
  while read -r file; do
    case $file in */) continue ;; esac
    grep -qxF "$file" "$notes/installed.new" || rm -f "$root$file"
  done <"$manifest"
}

start_service() {
  if ! systemd_runs; then
    [ -n "$root" ] || say "systemd does not run here: once, as root
  install -d -o rackscout -g rackscout -m 0700 $state
and at each start of the system, as the user rackscout
  $program run --store $state/rackscout.db --config $configuration"
    return 0
  fi
  if command -v systemd-tmpfiles >/dev/null; then systemd-tmpfiles --create "$tmpfiles" || :; fi
  systemctl daemon-reload
  if [ "$first" = yes ]; then systemctl start rackscout; else systemctl try-restart rackscout; fi ||
    say "the service did not start; journalctl -u rackscout tells why"
}

install_all() {
  check_machine
  check_package
  check_service
  check_user
  check_store "$state/rackscout.db"
  store=$(configured_store)
  [ -z "$store" ] || [ "$store" = "$state/rackscout.db" ] || check_store "$store"
  first=yes
  ! has_service || first=no
  [ "$service" = no ] || add_user
  place_files
  [ "$service" = no ] || place_service
  remove_old_files
  sync # a power cut must not leave a program that is empty
  mv -f "$notes/installed.new" "$manifest"
  [ "$service" = no ] || start_service
  say "installed $version in $prefix; $prefix/share/rackscout/install.sh --uninstall removes it"
}

# --- removing ---

uninstall() {
  [ "$(id -u)" = 0 ] || die "this needs root: sudo $0"
  is_installed || die "nothing was installed below $root$prefix; --prefix names another place"
  if has_service; then
    ! systemd_runs || systemctl disable --now rackscout >/dev/null 2>&1 || :
    rm -f "$root$wanted"
    rm -rf "$root/run/rackscout"
  fi
  while read -r file; do
    case $file in */) ;; *) rm -f "$root$file" ;; esac
  done <"$manifest"
  folders=$(grep '/$' "$manifest" | sort -r)
  rm -f "$manifest"
  rmdir "$notes" 2>/dev/null || :
  printf '%s\n' "$folders" | while read -r folder; do
    [ -z "$folder" ] || rmdir "$root$folder" 2>/dev/null || :
  done
  ! systemd_runs || systemctl daemon-reload
  say "removed; /etc/rackscout, $state and the user rackscout stay"
}

purge() {
  [ "$(id -u)" = 0 ] || die "this needs root: sudo $0"
  ! has_package || die "the configuration and the store are the Debian package's: --uninstall; or apt-get purge rackscout"
  if [ -e "$root$unit" ] && ! has_service; then
    die "the service is installed, but not below $prefix; --prefix names its place"
  fi
  ! is_installed || uninstall
  for folder in /etc/rackscout /var/lib/rackscout; do
    [ -e "$root$folder" ] || continue
    rm -rf "$root$folder"
    say "deleted $folder"
  done
}

case $task in
  install) install_all ;;
  uninstall) uninstall ;;
  purge) purge ;;
esac
