# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What the scripts share. Sourced, never run; the caller has set -euo pipefail.

root=$(CDPATH='' cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$root/.build/release

say() { printf '%s\n' "$*"; }
die() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}
has() { command -v "$1" >/dev/null 2>&1; }

# The leading comment of the calling script is its help.
help() { sed -n '3,/^[^#]/{s/^# \{0,1\}//p;}' "$0"; }

# Spaces and letters of any alphabet are fine. These are not: to ninja, CMake, protoc or PYTHONPATH they mean something.
check_path() {
  case $root in
    *[[:cntrl:]\"\#\$\&\'\*:\;\<\>\?\[\\\]^\`\|]*)
      die "cannot build in '$root': CMake and ninja do not take \" # \$ & ' * : ; < > ? [ \\ ] ^ \` | in a path; move the folder" ;;
  esac
}

# Configures and builds the targets named; "all" is one of them.
build_targets() {
  local log
  check_path
  log=$(cd "$root" && cmake --preset release 2>&1) || {
    printf '%s\n' "$log" >&2
    die "cannot configure the build"
  }
  ninja -C "$build" "$@"
}
