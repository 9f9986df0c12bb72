# SPDX-License-Identifier: Apache-2.0
"""Who is measured. A peer that is missing is a reason to refuse, one that cannot be here (nft, the cap) is left out with a sentence."""
import os
import shlex
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from bench import portunus
from bench.paths import TARGET
from bench.ports import await_datagrams, await_listener, is_free
from bench.process import Proxy

NAME = "www.example.com"
PIPE_BYTES = 1 << 20
START_SECS = 10
# The columns of the group of datagrams, beside what --peer adds.
RELAY_DATAGRAMS = ("direct", "nginx", "portunus", "portunus-epoll")


@dataclass(frozen=True)
class Ports:
    """Where a peer listens, and its backends."""
    plain: int
    sni: int
    plain_backend: int
    sni_backend: int
    # Of all clients of datagrams, who differ in their addresses; 0 for any.
    clients: int = 0


@dataclass(frozen=True)
class Settings:
    """What holds for every peer of a run."""
    threads: int
    connections: int
    descriptors: int


class Peer:
    """One column of the table."""
    # Load before the first measured row of a process; a JVM compiles meanwhile.
    warm_secs = 0.3
    needs_network = False

    def __init__(self, name, settings):
        self.name = name
        self.settings = settings

    def missing(self):
        """What to install; empty when it is there."""
        return ""

    def left_out(self):
        """Why it cannot take part; empty when it can."""
        return ""

    def version(self):
        return ""

    def start(self, ports):
        """A fresh process that listens; a context manager is not needed, the caller stops it."""
        raise NotImplementedError

    def takes_part_in(self, group):
        return group != "datagrams" or self.name in RELAY_DATAGRAMS

    def start_for(self, group, ports):
        """A fresh process that does what this group needs."""
        return self.start_datagrams(ports) if group == "datagrams" else self.start(ports)

    def start_datagrams(self, ports):
        """The same for datagrams: the second port is the one that is flooded."""
        return self.start(ports)

    def reached_by(self, ports):
        """The ports a client connects to: plain and by name."""
        return ports.plain, ports.sni

    def run(self, command, ports, processes=1, awaited=await_listener):
        for port in (ports.plain, ports.sni):
            if not is_free(port):
                raise RuntimeError(f"{self.name}: port {port} is taken")
        proxy = Proxy(command, TARGET / f"{self.name}.log")
        try:
            for port in self.reached_by(ports):
                if port:
                    awaited(port, proxy.popen, START_SECS)
            proxy.await_processes(processes, START_SECS)
        except RuntimeError as e:
            proxy.stop()
            raise RuntimeError(f"{self.name}: {e}: {proxy.last_words()}") from e
        return proxy


class NoProcess:
    """Stands where a proxy would: nothing between client and backend, or the kernel alone."""

    def __init__(self, end=lambda: None):
        self.stop = end

    def pids(self):
        return []


class Direct(Peer):
    def start(self, ports):
        return NoProcess()

    def reached_by(self, ports):
        return ports.plain_backend, ports.sni_backend


class Nft(Peer):
    """REDIRECT in the kernel, of connections that are made on this machine."""
    needs_network = True

    def left_out(self):
        if not shutil.which("nft"):
            return "there is no nft (apt-get install nftables)"
        problem = self.load("add table ip bench_probe; add chain ip bench_probe out { type nat hook output priority -100; }; "
            "add rule ip bench_probe out tcp dport 1 redirect to :2; delete table ip bench_probe")
        return f"the kernel refuses it: {problem}" if problem else ""

    def version(self):
        return first_line(["nft", "--version"])

    def start(self, ports):
        problem = self.load(f"add table ip bench; add chain ip bench out {{ type nat hook output priority -100; }}; "
            f"add rule ip bench out tcp dport {ports.plain} redirect to :{ports.plain_backend}; "
            f"add rule ip bench out tcp dport {ports.sni} redirect to :{ports.sni_backend}")
        if problem:
            raise RuntimeError(f"nft: {problem}")
        return NoProcess(lambda: self.load("delete table ip bench"))

    @staticmethod
    def load(commands):
        done = subprocess.run(["nft", commands], capture_output=True, text=True, timeout=10, check=False)
        return "" if done.returncode == 0 else (done.stderr.strip().splitlines() or ["no reason given"])[0]


