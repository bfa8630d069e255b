#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# check-dependencies accepts a good tree and refuses each way of breaking it, naming file and line.
set -euo pipefail
check=$(cd "$(dirname "$0")/../.." && pwd)/scripts/check-dependencies
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
failed=0

# Starts again from a tree of one good file, then writes the given file.
given() {
  rm -rf "${tree:?}"/*
  mkdir -p "$tree/sidecar/flow"
  printf '%s\n' '// SPDX-License-Identifier: Apache-2.0' '#include "base/result.h"' >"$tree/sidecar/flow/good.h"
  [[ $# -gt 0 ]] || return 0
  mkdir -p "$tree/$(dirname "$1")"
  printf '%s\n' '// SPDX-License-Identifier: Apache-2.0' "${@:2}" >"$tree/$1"
}
fail() {
  printf 'FAILED: %s\n' "$*"
  failed=1
}
accepts() { "$check" "$tree" >/dev/null 2>&1 || fail "refuses $1"; }
refuses() {
  local said
  if said=$("$check" "$tree" 2>&1); then
    fail "accepts $1"
  elif [[ $said != *"$2"* ]]; then
    fail "refuses $1 without saying '$2', but: $said"
  fi
}

given
accepts "a good tree"
given sidecar/base/x.h '#include "flow/flow.h"'
refuses "an arrow against the stream" 'sidecar/base/x.h:2: room base must not include room flow (allowed: none)'
given sidecar/verdict/x.cc '#  include "status/snapshot_store.h"'
refuses "an arrow past the end" 'sidecar/verdict/x.cc:2: room verdict must not include room serve'
given sidecar/verdict/x.cc '#include "evidence/counts.h"'
accepts "the arrow from evidence to verdict"
given sidecar/serve/x.cc '#include "bpf/abi.h"'
refuses "the C side where it does not belong" 'room serve must not include bpf/'
given sidecar/cli/commands/status.cc '#include "verdict/verdict.h"'
refuses "candorctl reaching past the proto" 'room cli must not include room verdict'
given sidecar/cli/offline/replay.cc '#include "verdict/verdict.h"'
accepts "candorctl replay running the line itself"
given sidecar/verdict/x.cc '#include <grpcpp/grpcpp.h>'
refuses "gRPC outside its rooms" 'only serve cli may include'
given sidecar/util/x.h
refuses "a room nobody planned" 'unknown room util'
given sidecar/flow/long.cc "$(printf '//%.0s\n' {1..400})"
refuses "a file of 401 lines" '401 lines; at most 400'
given
printf '%s\n' '#pragma once' >"$tree/sidecar/flow/unlicensed.h"
refuses "a file without a licence line" 'sidecar/flow/unlicensed.h:1: no SPDX-License-Identifier'

exit "$failed"
