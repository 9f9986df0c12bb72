# SPDX-License-Identifier: Apache-2.0
"""The product under measurement, standalone from its distribution."""
import http.client
import json
import os
import re
import shlex
import shutil
import subprocess
import time
from pathlib import Path

from bench.paths import BENCH, ROOT, TARGET
from bench.ports import await_listener
from bench.process import Proxy

START_SECS = 60
# Far above what loopback carries, in bytes a second; the most that the policy's buckets count.
CAP = 100_000_000_000
CAP_PROJECT = BENCH / "cap"
# Of what the JVM tells, as powers of two.
UNITS = {"B": 0, "K": 10, "M": 20, "G": 30}


def built():
    """The newest assembled distribution, or None."""
    found = [p for p in (ROOT / "distribution" / "target").glob("portunus-*/bin/portunus-standalone")]
    return max(found, key=lambda p: p.stat().st_mtime).parent.parent if found else None


class Distribution:
    """A copy, so that one build is measured even while another one is made."""

    def __init__(self, source):
        self.source = Path(source)
        self.home = TARGET / "portunus"
        self.script = self.home / "bin" / "portunus-standalone"

    def copy(self):
        shutil.rmtree(self.home, ignore_errors=True)
        shutil.copytree(self.source, self.home)

    def version(self):
        return subprocess.run([str(self.script), "--version"], capture_output=True, text=True, timeout=60, check=True).stdout.strip()

    def refuses(self, rule_lines):
        """The reason why this build does not know these keys of a rule; empty when it takes them."""
        file = TARGET / "probe.toml"
        file.write_text(toml([rule("probe", 1, 2, lines=rule_lines)]))
        done = subprocess.run([str(self.script), "--check", "--config", str(file)], capture_output=True, text=True, timeout=60, check=False)
        return "" if done.returncode == 0 else (done.stdout + done.stderr).strip().splitlines()[0].split("probe.toml:")[-1]

    def build_cap(self):
        """The policy that caps, built against this build as its author would: its jar, and else None and why not."""
        if not shutil.which("mvn"):
            return None, "the policy that caps is built by Maven, and there is none: install it"
        # There may be no network here, and what the distribution was built with is enough.
        command = ["mvn", "-o", "-Daether.offline.protocols=file", "-q", "-B", "-f", str(CAP_PROJECT / "pom.xml"),
            *shlex.split(os.environ.get("MAVEN_ARGS", "")),
            f"-Dportunus.home={self.home}", "clean", "package"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        if done.returncode != 0:
            words = [line for line in done.stdout.splitlines() if line.startswith("[ERROR]")]
            return None, f"the policy that caps does not build from what Maven has fetched: {(words or ['no reason given'])[0][:300]}"
        return next((CAP_PROJECT / "target").glob("cap-*.jar")), ""


def rule(name, listen, target, sni=None, lines=()):
    words = [f'name = "{name}"', 'bind = "127.0.0.1"', f"listen_port = {listen}", f'target = "127.0.0.1:{target}"']
    return "[[rule]]\n" + "\n".join([*words, *([f'sni = "{sni}"'] if sni else []), *lines]) + "\n"


def toml(rules, records=True):
    # As shipped there are access records, whatever the peers do.
    head = ('' if records else 'access_log = false\n') + '[global]\nshutdown_drain_secs = 0\n[admin]\nlisten = "127.0.0.1:0"\n'
    return head + "\n".join(rules)


class Running(Proxy):
    """A process of the appliance, with its admin surface."""

    def __init__(self, peer, config, port, awaited=await_listener):
        self.state = peer.state()
        (self.state / "admin.address").unlink(missing_ok=True)
        command = [str(peer.distribution.script), "--config", str(config), "--state-dir", str(self.state), "--no-shell", "--no-stats"]
        super().__init__(command, TARGET / f"{peer.name}.log", env={**os.environ, **peer.environment()})
        try:
            awaited(port, self.popen, START_SECS)
        except RuntimeError as e:
            self.stop()
            raise RuntimeError(f"{peer.name}: {e}: {self.last_words()}") from e

    def await_admin(self):
        """The admin surface comes a moment after the listeners."""
        until = time.monotonic() + START_SECS
        while not (self.state / "admin.address").exists():
            if self.popen.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"there is no admin surface: {self.last_words()}")
            time.sleep(0.01)

    def await_ready(self):
        """It forwards before all of it is ready."""
        until = time.monotonic() + START_SECS
        while self.ask("GET", "/readyz")[0] != 200:
            if time.monotonic() > until:
                raise RuntimeError(f"it is not ready after {START_SECS} s: {self.last_words()}")
            time.sleep(0.01)

    def deploy(self, jar):
        """Puts a bundle in force, unless an earlier process with this state directory did: it is there again then."""
        self.await_ready()
        status, body = self.ask("POST", "/v1/bundles", jar.read_bytes())
        there = any(problem["code"] == "not_newer" for problem in body.get("problems", []))
        if not body.get("done") and not there:
            raise RuntimeError(f"{jar.name} was not deployed: {status} {body}")

    def ask(self, method, path, content=None):
        self.await_admin()
        host, port = (self.state / "admin.address").read_text().strip().rsplit(":", 1)
        connection = http.client.HTTPConnection(host, int(port), timeout=120)
        token = (self.state / "admin.token").read_text().strip()
        try:
            connection.request(method, path, content, {"Authorization": f"Bearer {token}", "Connection": "close",
                **({"Content-Type": "application/java-archive"} if content else {})})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def allocated(self):
        """Bytes that the threads of its transports have allocated since they began, as its JVM tells; None if it does not."""
        jcmd = Path(os.readlink(f"/proc/{self.popen.pid}/exe")).parent / "jcmd"
        if not jcmd.exists():
            return None
        told = subprocess.run([str(jcmd), str(self.popen.pid), "Thread.print", "-e"], capture_output=True, text=True, timeout=30, check=False)
        found = re.findall(r'^"flow-(?:io|epoll)-.* allocated=(\d+)([BKMG]) ', told.stdout, re.MULTILINE)
        return sum(int(number) << UNITS[unit] for number, unit in found) if found else None

    def pump(self):
        """Which pump its flows use, as it says itself."""
        status, body = self.ask("GET", "/v1/status")
        return body.get("pump", "not told by /v1/status") if status == 200 else f"/v1/status answered {status}"
