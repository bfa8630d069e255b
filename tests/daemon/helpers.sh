# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What the tests of candord from the outside share. Sourced, never run; the caller has set -euo pipefail and
# ends with: exit "$failed"

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
failed=0

fail() {
  printf 'FAILED: %s\n' "$*"
  # shellcheck disable=SC2034  # the caller's last line reads it
  failed=1
}

# Waits up to 5 s for a command to succeed.
await() {
  local tries=0
  until "$@" 2>/dev/null || ((++tries == 100)); do sleep 0.05; done
}

# expect_run PROGRAM EXIT_CODE WANTED_TEXT ARGUMENTS...: its output is left in $tmp/said
expect_run() {
  local code=0 program=$1 wanted_code=$2 wanted=$3
  shift 3
  "$program" "$@" >"$tmp/said" 2>&1 || code=$?
  [[ $code == "$wanted_code" ]] ||
    fail "${program##*/} $*: exit $code, wanted $wanted_code: $(<"$tmp/said")"
  [[ -z $wanted ]] || grep -qF -- "$wanted" "$tmp/said" ||
    fail "${program##*/} $*: no '$wanted' in: $(<"$tmp/said")"
}
