# SPDX-License-Identifier: Apache-2.0
"""The command line, and the order of a run: rounds, in each every group, in each every peer once, on a fresh process."""
import argparse
import json
import os
import resource
import shutil
import signal
import sys
import time
from pathlib import Path

from bench import datagrams, flags, machine, measures, micro, peers, report
from bench.load import LoadFailed
from bench.paths import RESULTS, TARGET
from bench.portunus import Distribution, built
from bench.ports import Ports

GROUPS = {**measures.GROUPS, "datagrams": datagrams.datagrams}
# Sockets a proxy may hold more than before a group, for admin connections that linger.
SPARE_SOCKETS = 4


def options():
    p = argparse.ArgumentParser(prog="itest/bench/run", description="Measures the appliance beside other proxies. See README.md.")
    p.add_argument("--rounds", type=int, help="interleaved rounds; default 5, with --quick 3")
    p.add_argument("--quick", action="store_true", help="shorter windows and fewer rounds: for a look, not for a claim")
    p.add_argument("--without", action="append", default=[], metavar="NAME", help="leave a peer out; may be repeated")
    p.add_argument("--peer", action="append", default=[], metavar="NAME=COMMAND", help="a further peer of the group datagrams; may be repeated. "
        "In its command {listen} and {target} are ports, also {flooded} and {flooded_target}")
    p.add_argument("--only", action="append", default=[], choices=[*GROUPS, "names"], help="only this group; may be repeated")
    p.add_argument("--threads", type=int, default=os.cpu_count(), help="threads of each proxy; default one a processor")
    p.add_argument("--connections", type=int, default=9500, help="idle connections; default 9500")
    p.add_argument("--dist", type=Path, help="unpacked distribution to measure; default the newest under distribution/target")
    p.add_argument("--records", action="store_true", help="only what access records cost: connections with them and without, on both transports")
    p.add_argument("--micro", action="store_true", help="run the JMH benchmarks of the inner parts instead")
    p.add_argument("--flags", nargs="*", choices=[f.name for f in flags.SETS], metavar="SET",
        help="compare flags of the appliance's JVM instead, all sets or these: " + ", ".join(f.name for f in flags.SETS))
    p.add_argument("--own-network", action="store_true", help=argparse.SUPPRESS)
    chosen = p.parse_args()
    if chosen.records:
        chosen.only = chosen.only or ["churn"]
    return chosen


def distribution(chosen):
    """A copy of the one that is measured, without caches of another build."""
    source = chosen.dist or built()
    if source is None:
        sys.exit("bench: Portunus is not built: mvn -Dmaven.test.skip=true package, or name an unpacked distribution with --dist")
    copied = Distribution(source)
    copied.copy()
    for state in TARGET.glob("portunus*.state"):
        shutil.rmtree(state)
    return copied


def named_peers(given, settings):
    """Those of --peer."""
    for each in given:
        name, equals, command = each.partition("=")
        if not (name and equals and command.strip()):
            sys.exit(f"bench: --peer {each}: it is NAME=COMMAND, as in --peer 'socat=socat UDP4-LISTEN:{{listen}},fork UDP4:127.0.0.1:{{target}}'")
    return [peers.Named(name, settings, command) for name, _, command in (each.partition("=") for each in given)]


def choose(chosen, settings):
    """Those that take part, and why others do not. Refuses to go on when one is missing that was not left out by name."""
    known = peers.all_peers(settings, distribution(chosen)) + named_peers(chosen.peer, settings)
    if chosen.records:
        pairs = {*peers.RECORDED, *peers.RECORDED.values()}
        chosen.without = [p.name for p in known if p.name not in pairs]
    unknown = set(chosen.without) - {p.name for p in known} - {"haproxy"}
    if unknown:
        sys.exit(f"bench: no peer is called {', '.join(sorted(unknown))}; there are {', '.join(p.name for p in known)}")
    wanted = [p for p in known if p.name not in chosen.without and not (p.name.startswith("haproxy") and "haproxy" in chosen.without)]
    out = {p.name: "left out by --without" for p in known if p not in wanted}
    missing = {p.name: p.missing() for p in wanted if p.missing()}
    if missing:
        sys.exit("bench refuses to run without a peer:\n" + "\n".join(f"  {why}, or --without {name}" for name, why in missing.items()))
    for peer in wanted:
        why = "it would change the machine's own rules; needs a network of its own" if peer.needs_network and not chosen.own_network \
            else peer.left_out()
        if why:
            out[peer.name] = why
    return [p for p in wanted if p.name not in out], out


