#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# check-dependencies accepts a good tree and refuses each way to break it, with file and line.
set -euo pipefail
check=$(cd "$(dirname "$0")/../.." && pwd)/scripts/check-dependencies
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
failed=0

# and PATH LINE...: adds a file, whose third line is the first LINE
and() {
  mkdir -p "$tree/$(dirname "$1")"
  printf '%s\n' '// SPDX-License-Identifier: Apache-2.0' '// Tested in tests/all_test.sh.' "${@:2}" >"$tree/$1"
}
# given [PATH LINE...]: a tree of one good file, and this one
given() {
  rm -rf "${tree:?}"/*
  and sidecar/flow/good.h '#include "base/result.h"'
  and tests/all_test.sh
  [[ $# == 0 ]] || and "$@"
}
fail() {
  printf 'FAILED: %s\n' "$*"
  failed=1
}
accepts() { "$check" "$tree" >/dev/null 2>&1 || fail "refuses $1: $("$check" "$tree" 2>&1)"; }
refuses() {
  local said
  if said=$("$check" "$tree" 2>&1); then
    fail "accepts $1"
  elif [[ $said != *"$2"* ]]; then
    fail "refuses $1 without '$2', but with: $said"
  fi
}

given
accepts 'a good tree'
given sidecar/base/x.h '#include "flow/flow.h"'
refuses 'a dependency in the wrong direction' 'sidecar/base/x.h:3: base must not include flow (allowed: none)'
given sidecar/verdict/x.cc '#  include "serve/server.h"'
refuses 'a dependency on a later component' 'sidecar/verdict/x.cc:3: verdict must not include serve'
given sidecar/verdict/x.cc '#include "evidence/counts.h"'
accepts 'verdict including evidence'
given sidecar/serve/x.cc '#include "bpf/abi.h"'
refuses 'the C side where it does not belong' 'sidecar/serve/x.cc:3: serve must not include bpf/'
given sidecar/cli/render/status.cc '#include "verdict/verdict.h"'
refuses 'candorctl reaching past the proto' 'cli/render must not include verdict'
given sidecar/cli/offline/replay.cc '#include "verdict/verdict.h"'
accepts 'candorctl replay running the pipeline itself'
given sidecar/replay/live/x.cc '#include "flow/flow.h"'
accepts 'a folder inside a component'
given sidecar/source/x.cc '#include "probe/pins/pins.h"'
accepts 'a component that may include another with all its folders'
given sidecar/probe/pins/x.cc '#include "probe/kernel/x.h"'
refuses 'a dependency in the wrong direction between folders of one' 'probe/pins must not include probe/kernel'
given sidecar/verdict/x.cc '#include <grpcpp/grpcpp.h>'
refuses 'gRPC outside its components' 'sidecar/verdict/x.cc:3: only net serve'
given sidecar/daemon/x.cc '#include <seccomp.h>'
refuses 'a library outside its folder' 'only daemon/privileges may include'
given sidecar/util/x.h
refuses 'an unknown component' 'unknown component util'

given sidecar/flow/a.h '#include "flow/b.h"'
and sidecar/flow/b.h '#include "flow/a.h"'
refuses 'two headers that include each other' 'a circle of includes: flow/a -> flow/b -> flow/a'
given sidecar/flow/a.cc '#include "flow/a.h"' '#include "flow/b.h"'
and sidecar/flow/a.h
and sidecar/flow/b.h '#include "flow/a.h"'
refuses 'a source and a header that need each other' 'a circle of includes'
given sidecar/flow/a.cc '#include "flow/a.h"'
and sidecar/flow/a.h
accepts 'a source and its header'

given
printf '%s\n' '// SPDX-License-Identifier: Apache-2.0' >"$tree/sidecar/flow/x.h"
refuses 'a file without a test' "sidecar/flow/x.h: no tests/flow/x_test, and no line 'Tested in tests/...'"
and tests/flow/x_test.cc
accepts 'a file with its test'

given sidecar/flow/x.h '// As design.md says.'
refuses 'a comment that cites a missing document' 'sidecar/flow/x.h:3: a comment cites design.md'
given sidecar/flow/x.h '// See flow/good.h, good.h, sidecar/flow/good.h, <sys/socket.h>, net/ipv4/udp.c, FILE.cc.'
accepts 'comments that cite what exists, and other projects'
given scripts/x '# See scripts/gone.sh.'
refuses 'a script that cites a missing script' 'scripts/x:3: a comment cites scripts/gone.sh'

given sidecar/flow/long.cc "$(printf '//%.0s\n' {1..400})"
refuses 'a file of 402 lines' '402 lines; at most 400'
given
printf '%s\n' '// Tested in tests/all_test.sh.' >"$tree/sidecar/flow/unlicensed.h"
refuses 'a file without a licence line' 'sidecar/flow/unlicensed.h:1: no SPDX-License-Identifier'

exit "$failed"
