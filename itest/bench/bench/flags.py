# SPDX-License-Identifier: Apache-2.0
"""Compares flags of the appliance's JVM: the same load on a fresh process for each set of flags, in interleaved rounds."""
import json
import os
import re
import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from bench import peers
from bench.load import LoadFailed, load
from bench.measures import CALLERS, LINES, RATE, WORD_BYTES, answer_one, per_connection
from bench.paths import RESULTS, TARGET
from bench.ratios import of
from bench.report import grid

# Seconds of load from the first connection on, each of which is told.
FIRST_SECS = 6
WARM_SECS = 12

CACHE = TARGET / "portunus.aot"
SHIPPED = "shipped"
NO_SERIAL = "-XX:-UseSerialGC "


@dataclass(frozen=True)
class FlagSet:
    """Flags that stand behind those of the start script, so the last word is theirs."""
    name: str
    options: str


SETS = [
    FlagSet(SHIPPED, ""),
    FlagSet("c1-only", "-XX:TieredStopAtLevel=1"),
    FlagSet("metaspace-64m", "-XX:MetaspaceSize=64m"),
    FlagSet("young-32m", "-XX:MetaspaceSize=64m -Xmn32m"),
    FlagSet("full-headers", "-XX:-UseCompactObjectHeaders"),
    FlagSet("g1", NO_SERIAL + "-XX:+UseG1GC"),
    FlagSet("parallel", NO_SERIAL + "-XX:+UseParallelGC"),
    FlagSet("zgc", NO_SERIAL + "-XX:+UseZGC"),
    FlagSet("default-gc", NO_SERIAL),
    FlagSet("calm-compilers", "-XX:ThreadPriorityPolicy=1 -XX:CompilerThreadPriority=10"),
    FlagSet("aot-cache", f"-XX:AOTCache={CACHE}"),
]
# What is measured, its unit, digits, and whether more of it is better.
COLUMNS = [("start_ms", "start", 0), ("first_per_s", "conn/s, 1st s", 0), ("third_per_s", "3rd s", 0), ("sixth_per_s", "6th s", 0),
    ("steady_per_s", "steady", 0), ("us_per_connection", "us/conn", 0), ("p50_us", "8000/s p50", 0), ("p99_us", "p99", 0), ("p999_us", "p99.9", 0),
    ("full_per_s", "full req/s", 0), ("rss_mib", "RSS MiB", 0), ("pauses", "GCs", 0), ("longest_ms", "longest ms", 1)]
PAUSE = re.compile(r"Pause .* ([0-9.]+)ms$", re.MULTILINE)


class Flagged(peers.Portunus):
    """The appliance with flags of its own."""

    def __init__(self, flags, settings, distribution):
        super().__init__("portunus-flags", settings, distribution)
        self.flags = flags
        self.gc_log = TARGET / "gc.log"

    def environment(self):
        return {"PORTUNUS_JAVA_OPTS": f"{self.flags.options} -Xlog:gc:file={self.gc_log}:none"}



class Comparison:
    """One run over every set of flags."""

    def __init__(self, settings, distribution, ports):
        self.columns = [Flagged(f, settings, distribution) for f in SETS]
        self.ports = ports
        self.rows = []

    def train(self):
        """Makes the cache that a set names, from a start and some connections."""
        CACHE.unlink(missing_ok=True)
        first = self.columns[0]
        trained = Flagged(FlagSet("training", f"-XX:AOTCacheOutput={CACHE}"), first.settings, first.distribution)
        ports = self.fresh_ports()
        proxy = trained.start(ports)
        try:
            load("churn", connect=ports.plain, listen=ports.plain_backend, streams=CALLERS, secs=2)
        finally:
            proxy.stop()

    def fresh_ports(self):
        return peers.Ports(*(self.ports.take() for _ in range(4)))

    def round(self, turn):
        shift = turn % len(self.columns)
        for column in self.columns[shift:] + self.columns[:shift]:
            print(f"round {turn + 1}: {column.flags.name}", file=sys.stderr, flush=True)
            try:
                self.rows.append({"round": turn, "flags": column.flags.name, "values": measured(column, self.fresh_ports())})
            except (LoadFailed, RuntimeError, OSError) as e:
                print(f"FAULT {column.flags.name}: {e}", file=sys.stderr, flush=True)


