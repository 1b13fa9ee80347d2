# Debian 12's sources, as this machine's apt has them; to be sourced, not run.
# shellcheck shell=bash
readonly suite=bookworm
readonly keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# debian_sources deb|deb-src: lines for a sources.list, the suite's own first.
debian_sources() {
  apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT) $(CODENAME) $(ORIGIN)' \
    'Created-By: Packages' |
    awk -v type="$1" -v keyring="$keyring" -v suite="$suite" '
      $3 == "main" && $5 == "Debian" && ($4 == suite || $4 == suite "-updates" || $4 == suite "-security") {
        print type " [signed-by=" keyring "] " $1 " " $2 " main" }' |
    sort -u -k4,4
}

# What this machine's apt takes of an old index, a frozen mirror's, counts for these sources, too.
apt_options() {
  local name value
  for name in Check-Valid-Until Check-Date; do
    value=$(apt-config dump --format '%v%n' "Acquire::$name")
    [[ -z $value ]] || echo "Acquire::$name \"$value\";"
  done
  echo 'Acquire::Retries "3";'
}

# fetch_source FOLDER PACKAGE[=VERSION]...: Debian's source packages, whose hashes apt checks against
# the signed index; with lists of its own, so that this machine's stay as they are. The newest version
# unless one is named.
fetch_source() {
  local target=$1 private status=0
  shift
  private=$(mktemp -d)
  mkdir -p "$target" "$private"/{state/lists/partial,cache/archives/partial}
  debian_sources deb-src >"$private/sources.list"
  { apt_options && cat <<END; } >"$private/apt.conf"
Dir::Etc::SourceList "$private/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::State "$private/state";
Dir::Cache "$private/cache";
APT::Sandbox::User "";
END
  # An index that is broken leaves the others.
  APT_CONFIG=$private/apt.conf apt-get update >"$target/apt.log" 2>&1 || true
  (cd "$target" && APT_CONFIG=$private/apt.conf apt-get source --download-only "$@" >>apt.log 2>&1) || status=$?
  rm -rf "$private"
  ((status == 0)) || { tail -n 5 "$target/apt.log" >&2 && return "$status"; }
  touch "$target/done"
}
