# SPDX-License-Identifier: Apache-2.0
"""Running commands and children."""

import subprocess


class StandError(RuntimeError):
    """The stand could not be set up or did not behave; never a finding about Candor."""


def run(*argv, stdin=None):
    """Runs a command to its end and returns its standard output; its own words on failure."""
    done = subprocess.run(argv, input=stdin, capture_output=True, text=True, timeout=30, check=False)
    if done.returncode != 0:
        raise StandError(f"{' '.join(argv)}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def spawn(argv, namespace=None, cgroup=None, **popen):
    """Starts a child that dies with the calling thread, in a namespace and a cgroup if given.

    The child enters the cgroup before it becomes the program, because a socket belongs for ever to the
    cgroup in which its process was when it made it.
    """
    command = ["setpriv", "--pdeathsig", "KILL"]
    if cgroup is not None:
        command += ["sh", "-c", 'echo $$ > "$0" && exec "$@"', str(cgroup.path / "cgroup.procs")]
    if namespace is not None:
        command += ["nsenter", f"--net={namespace}"]
    return subprocess.Popen(command + list(argv), **{"stdin": subprocess.DEVNULL} | popen)


def stop(child, timeout=3.0):
    """Asks a child to end, and ends it when it does not, stopped or not; returns its exit status."""
    if child.poll() is None:
        child.terminate()
        try:
            return child.wait(timeout)
        except subprocess.TimeoutExpired:
            child.kill()
    return child.wait()
