# SPDX-License-Identifier: Apache-2.0
"""Calls the load tool, which plays client and backend and looks at the proxy's processes itself."""
import json
import subprocess

from bench.paths import LOAD


class LoadFailed(Exception):
    """The load tool gave up; the text says why."""


def load(measure, pids=(), **options):
    """One run; ends by itself. Returns what it printed."""
    words = [f"{key}={value}" for key, value in options.items()]
    if pids:
        words.append("pids=" + ",".join(str(p) for p in pids))
    bound = options.get("secs", 1) + options.get("warm", 0) + options.get("settle", 0) + 40
    try:
        done = subprocess.run([str(LOAD), measure, *words], capture_output=True, text=True, timeout=bound, check=False)
    except subprocess.TimeoutExpired as e:
        raise LoadFailed(f"no result of {measure} after {bound} s") from e
    if done.returncode != 0:
        raise LoadFailed(done.stderr.strip() or f"{measure} ended with code {done.returncode}")
    return json.loads(done.stdout)


def hello(name):
    """The bytes of a ClientHello for this name."""
    return subprocess.run([str(LOAD), "hello", name], capture_output=True, timeout=5, check=True).stdout
