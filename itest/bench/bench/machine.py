# SPDX-License-Identifier: Apache-2.0
"""What the numbers were measured on."""
import os
import platform
import re
import subprocess
from pathlib import Path

from bench.paths import ROOT


def describe(settings, own_network):
    cpu = re.search(r"model name\s*:\s*(.*)", Path("/proc/cpuinfo").read_text())
    memory = re.search(r"MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text())
    return {
        "cpu": f"{os.cpu_count()} x {cpu.group(1) if cpu else platform.machine()}" + (" (virtual)" if virtual() else ""),
        "memory": f"{int(memory.group(1)) // 1024} MiB" if memory else "unknown",
        "kernel": platform.release(),
        "network": "loopback of a namespace of its own" if own_network else "loopback of the machine",
        "jdk": jdk(),
        "gcc": output(["gcc", "--version"]).splitlines()[0],
        "threads of each proxy": str(settings.threads),
        "descriptor limit": str(settings.descriptors),
        "load average at the start": Path("/proc/loadavg").read_text().split(" ", 1)[0],
        "source": output(["git", "-C", str(ROOT), "describe", "--always", "--dirty"]) or "not a checkout",
    }


def virtual():
    return "hypervisor" in Path("/proc/cpuinfo").read_text()


def jdk():
    script = ROOT / "distribution" / "src" / "main" / "dist" / "lib" / "find-java.sh"
    return output(["sh", "-c", f'. "{script}"; j=$(find_java) && "$j" -version 2>&1 | sed -n 2,3p | tr "\\n" " "']) or "no JDK 25"


def output(command):
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
