# SPDX-License-Identifier: Apache-2.0
"""A proxy under measurement: a fresh process whose pids are known."""
import os
import signal
import subprocess
import time
from pathlib import Path

STOP_SECS = 10


class Proxy:
    """One running proxy. Kills only what it started, by pid."""

    def __init__(self, command, log, env=None):
        self.log = Path(log)
        with open(self.log, "wb") as out:
            self.popen = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=env)

    def pids(self):
        """Its own pid and those of its children: nginx works in children."""
        return [self.popen.pid, *children(self.popen.pid)]

    def await_processes(self, count, secs):
        until = time.monotonic() + secs
        while len(self.pids()) < count:
            if time.monotonic() > until:
                raise RuntimeError(f"it has {len(self.pids())} processes after {secs} s, not {count}")
            time.sleep(0.005)

    def descriptors(self):
        """How many sockets and pipe ends its processes hold."""
        sockets = pipes = 0
        for pid in self.pids():
            for entry in os.scandir(f"/proc/{pid}/fd"):
                try:
                    link = os.readlink(entry.path)
                except OSError:
                    continue
                sockets += link.startswith("socket:")
                pipes += link.startswith("pipe:")
        return {"sockets": sockets, "pipes": pipes}

    def settled(self, sockets, secs=20):
        """Descriptors once no more than this many sockets are left, or as they are after a while."""
        until = time.monotonic() + secs
        now = self.descriptors()
        while now["sockets"] > sockets and time.monotonic() < until:
            time.sleep(0.05)
            now = self.descriptors()
        return now

    def stop(self):
        if self.popen.poll() is None:
            self.popen.send_signal(signal.SIGTERM)
            try:
                self.popen.wait(STOP_SECS)
            except subprocess.TimeoutExpired:
                for pid in self.pids():
                    os.kill(pid, signal.SIGKILL)
                self.popen.wait()

    def last_words(self):
        return self.log.read_text(errors="replace").strip()[-600:]


def children(pid):
    found = []
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            try:
                stat = Path(entry.path, "stat").read_text(errors="replace")
            except OSError:
                continue
            if int(stat.rsplit(")", 1)[1].split()[1]) == pid:
                found.append(int(entry.name))
    return sorted(found)