def measured(peer, ports):
    """All values of one fresh process."""
    peer.gc_log.unlink(missing_ok=True)
    began = time.monotonic()
    proxy = peer.start(ports)
    try:
        answer_one(ports, peers.NAME)
        values = {"start_ms": 1000 * (time.monotonic() - began)}
        churn = {"connect": ports.plain, "listen": ports.plain_backend, "streams": CALLERS}
        seconds = [rate(load("churn", **churn, secs=1)) for _ in range(FIRST_SECS)]
        values.update(first_per_s=seconds[0], third_per_s=seconds[2], sixth_per_s=seconds[5])
        load("churn", **churn, secs=WARM_SECS - FIRST_SECS)
        steady = per_connection(load("churn", proxy.pids(), **churn, secs=3, warm=0.3))
        values.update(steady_per_s=steady["per_s"], us_per_connection=1000 * steady["cpu_s_per_1000"])
        lines = {"connect": ports.plain, "listen": ports.plain_backend, "streams": LINES, "size": WORD_BYTES}
        load("exchange", **lines, secs=3, rate=RATE)
        paced = load("exchange", **lines, secs=5, warm=0.3, rate=RATE)
        values.update({p: paced[p] for p in ("p50_us", "p99_us", "p999_us")})
        values["full_per_s"] = rate(load("exchange", **lines, secs=2, warm=0.3))
        values["rss_mib"] = resident(proxy)
    finally:
        proxy.stop()
    pauses = [float(p) for p in PAUSE.findall(peer.gc_log.read_text(encoding="utf-8"))]
    return values | {"pauses": len(pauses), "longest_ms": max(pauses, default=0.0)}


def rate(raw):
    return raw["count"] / raw["secs"]


def resident(proxy):
    pages = sum(int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) for pid in proxy.pids())
    return pages * os.sysconf("SC_PAGESIZE") / (1 << 20)


def run(names, comparison, rounds):
    """The sets of these names, or all, in each round; prints medians, and ratios to the flags that are shipped."""
    comparison.columns = [c for c in comparison.columns if not names or c.flags.name in {SHIPPED, *names}]
    if any(str(CACHE) in c.flags.options for c in comparison.columns):
        comparison.train()
    for turn in range(rounds):
        comparison.round(turn)
    stem = RESULTS / time.strftime("flags-%Y%m%d-%H%M%S")
    stem.with_suffix(".json").write_text(json.dumps({"sets": {f.name: f.options for f in SETS}, "rows": comparison.rows}, indent=1) + "\n")
    text = report(comparison.rows)
    stem.with_suffix(".txt").write_text(text)
    print(text)


def report(rows):
    names = [f.name for f in SETS if any(r["flags"] == f.name for r in rows)]
    medians = [["median of the rounds", *(heading for _, heading, _ in COLUMNS)]]
    ratios = [[f"ratio to {SHIPPED}", *(heading for _, heading, _ in COLUMNS)]]
    for name in names:
        medians.append([name, *(shown(rows, name, metric, digits) for metric, _, digits in COLUMNS)])
        ratios.append([name, *(paired(rows, name, metric).text() for metric, _, _ in COLUMNS)])
    sets = [["flags", "behind those of the start script"], *([f.name, f.options] for f in SETS if f.name in names)]
    return "\n".join([*grid(medians), "", *grid(ratios), "", *grid(sets), ""])


def shown(rows, name, metric, digits):
    values = [r["values"][metric] for r in rows if r["flags"] == name]
    return f"{statistics.median(values):.{digits}f}" if values else "-"


def paired(rows, name, metric):
    by_round = {(r["round"], r["flags"]): r["values"][metric] for r in rows}
    turns = sorted({r["round"] for r in rows})
    pairs = [(by_round.get((t, name)), by_round.get((t, SHIPPED))) for t in turns]
    return of([a / b for a, b in pairs if a and b])