class HaProxy(Peer):
    def __init__(self, name, settings, splice):
        super().__init__(name, settings)
        self.splice = splice

    def missing(self):
        return "" if shutil.which("haproxy") else "haproxy is not installed: apt-get install haproxy"

    def version(self):
        return first_line(["haproxy", "-v"])

    def start(self, ports):
        config = TARGET / f"{self.name}.cfg"
        config.write_text(self.config(ports))
        return self.run(["haproxy", "-db", "-q", "-f", str(config)], ports)

    def config(self, ports):
        # splice-auto did not splice in uploads (HAProxy 2.6), so both directions are asked for by name.
        size = f"  tune.pipesize {PIPE_BYTES}\n  maxpipes 64\n" if self.splice else ""
        splice = "  option splice-request\n  option splice-response\n" if self.splice else ""
        return f"""global
  nbthread {self.settings.threads}
  maxconn {self.settings.connections + 200}
  ulimit-n {self.settings.descriptors}
{size}defaults
  mode tcp
  timeout connect 5s
  timeout client 1h
  timeout server 1h
{splice}listen plain
  bind 127.0.0.1:{ports.plain} backlog 4096
  server backend 127.0.0.1:{ports.plain_backend}
frontend sni
  bind 127.0.0.1:{ports.sni} backlog 4096
  tcp-request inspect-delay 5s
  tcp-request content accept if {{ req.ssl_hello_type 1 }}
  use_backend named if {{ req.ssl_sni -i {NAME} }}
backend named
  server backend 127.0.0.1:{ports.sni_backend}
"""


class Nginx(Peer):
    MODULES = ("/usr/lib/nginx/modules", "/usr/lib64/nginx/modules", "/usr/share/nginx/modules")

    def missing(self):
        if not shutil.which("nginx"):
            return "nginx is not installed: apt-get install nginx-light libnginx-mod-stream"
        build = self.build()
        if "--with-stream " in build + " " or self.module():
            return "" if "stream_ssl_preread" in build else "this nginx has no stream_ssl_preread module: apt-get install nginx-light"
        return "nginx has no stream module: apt-get install libnginx-mod-stream"

    def version(self):
        return self.build().splitlines()[0]

    @staticmethod
    def build():
        return subprocess.run(["nginx", "-V"], capture_output=True, text=True, timeout=10, check=False).stderr

    def module(self):
        return next((f"{d}/ngx_stream_module.so" for d in self.MODULES if Path(d, "ngx_stream_module.so").exists()), None)

    def start(self, ports):
        # Without proxy_half_close, nginx 1.22 now and then loses the last bytes of an upload.
        return self.run(self.command(f"""  proxy_half_close on;
  map $ssl_preread_server_name $named {{ {NAME} 127.0.0.1:{ports.sni_backend}; }}
  server {{ listen 127.0.0.1:{ports.plain} backlog=4096 reuseport; proxy_pass 127.0.0.1:{ports.plain_backend}; }}
  server {{ listen 127.0.0.1:{ports.sni} backlog=4096 reuseport; ssl_preread on; proxy_pass $named; }}"""), ports, 1 + self.settings.threads)

    def start_datagrams(self, ports):
        return self.run(self.command(f"""  server {{ listen 127.0.0.1:{ports.plain} udp reuseport; proxy_pass 127.0.0.1:{ports.plain_backend}; }}
  server {{ listen 127.0.0.1:{ports.sni} udp reuseport; proxy_pass 127.0.0.1:{ports.sni_backend}; }}"""), ports, 1 + self.settings.threads,
            await_datagrams)

    def command(self, servers):
        """It listens before it has its workers."""
        config = TARGET / "nginx.conf"
        module = f"load_module {self.module()};\n" if self.module() else ""
        user = "user root;\n" if os.geteuid() == 0 else ""
        config.write_text(f"""{module}{user}daemon off;
worker_processes {self.settings.threads};
worker_rlimit_nofile {self.settings.descriptors};
pid {TARGET}/nginx.pid;
error_log stderr crit;
events {{ worker_connections {self.settings.descriptors - 100}; multi_accept on; }}
stream {{
  proxy_timeout 1h;
{servers}
}}
""")
        return ["nginx", "-p", str(TARGET), "-e", "stderr", "-c", str(config)]


