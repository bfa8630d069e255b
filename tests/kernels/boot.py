#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Boots a Debian kernel in QEMU with test programs in its initramfs, runs them there and reports.

  boot.py --kernel SERIES --store DIR [--tool FILE]... [--module NAME]... NAME=FILE...

The kernel's package is downloaded into the store once (never installed). A program lies in the guest at
/tests/NAME, wherever FILE lies here, and must need no other file of the build; its shared libraries lie at the
paths that they have here, and so do tools, with their libraries. Modules of the kernel are loaded before the
first program runs, after those that they depend on. Exit 0: every program ended with 0 inside the guest. Anything
else, a guest that never reports included, is a failure.
"""
import argparse
import lzma
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

# Debian's meta packages: the kernel of the day of each series.
META = {"6.1": "linux-image-cloud-amd64", "6.12": "linux-image-6.12-cloud-amd64"}
GUEST_SECONDS = 900  # software emulation is slow, at the lowest priority more so; a hung guest is ended then
MEMORY_MIB = 1024

INIT = """#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin HOME=/ TMPDIR=/tmp
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev
mount -t tmpfs tmp /tmp; mount -t tmpfs run /run
mount -t cgroup2 cgroup2 /sys/fs/cgroup; mount -t bpf bpf /sys/fs/bpf
for module in {modules}; do insmod /modules/$module.ko || echo "GUEST module $module does not load"; done
ip link set lo up
echo "GUEST kernel $(uname -r)"
{runs}
echo "GUEST end"
poweroff -f
"""


def fail(text):
    sys.exit(f"boot.py: {text}")


def run(*argv, **more):
    done = subprocess.run(argv, capture_output=True, text=True, **more)
    if done.returncode:
        fail(f"{shlex.join(argv)}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def package_of(series):
    for line in run("apt-cache", "depends", META[series]).splitlines():
        name = line.partition("Depends:")[2].strip()
        if name.startswith("linux-image-"):
            return name
    fail(f"{META[series]} depends on no kernel; run apt-get update")


def fetch(series, store):
    """The folder of the unpacked kernel package; downloads it when the store lacks it."""
    name = package_of(series)
    folder = store / name
    if folder.is_dir():
        return folder
    store.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=store) as scratch:
        run("apt-get", "-q", "download", name, cwd=scratch)
        (package,) = Path(scratch).glob("*.deb")
        run("dpkg", "-x", str(package), f"{scratch}/tree")
        os.rename(f"{scratch}/tree", folder)
    return folder


def libraries(program):
    """Paths of the shared libraries and the loader that a program needs."""
    return re.findall(r"^\t(?:\S+ => )?(/.+) \(0x[0-9a-f]+\)$", run("ldd", str(program)), re.MULTILINE)


def copy_into(root, source, target):
    place = root / target.lstrip("/")
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, place)


def copy_program(root, source, target):
    copy_into(root, source, target)
    for library in libraries(source):
        copy_into(root, library, library)


def modules_of(kernel):
    """The kernel's modules by name: their files, which may be compressed."""
    files = (kernel / "lib/modules").glob("*/kernel/**/*.ko*")
    return {file.name.partition(".ko")[0].replace("-", "_"): file for file in files}


def copy_module(root, files, name, order):
    """Copies a module after those that it depends on; appends to `order` what was copied."""
    if name in order:
        return
    if name not in files:
        fail(f"this kernel has no module {name}")
    data = files[name].read_bytes()
    if files[name].suffix == ".xz":
        data = lzma.decompress(data)
    depends = re.search(rb"\0depends=([^\0]*)\0", data)
    for other in depends.group(1).decode().replace("-", "_").split(",") if depends else []:
        if other:
            copy_module(root, files, other, order)
    (root / "modules" / f"{name}.ko").write_bytes(data)
    order.append(name)


def initramfs(root, programs, tools, modules, out):
    for folder in ("proc", "sys", "dev", "tmp", "run", "bin", "tests", "modules"):
        (root / folder).mkdir(parents=True)
    copy_into(root, shutil.which("busybox"), "/bin/busybox")
    for tool in tools:
        copy_program(root, tool, tool)
    order = []
    for name in modules[1]:
        copy_module(root, modules[0], name, order)
    runs = []
    for name, program in programs:
        copy_program(root, program, f"/tests/{name}")
        runs.append(f'echo "GUEST start {name}"; /tests/{name} 2>&1; echo "GUEST exit {name} $?"')
    init = root / "init"
    init.write_text(INIT.format(runs="\n".join(runs), modules=" ".join(order)))
    os.chmod(root, 0o755)
    init.chmod(0o755)
    names = subprocess.run(["find", "."], cwd=root, capture_output=True, check=True).stdout
    with open(out, "wb") as archive:
        subprocess.run(["cpio", "-o", "-H", "newc", "--quiet"], cwd=root, input=names, stdout=archive, check=True)


# Software emulation, always: a nested KVM may be offered and hang, and would then hang every run. The kernel must not
# check at its start that the timer interrupts: on a busy host the emulated one comes late, and the kernel panics.
def boot(kernel, archive):
    """The guest's lines, and whether it had to be ended."""
    (image,) = (kernel / "boot").glob("vmlinuz-*")
    argv = ["qemu-system-x86_64", "-M", "q35", "-accel", "tcg", "-cpu", "max", "-smp", "1", "-m", str(MEMORY_MIB),
            "-nodefaults", "-display", "none", "-serial", "stdio", "-no-reboot", "-kernel", str(image), "-initrd",
            str(archive), "-append", "console=ttyS0 quiet panic=-1 no_timer_check"]
    lines = []
    with subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, errors="replace") as guest:
        killer = threading.Timer(GUEST_SECONDS, guest.kill)
        killer.start()
        for line in guest.stdout:
            lines.append(line.rstrip())
            print(lines[-1], flush=True)
        killer.cancel()
    return lines, guest.returncode == -signal.SIGKILL


def report(lines, hung, programs):
    exits = dict(re.match(r"GUEST exit (\S+) (\d+)", line).groups() for line in lines
                 if re.match(r"GUEST exit \S+ \d+", line))
    bad = [f"{name}: {'exit ' + exits[name] if name in exits else 'did not end'}" for name, _ in programs
           if exits.get(name) != "0"]
    if "GUEST end" not in lines:
        bad.append(f"the guest did not reach its end within {GUEST_SECONDS} s" if hung else "the guest ended early")
    return bad


def parse(text):
    name, _, program = text.partition("=")
    if not re.fullmatch(r"\w+", name, re.ASCII) or not os.path.isfile(program):
        fail(f"expected NAME=FILE with a file that exists, got '{text}'")
    return name, program


def main():
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--kernel", required=True, choices=META)
    ask.add_argument("--store", required=True, type=Path)
    ask.add_argument("--tool", action="append", default=[], metavar="FILE")
    ask.add_argument("--module", action="append", default=[], metavar="NAME")
    ask.add_argument("program", nargs="+", metavar="NAME=FILE")
    args = ask.parse_args()
    programs = [parse(text) for text in args.program]
    kernel = fetch(args.kernel, args.store)
    with tempfile.TemporaryDirectory() as scratch:
        archive = Path(scratch) / "initramfs"
        initramfs(Path(scratch) / "root", programs, args.tool, (modules_of(kernel), args.module), archive)
        bad = report(*boot(kernel, archive), programs)
    if bad:
        fail("; ".join(bad))


if __name__ == "__main__":
    main()
