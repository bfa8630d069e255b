#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The tree may lie in any folder: a copy of it, where the path has spaces, letters that are not ASCII and characters
# that a shell, CMake or printf would read, is configured, built in small parts, and tested there.
set -euo pipefail
source=$(cd "$(dirname "$0")/../.." && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
copy="$tmp/kän dor ü, (50%) = {~@+!}/the clone"
failed=0
fail() {
  printf 'FAILED: %s\n' "$*"
  failed=1
}
# does WHAT COMMAND...: says what failed, with the end of its output
does() {
  local what=$1
  shift
  "$@" >"$tmp/said" 2>&1 || fail "$what: $(tail -n 20 "$tmp/said")"
}

mkdir -p "$copy"
cp -r "$source"/{CMakeLists.txt,CMakePresets.json,README.md,bpf,proto,scripts,sidecar,tests} "$copy"
find "$copy" -name __pycache__ -prune -exec rm -rf {} +
build=$copy/.build/release

does 'scripts/check-dependencies' "$copy/scripts/check-dependencies"
# An object of BPF, its skeleton, and programs with paths in them, by the scripts' own way.
# shellcheck disable=SC2016  # the inner shell expands it
does 'the build' bash -c 'set -euo pipefail; source "$1/scripts/lib.sh"; build_targets bpf_layout_test scripts_paths_test' \
  build "$copy"
does 'the tests' ctest --test-dir "$build" -R '^(bpf_layout|scripts_paths)$' --output-on-failure --no-tests=error
ninja -C "$build" bpf_layout_test scripts_paths_test | grep -q 'no work to do' ||
  fail 'what is built is built again: a dependency is misread'

# What scripts/fuzz reads, word by word.
for file in options seeds; do
  mapfile -t words <"$build/tests/fuzz/stun/$file"
  ((${#words[@]} > 0)) || fail "$file of the fuzzers are empty"
  for word in "${words[@]}"; do
    [[ $word == -* || $word == "$copy"/* ]] || fail "$file of the fuzzers: '$word' is no option and no path"
  done
done

# What the vm group boots: a program in the guest has nothing of the build beside it, so the copy is taken away.
# shellcheck disable=SC2016
does 'the initramfs' env PYTHONDONTWRITEBYTECODE=1 python3 -c '
import pathlib, sys
sys.path.insert(0, sys.argv[1])
import boot
program = boot.parse("layout=" + sys.argv[2])
boot.initramfs(pathlib.Path(sys.argv[3]) / "root", [program], ["/bin/true"], ({}, []), sys.argv[3] + "/initramfs")
' "$copy/tests/kernels" "$build/tests/bpf/bpf_layout_test" "$tmp"
mkdir "$tmp/guest"
(cd "$tmp/guest" && cpio -id --quiet <"$tmp/initramfs") || fail 'the initramfs is not readable'
rm -rf "$copy" "$tmp/root"
does 'the program in the guest' "$tmp/guest/tests/layout"
grep -qF '/tests/layout 2>&1; echo "GUEST exit layout $?"' "$tmp/guest/init" || fail 'the guest does not run the program'
find "$tmp/guest" -name '*the clone*' | grep -q . && fail 'the guest has paths of this machine'

# A folder in which the tools cannot work is refused by name, before they say something else.
mkdir -p "$tmp/a:b"
cp -r "$source/scripts" "$tmp/a:b"
# shellcheck disable=SC2016
said=$(bash -c 'source "$1/scripts/lib.sh"; build_targets all' refuse "$tmp/a:b" 2>&1) && fail 'a colon in the path is not refused'
[[ $said == *"cannot build in '$tmp/a:b'"*'move the folder'* ]] || fail "the refusal does not say what to do: $said"
exit "$failed"
