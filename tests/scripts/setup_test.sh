#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# scripts/setup asks for nothing when nothing is missing, and says what to do when it may not install. The
# package tools are faked, so nothing is ever installed here.
set -euo pipefail
source=$(cd "$(dirname "$0")/../.." && pwd)
fakes=$(mktemp -d)
trap 'rm -rf "$fakes"' EXIT
# In a copy of the tree, so that nothing is installed into this one.
mkdir -p "$fakes/tree/scripts" "$fakes/tree/tests/e2e/consumers"
cp "$source/scripts/setup" "$source/scripts/lib.sh" "$fakes/tree/scripts"
cp -r "$source/tests/e2e/consumers/node" "$fakes/tree/tests/e2e/consumers"
cp -r "$source"/tests/e2e/{livekit,pion,pion4} "$fakes/tree/tests/e2e"
setup=$fakes/tree/scripts/setup
failed=0

fake() { printf '#!/bin/bash\n%s\n' "$2" >"$fakes/$1" && chmod +x "$fakes/$1"; }
expect() {
  local wanted=$1 said
  shift
  said=$(PATH=$fakes:/bin:/usr/bin "$setup" "$@" 2>&1) || true
  [[ $said == *"$wanted"* && (-n $wanted || -z $said) ]] || {
    printf 'FAILED: %s: wanted "%s", got "%s"\n' "$*" "$wanted" "$said"
    failed=1
  }
}

fake apt-get 'echo "apt-get $*"'
fake dpkg-query 'echo installed'
# A Go of that version, which builds a program as $2 does.
fake_go() { fake go "case \$1 in env) echo go$1 ;; version) echo 'go version go$1 linux/amd64' ;; build) $2 ;; esac"; }

fake npm 'exit 1'
fake_go 1.26.8 "touch \$3"
expect '' build test
expect 'npm could not install them' e2e
fake npm 'mkdir -p node_modules && touch node_modules/.package-lock.json'
expect 'Installing: npm packages' e2e
expect '' build test e2e
[[ $(<"$fakes/tree/.build/pion4/source/echo.go") == *'"github.com/pion/webrtc/v4"'* ]] || {
  printf 'FAILED: Pion v4 is not what is built\n'
  failed=1
}
rm "$fakes/tree/.build/pion4/built"
fake_go 1.26.8 'echo "no such module" >&2; exit 1'
expect 'Pion v4 cannot be built: no such module' e2e
fake_go 1.26.8 "touch \$3"
expect 'Installing: Pion v4' e2e
why=$fakes/tree/.build/livekit/why
rm "$fakes/tree/.build/livekit/built"
fake_go 1.19.8 'exit 1'
expect 'it needs Go 1.26, and go version go1.19.8 linux/amd64. Install Go 1.26' e2e
[[ $(<"$why") == *'go1.19.8'* ]] || { printf '%s\n' "FAILED: $why"; failed=1; }
fake_go 1.26.8 'echo downloading; echo "proxy: connection refused" >&2; exit 1'
expect 'LiveKit cannot be built: proxy: connection refused' e2e
fake_go 1.26.8 "touch \$3"
expect 'Installing: LiveKit' e2e
[[ ! -f $why ]] || { printf '%s\n' "FAILED: $why is left"; failed=1; }
expect '' build test e2e
expect "unknown group 'tests'; expected build, test, e2e, vm or bench" tests

# shellcheck disable=SC2016  # the fake expands it
fake dpkg-query '[[ ${*: -1} == ninja-build ]] || echo installed'
fake id 'echo 0'
expect 'Installing: ninja-build' build
expect 'apt-get -q install -y --no-install-recommends ninja-build' build

fake id 'echo 1000'
fake sudo 'echo "sudo $*"'
expect 'sudo apt-get -q update' build
exit "$failed"
