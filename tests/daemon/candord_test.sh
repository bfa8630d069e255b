#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# candord from the outside: texts, exit codes, start, signals. It watches through a capture of an interface
# that does not exist, so that no kernel is touched and no capability is needed.
#
#   candord_test.sh PATH_OF_CANDORD
set -euo pipefail
candord=$1
# shellcheck source=tests/daemon/helpers.sh
source "$(dirname "$0")/helpers.sh"

run() { expect_run "$candord" "$@"; }  # EXIT_CODE WANTED_TEXT ARGUMENTS...

# started ARGUMENTS...: with the settings of $config; leaves the process in $pid, its log in $tmp/log
# Other processes may use ports of this machine, but not sockets in a folder of the test.
config=$tmp/quiet.yaml
printf 'listen: {http: [], haproxy_agent: []}\n' >"$config"
started() {
  : >"$tmp/log"  # of the run before
  "$candord" --source pcap:nosuchif0 --admin-socket off --state-file off --config "$config" "$@" 2>"$tmp/log" &
  pid=$!
  await grep -q 'gRPC on' "$tmp/log"
  grep -q 'gRPC on' "$tmp/log" || fail "candord $* did not start: $(<"$tmp/log")"
}
# ends_within_2s SIGNAL
ends_within_2s() {
  local code=0 began
  began=$(date +%s%N)
  kill "-$1" "$pid"
  wait "$pid" || code=$?
  (((10#$(date +%s%N) - 10#$began) < 2000000000)) || fail "took longer than 2 s to end"
  [[ $code == 0 ]] || fail "SIG$1: exit $code, wanted 0"
}
# Waits for it: the pipeline and the pages begin after the line that started() waits for.
logs() { await grep -qE "$1" "$tmp/log"; logged "$1"; }
logged() { grep -qE "$1" "$tmp/log" || fail "not in the log: $1: $(<"$tmp/log")"; }

run 0 'Exit codes: 0 clean stop' --help
run 0 'candord 0.1.0' --version
run 0 'smallest_share: 0.2' --print-config --config <(echo 'smallest_share: 0.2')
run 1 'cannot read /nonexistent.yaml: No such file or directory' --check-config --config /nonexistent.yaml
printf 'fresh: 1m\nfrehs: 2m\n' >"$tmp/bad.yaml"
run 1 "$tmp/bad.yaml:2:1: unknown setting 'frehs'; did you mean fresh?" --config "$tmp/bad.yaml"
run 1 'command line: source: expected auto | bpf | pcap:IFACE' --source dtrace
"$candord" --print-config >"$tmp/printed.yaml"
run 0 'no errors' --check-config --config "$tmp/printed.yaml"

code=0
"$candord" --print-config >/dev/full 2>"$tmp/said" || code=$?
[[ $code == 1 ]] || fail "--print-config >/dev/full: exit $code"
grep -q 'cannot write the answer: No space left on device' "$tmp/said" || fail "no reason: $(<"$tmp/said")"

started --listen "unix:$tmp/a.sock"
run 2 "$tmp/a.sock" --listen "unix:$tmp/a.sock" --source pcap:nosuchif0 --admin-socket off --state-file off \
  --config "$config"
kill -HUP "$pid"
logs 'SIGHUP: applied: nothing; needs a restart: nothing'
logged "candord 0\.1\.0: gRPC on unix:$tmp/a\.sock; ask: candorctl --address unix:$tmp/a\.sock status"
logs 'BLIND, answering SERVING: (capture_failed|loading)'
ends_within_2s TERM
logged 'stopping'

started --listen "unix:$tmp/b.sock" --self-report-http http://127.0.0.1:1/
await grep -q 'NOT_SERVING' "$tmp/log"
logged 'self-report: .* unreachable'
logged 'answering NOT_SERVING'
ends_within_2s INT

# READY and STOPPING are sent to NOTIFY_SOCKET, which systemd sets.
/usr/bin/env python3 - "$tmp/notify" >"$tmp/notified" <<'EOF' &
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
s.settimeout(20)
text = ""
while "STOPPING=1" not in text:
    text = s.recv(4096).decode()
    print(text, flush=True)
EOF
listener=$!
await test -S "$tmp/notify"
NOTIFY_SOCKET=$tmp/notify started --listen "unix:$tmp/c.sock"
await grep -q . "$tmp/notified"  # a stop at once could come before the first message
ends_within_2s TERM
wait "$listener" || fail "STOPPING=1 was not sent"
head -n 1 "$tmp/notified" | grep -qx 'READY=1' || fail "READY=1 was not the first message"
grep -qx 'WATCHDOG=1' "$tmp/notified" || fail "no WATCHDOG=1"

# The HTTP pages and the answer of the HAProxy agent.
config=$tmp/web.yaml
printf 'listen: {http: ["unix:%s"], haproxy_agent: ["unix:%s"]}\n' "$tmp/http.sock" "$tmp/agent.sock" >"$config"
started --listen "unix:$tmp/d.sock"
page() { curl -sS --unix-socket "$tmp/http.sock" "http://candor$1"; }
logs BLIND
logs "HTTP on unix:$tmp/http\.sock; HAProxy agent on unix:$tmp/agent\.sock"
page /livez | grep -qx alive || fail "the pipeline of a fresh candord is not alive"
grep -q '"serving":true,"state":"BLIND"' <<<"$(page /readyz)" || fail "not ready: $(page /readyz)"
grep -qx 'candor_verdict{state="BLIND"} 1' <<<"$(page /metrics)" || fail "no BLIND in the metrics"
grep -q '^candor_build_info{version="0.1.0"} 1' <<<"$(page /metrics)" || fail "no version in the metrics"
run 2 "$tmp/http.sock" --listen "unix:$tmp/e.sock" --source pcap:nosuchif0 --config "$config"
ends_within_2s TERM
[[ ! -e $tmp/http.sock && ! -e $tmp/agent.sock ]] || fail "sockets were left behind"
exit "$failed"