class Portunus(Peer):
    # Until the second compiler is done with the path of a connection; it shares the processors with the load.
    warm_secs = 12.0

    def __init__(self, name, settings, distribution, splice=True, rule_lines=(), records=True):
        super().__init__(name, settings)
        self.distribution = distribution
        self.splice = splice
        self.records = records
        self.rule_lines = rule_lines

    def missing(self):
        return "" if self.distribution.script.exists() else "Portunus is not built: mvn -Dmaven.test.skip=true package, or --dist"

    def left_out(self):
        return self.distribution.refuses(self.rule_lines) if self.rule_lines else ""

    def version(self):
        return self.distribution.version()

    def state(self):
        directory = TARGET / f"{self.name}.state"
        directory.mkdir(parents=True, exist_ok=True)
        return directory

    def primed(self):
        """Whether an earlier process of this run left its caches."""
        return (self.state() / "admin.token").exists()

    def environment(self):
        options = os.environ.get("PORTUNUS_JAVA_OPTS", "") + self.options()
        if self.settings.threads != os.cpu_count():
            options += f" -XX:ActiveProcessorCount={self.settings.threads}"
        return {"PORTUNUS_JAVA_OPTS": options.strip(), **({} if self.splice else {"PORTUNUS_DISABLE_SPLICE": "1"})}

    def start(self, ports):
        rules = [portunus.rule("plain", ports.plain, ports.plain_backend, lines=self.rule_lines),
            portunus.rule("named", ports.sni, ports.sni_backend, sni=NAME, lines=self.rule_lines)]
        return self.start_with(rules, ports)

    def start_datagrams(self, ports):
        # The flooded one has as many sessions as it may have by default, the other one as many as there are.
        rules = [portunus.rule("datagrams", ports.plain, ports.plain_backend, lines=[*self.rule_lines, 'protocol = "udp"', "udp_max_flows = 65535"]),
            portunus.rule("flooded", ports.sni, ports.sni_backend, lines=[*self.rule_lines, 'protocol = "udp"'])]
        return self.start_with(rules, ports, await_datagrams)

    def options(self):
        """More options of its JVM."""
        return ""

    def start_with(self, rules, ports, awaited=await_listener):
        for port in (ports.plain, ports.sni):
            if not is_free(port):
                raise RuntimeError(f"{self.name}: port {port} is taken")
        config = TARGET / f"{self.name}.toml"
        config.write_text(portunus.toml(rules, self.records))
        return portunus.Running(self, config, ports.sni, awaited)


class Capped(Portunus):
    """Every flow under a policy that is not shipped, with a cap that none of them reaches."""
    jar = None

    def left_out(self):
        self.jar, why = self.distribution.build_cap()
        return why

    def options(self):
        return f" -Dcap.bytes_per_second={portunus.CAP}"

    def start_with(self, rules, ports, awaited=await_listener):
        running = super().start_with(rules, ports, awaited)
        try:
            running.deploy(self.jar)
        except (RuntimeError, OSError):
            running.stop()
            raise
        return running


class Named(Peer):
    """A relay of datagrams by a command of the user's, in which {listen}, {target}, {flooded} and {flooded_target} are ports of 127.0.0.1; without
    the latter two it is not flooded."""

    def __init__(self, name, settings, command):
        super().__init__(name, settings)
        self.words = shlex.split(command)

    def missing(self):
        return "" if shutil.which(self.words[0]) else f"{self.words[0]} is not installed"

    def takes_part_in(self, group):
        return group == "datagrams"

    def reached_by(self, ports):
        return ports.plain, ports.sni if any("{flooded}" in word for word in self.words) else 0

    def start(self, ports):
        names = {"listen": ports.plain, "target": ports.plain_backend, "flooded": ports.sni, "flooded_target": ports.sni_backend}
        return self.run([word.format(**names) for word in self.words], ports, awaited=await_datagrams)


def first_line(command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    return (done.stdout or done.stderr).strip().splitlines()[0]


# What the access records cost: each with them, as shipped, beside itself without.
RECORDED = {"portunus": "portunus-unrecorded", "portunus-epoll": "portunus-epoll-unrecorded"}


def all_peers(settings, distribution):
    return [
        Direct("direct", settings),
        Nft("nft", settings),
        HaProxy("haproxy-splice", settings, splice=True),
        HaProxy("haproxy", settings, splice=False),
        Nginx("nginx", settings),
        Portunus("portunus", settings, distribution),
        Portunus("portunus-epoll", settings, distribution, rule_lines=['transport = "epoll"']),
        Portunus("portunus-unrecorded", settings, distribution, records=False),
        Portunus("portunus-epoll-unrecorded", settings, distribution, rule_lines=['transport = "epoll"'], records=False),
        Portunus("portunus-copy", settings, distribution, splice=False),
        Capped("portunus-capped", settings, distribution),
    ]
