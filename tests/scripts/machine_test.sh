#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Where a program of Go modules is not built, scripts/machine.sh names the end-to-end tests that need it, and only those.
#   machine_test.sh E2E_TEST...     the names of all end-to-end tests, as registered
set -euo pipefail
source=$(cd "$(dirname "$0")/../.." && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir -p "$tree/scripts"
cp "$source/scripts/lib.sh" "$source/scripts/machine.sh" "$tree/scripts"
# shellcheck source=scripts/lib.sh
source "$tree/scripts/lib.sh"
# shellcheck source=scripts/machine.sh
source "$tree/scripts/machine.sh"
failed=0

# Of all tests, those that are left out.
left_out() {
  local names why
  IFS=$'\t' read -r names why < <(tests_lack e2e) || return 0
  printf '%s\n' "$@" | grep -Ex "$names" || true
}
expect() {
  local wanted=$1 found
  shift
  found=$(left_out "$@" | sort | tr '\n' ' ')
  [[ $found == "$wanted" ]] || { printf 'FAILED: left out "%s", wanted "%s"\n' "$found" "$wanted"; failed=1; }
}

all=("$@")
with_livekit='e2e_demo_livekit e2e_livekit e2e_livekit_faults e2e_livekit_transports e2e_reported_joins e2e_steer_cluster '
[[ ${#all[@]} -gt 20 ]] || { say "FAILED: the names of all end-to-end tests are needed"; exit 1; }
mkdir -p "$tree/.build/livekit" "$tree/.build/pion4"
touch "$tree/.build/livekit/built"
expect 'e2e_pion4 ' "${all[@]}"
touch "$tree/.build/pion4/built"
expect '' "${all[@]}"
rm "$tree/.build/livekit/built"
expect "$with_livekit" "${all[@]}"
rm "$tree/.build/pion4/built"
expect "${with_livekit/e2e_reported/e2e_pion4 e2e_reported}" "${all[@]}"
printf 'out of patience\n' >"$tree/.build/pion4/why"
[[ $(tests_lack e2e) == *'pion4 is not built: out of patience'* ]] || { say "FAILED: the reason is not told"; failed=1; }
[[ -z $(tests_lack unit) ]] || { say "FAILED: unit tests need no such program"; failed=1; }
exit "$failed"
