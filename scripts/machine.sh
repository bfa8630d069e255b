# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What this machine allows. Each lack_* function prints why its group of tests cannot run, or nothing.
# Sourced by scripts/test, after lib.sh.
: "${root:?}"

# One load for the whole run: freeing many programs can hang some kernels for good.
canary_answer=
canary() {
  [[ -z $canary_answer ]] || { say "$canary_answer"; return; }
  local out pid tenths=0
  out=$(mktemp)
  # A load that never returns cannot be killed, so it is watched, not waited for.
  /usr/bin/env python3 "$root/scripts/canary" >"$out" 2>&1 &
  pid=$!
  while kill -0 "$pid" 2>/dev/null && ((tenths++ < 50)); do sleep 0.1; done
  if kill -0 "$pid" 2>/dev/null; then
    kill -9 "$pid" 2>/dev/null || true
    disown "$pid"
    canary_answer="a BPF load did not return within 5 s: this kernel is stuck, restart the machine"
  elif wait "$pid"; then
    canary_answer=ok
  else
    canary_answer=$(tail -n 1 "$out")
  fi
  rm -f "$out"
}

lack_program() {
  local name
  for name in "$@"; do
    has "$name" || has "/usr/sbin/$name" || { say "$name is not installed"; return; }
  done
}
lack_root() { [[ $(id -u) == 0 ]] || say "needs root"; }
lack_namespaces() { unshare --net --mount true 2>/dev/null || say "network namespaces are not allowed"; }
lack_cgroup2() { grep -q ' cgroup2 ' /proc/mounts || say "no cgroup v2 is mounted"; }
lack_freezer() {
  grep -qE ' cgroup [^ ]*freezer' /proc/mounts && return
  compgen -G '/sys/fs/cgroup/*/cgroup.freeze' >/dev/null || say "no cgroup freezer"
}
lack_nft() { unshare --net nft list tables >/dev/null 2>&1 || say "nft does not work here"; }
lack_bpf() { [[ $canary_answer == ok ]] || say "$canary_answer"; }
lack_libfuzzer() {
  local probe
  probe=$(mktemp -d)
  printf '%s\n' 'extern "C" int LLVMFuzzerTestOneInput(const unsigned char*, unsigned long) { return 0; }' >"$probe/x.cc"
  clang++ -fsanitize=fuzzer "$probe/x.cc" -o "$probe/x" 2>/dev/null || say "clang++ cannot link libFuzzer"
  rm -rf "$probe"
}

# Prints the first lack of a group, or nothing when it can run.
group_lacks() {
  local checks check why
  case $1 in
    unit) checks=() ;;
    kernel | bench) checks=(lack_root lack_cgroup2 lack_namespaces lack_nft lack_bpf) ;;
    e2e) checks=(lack_root lack_cgroup2 lack_namespaces lack_nft lack_freezer lack_bpf "lack_program janus go rtpengine turnserver") ;;
    fuzz) checks=(lack_libfuzzer) ;;
    lint) checks=("lack_program clang-tidy shellcheck") ;;
    vm) checks=("lack_program qemu-system-x86_64 cpio busybox nft tc") ;;
    *) die "unknown group '$1'" ;;
  esac
  for check in "${checks[@]}"; do
    why=$($check)
    [[ -z $why ]] || { say "$why"; return; }
  done
}

# Prints why this program of Go modules (livekit, pion4) is not there, or nothing.
go_program_lacks() {
  local folder=$root/.build/$1
  [[ -f $folder/built ]] ||
    say "$1 is not built: $(tail -n 1 "$folder/why" 2>/dev/null || say 'scripts/setup e2e builds it')"
}

# Of a group that can run, the tests that cannot: prints a regular expression of their names, a tab and why, or nothing.
tests_lack() {
  local names='' why='' name
  [[ $1 == e2e ]] || return 0
  for name in livekit pion4; do
    [[ ! -f $root/.build/$name/built ]] || continue
    case $name in
      livekit) names+="${names:+|}e2e_(livekit(_faults|_transports)?|demo_livekit|reported_joins|steer_cluster)" ;;
      pion4) names+="${names:+|}e2e_pion4" ;;
    esac
    why+="${why:+; }$(go_program_lacks "$name")"
  done
  [[ -z $names ]] || printf '%s\t%s\n' "$names" "$why"
}