class Run:
    """One run: its rows and faults."""

    def __init__(self, times, taking_part):
        self.times = times
        self.taking_part = taking_part
        self.ports = Ports()
        self.rows, self.faults, self.pumps = [], [], {}

    def group(self, turn, name):
        # Another one begins in each round, so that nobody always follows the same neighbour.
        shift = turn % len(self.taking_part)
        for peer in (p for p in self.taking_part[shift:] + self.taking_part[:shift] if p.takes_part_in(name)):
            print(f"round {turn + 1}: {name}: {peer.name}", file=sys.stderr, flush=True)
            ports = peers.Ports(*(self.ports.take() for _ in range(5)))
            into = []
            try:
                if name == "names":
                    # Neither pump nor cap matters here.
                    if peer.name == "portunus":
                        measures.names(peer, ports, self.times, into)
                else:
                    self.on_fresh_process(turn, name, peer, ports, into)
            except (LoadFailed, RuntimeError, OSError) as e:
                self.fault(turn, name, peer, str(e))
            self.rows += [{"round": turn, "group": name, "peer": peer.name, **row} for row in into]

    def on_fresh_process(self, turn, name, peer, ports, into):
        proxy = peer.start_for(name, ports)
        try:
            before = proxy.descriptors() if proxy.pids() else {}
            GROUPS[name](peer, proxy, ports, self.times, into)
            if hasattr(proxy, "pump"):
                # Asked last: the bundle that splices may come up after the first connection.
                self.pumps[peer.name] = proxy.pump()
            if before and name != "datagrams":
                # Sessions of datagrams end by silence, for which nobody waits here.
                after = proxy.settled(before["sockets"] + SPARE_SOCKETS)
                for row in into:
                    row["descriptors"] = {"before": before, "after": after}
                if after["sockets"] > before["sockets"] + SPARE_SOCKETS:
                    self.fault(turn, name, peer, f"sockets are left open: {before['sockets']} before, {after['sockets']} after")
        finally:
            proxy.stop()

    def fault(self, turn, name, peer, text):
        self.faults.append({"round": turn, "group": name, "peer": peer.name, "text": text})
        print(f"FAULT {peer.name}: {text}", file=sys.stderr, flush=True)


def widen_ports():
    """Only in a network of its own: enough ports for clients, above those of the listeners."""
    Path("/proc/sys/net/ipv4/ip_local_port_range").write_text("20000 65000")


def main():
    chosen = options()
    if chosen.micro:
        sys.exit(micro.run(chosen.quick))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("bench: terminated"))
    TARGET.mkdir(exist_ok=True)
    RESULTS.mkdir(exist_ok=True)
    _, limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    # A proxy needs two descriptors a connection, and some for itself.
    settings = peers.Settings(chosen.threads, min(chosen.connections, limit // 2 - 450), limit)
    if chosen.own_network:
        widen_ports()
    rounds = chosen.rounds or (3 if chosen.quick else 5)
    if chosen.flags is not None:
        flags.run(chosen.flags, flags.Comparison(settings, distribution(chosen), Ports()), rounds)
        return
    taking_part, out = choose(chosen, settings)
    if settings.connections < chosen.connections:
        out["idle connections"] = f"{settings.connections} instead of {chosen.connections}: the descriptor limit is {limit}"
    for name, why in out.items():
        print(f"left out: {name}: {why}", file=sys.stderr)
    document = {"machine": machine.describe(settings, chosen.own_network), "peers": {p.name: p.version() for p in taking_part}, "left_out": out,
        "options": {k: str(v) for k, v in vars(chosen).items()}}
    run = Run(measures.QUICK if chosen.quick else measures.NORMAL, taking_part)
    began = time.monotonic()
    try:
        for turn in range(rounds):
            for name in chosen.only or [*GROUPS, "names"]:
                run.group(turn, name)
    finally:
        document.update(rows=run.rows, faults=run.faults, pumps=run.pumps, minutes=round((time.monotonic() - began) / 60, 1))
        finish(document)


def finish(document):
    stem = RESULTS / time.strftime("%Y%m%d-%H%M%S")
    document["targets"] = report.targets(report.Table(document["rows"], document["peers"]), report.newest_micro())
    stem.with_suffix(".json").write_text(json.dumps(document, indent=1) + "\n")
    text = report.text(document)
    stem.with_suffix(".txt").write_text(text)
    print(text)
    print(f"{document['minutes']} minutes; raw data: itest/bench/target/results/{stem.name}.json")


main()
