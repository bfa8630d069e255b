#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What operators do to a running candord, through candorctl: drain, override, reload, restart, hook. It watches
# through a capture of an interface that does not exist, so that no kernel is touched and no right is needed.
#
#   control_plane_test.sh PATH_OF_CANDORD PATH_OF_CANDORCTL
set -euo pipefail
candord=$1 candorctl=$2
# shellcheck source=tests/daemon/helpers.sh
source "$(dirname "$0")/helpers.sh"
export CANDOR_ADDRESS=unix:$tmp/grpc.sock

ctl() { expect_run "$candorctl" "$@"; }  # EXIT_CODE WANTED_TEXT ARGUMENTS...
start() {
  : >"$tmp/log"
  "$candord" --source pcap:nosuchif0 --config "$tmp/candor.yaml" --listen "$CANDOR_ADDRESS" \
    --admin-socket "$tmp/admin.sock" --state-file "$tmp/state" 2>"$tmp/log" &
  pid=$!
  await grep -q 'gRPC on' "$tmp/log"
  await grep -q 'BLIND, answering' "$tmp/log"
}
stop() {
  local code=0
  kill -TERM "$pid"
  wait "$pid" || code=$?
  [[ $code == 0 ]] || fail "exit $code of candord: $(<"$tmp/log")"
}

printf '#!/bin/sh\ncat >>"%s/hooked"; echo >>"%s/hooked"\n' "$tmp" "$tmp" >"$tmp/hook"
chmod +x "$tmp/hook"
printf 'on_transition: [%s]\nlisten: {http: ["unix:%s/http"], haproxy_agent: ["unix:%s/agent"]}\n' \
  "$tmp/hook" "$tmp" "$tmp" >"$tmp/candor.yaml"
start
ctl 0 "HTTP on unix:$tmp/http" version
ctl 0 "HAProxy agent on unix:$tmp/agent" version
ctl 0 "admin on unix:$tmp/admin.sock" version
ctl 0 '"before":"BLIND"' transitions -o json
! grep -q UNKNOWN "$tmp/said" || fail "candord was never anything but blind: $(<"$tmp/said")"
ctl 0 SERVING probe
ctl 1 'reason' drain
ctl 0 'DRAINED by' drain --reason 'kernel update'
ctl 4 DRAINING probe
ctl 1 '' check --keepalived
ctl 2 'CANDOR CRITICAL - DRAINING, drained_by_operator' check --nagios
ctl 0 '!! DRAINED by' status
ctl 1 'expected healthy' override blind --for 1m --reason x
ctl 3 'admin.longest_override' override healthy --for 48h --reason x
ctl 0 'OVERRIDDEN to HEALTHY' override healthy --for 1h --reason 'load test'
ctl 4 'DRAINING' probe  # the drain stands above it
await grep -q drained_by_operator "$tmp/hooked"
grep -q '"state":"DRAINING"' "$tmp/hooked" || fail "the hook did not run: $(cat "$tmp/hooked")"
stop

start  # drain, override and history outlive it
ctl 4 DRAINING probe
ctl 0 'SERVING' undrain
ctl 0 'HEALTHY: overridden_by_operator' probe
ctl 0 'OVERRIDDEN to HEALTHY' status
ctl 1 'CANDOR WARNING - HEALTHY' check --nagios
ctl 0 'override by' transitions
ctl 0 'kernel update' transitions
ctl 0 'BLIND' override --clear
ctl 0 'baseline discarded' reset-baseline

printf 'log_level: debug\nmax_flows: 128\nsmallest_share: 0.3\ntrusted_sources: [10.0.0.0/8]\nweb: {max_header_bytes: 1024}\n' \
  >"$tmp/candor.yaml"
ctl 0 'applied:         log_level: info -> debug' reload
ctl 0 'NEEDS A RESTART: smallest_share: 0.1 -> 0.3' reload
ctl 0 'NEEDS A RESTART: trusted_sources: [] -> [10.0.0.0/8]' reload
long=$(printf '%2000s' '' | tr ' ' x)
[[ $(curl -s --unix-socket "$tmp/http" -H "X: $long" -o "$tmp/page" -w '%{http_code}' http://candor/livez) == 431 ]] ||
  fail "the new bound of a request is not in force: $(<"$tmp/page")"
ctl 0 'NEEDS A RESTART: max_flows: 65536 -> 128' reload
printf 'log_lvel: debug\n' >"$tmp/candor.yaml"
ctl 3 "candor.yaml:1:1: unknown setting 'log_lvel'; did you mean log_level?" reload
kill -HUP "$pid"
await grep -q 'SIGHUP: nothing has changed' "$tmp/log"
grep -q "SIGHUP: nothing has changed: .*candor.yaml:1:1" "$tmp/log" || fail "SIGHUP: $(<"$tmp/log")"
ctl 0 'reload by SIGHUP' transitions
printf '' >"$tmp/candor.yaml"
stop

printf 'x' >>"$tmp/state"  # a damaged state file is not believed, and said so
start
grep -q 'IS IGNORED: it is damaged' "$tmp/log" || fail "damage was not logged: $(<"$tmp/log")"
[[ -e $tmp/state.damaged ]] || fail "the damaged file was not kept"
ctl 0 SERVING probe
# The filter of system calls, begun without a program to run, lets none be run: said, not found out at an alarm.
printf 'on_transition: [%s]\n' "$tmp/hook" >"$tmp/candor.yaml"
ctl 0 "NEEDS A RESTART: on_transition: [] -> [$tmp/hook]" reload

# A disk that cannot be written: the new file's name is taken by a folder. What is refused is not in force.
mkdir "$tmp/state.new"
ctl 3 "the override is NOT in force: cannot write $tmp/state.new" drain --reason 'disk full'
ctl 0 SERVING probe
ctl 0 "refused, not in force: cannot write $tmp/state.new" transitions
ctl 3 'nothing is discarded: cannot write' reset-baseline
ctl 0 'warning: not on disk, in force until candord ends: cannot write' drain --reason 'disk full' --allow-unsaved
ctl 4 DRAINING probe
rmdir "$tmp/state.new"
ctl 0 SERVING undrain

# Overrides need the admin socket only.
CANDOR_ADDRESS=127.0.0.1:1 ctl 0 'DRAINED by' drain --reason 'TLS is broken' --admin "$tmp/admin.sock"
CANDOR_ADDRESS=127.0.0.1:1 ctl 2 'Connection refused; is candord running?' drain --reason 'nowhere'
ctl 4 DRAINING probe

# What cannot be written is no success, whatever was asked.
for command in status why transitions attempts flows version doctor 'override --clear' undrain --help; do
  code=0
  # shellcheck disable=SC2086  # words of a command
  "$candorctl" $command >/dev/full 2>"$tmp/said" || code=$?
  [[ $code == 8 ]] || fail "candorctl $command >/dev/full: exit $code: $(<"$tmp/said")"
  grep -q 'cannot write the output: No space left on device' "$tmp/said" || fail "no reason: $(<"$tmp/said")"
done
stop

# Without a state file an order says what it is worth.
: >"$tmp/log"
"$candord" --source pcap:nosuchif0 --config "$tmp/candor.yaml" --listen "$CANDOR_ADDRESS" \
  --admin-socket "$tmp/admin.sock" --state-file off 2>"$tmp/log" &
pid=$!
await grep -q 'gRPC on' "$tmp/log"
ctl 0 'warning: not on disk, in force until candord ends: the setting state_file is off' drain --reason 'for now'
stop
exit "$failed"
