# SPDX-License-Identifier: Apache-2.0
"""Ratios first, then targets, then the medians they come from."""
import json

from bench.datagrams import MANY_SESSIONS, RELAYED, SESSIONS, SIZES, TRAINS
from bench.measures import MANY_NAMES
from bench.paths import RESULTS
from bench.peers import RECORDED
from bench.ratios import Ratio, Table, of

OURS = ("portunus", "portunus-epoll", "portunus-unrecorded", "portunus-epoll-unrecorded", "portunus-copy", "portunus-capped")
BULK = ("1F", "1R", "8F", "8R")
# Measure, metric, heading, unit, digits.
METRICS = [
    *[(m, "gbit_s", f"throughput {m}", "Gbit/s", 1) for m in BULK],
    *[(m, "cpu_s_per_gb", f"CPU per GB {m}", "s", 3) for m in BULK],
    *[(m, "system_s_per_gb", f"machine CPU per GB {m}", "s", 3) for m in BULK],
    *[(m, metric, heading, unit, digits) for m, name in (("conn", "connections"), ("sni", "connections by SNI")) for
        metric, heading, unit, digits in (("per_s", name, "/s", 0), ("cpu_s_per_1000", f"{name}: CPU per 1000", "s", 4),
            ("p50_us", f"{name}: p50", "us", 0), ("p99_us", f"{name}: p99", "us", 0))],
    *[(m, metric, f"{name}: {heading}", unit, digits) for m, name in (("paced", "8000 requests/s"), ("full", "requests at full rate")) for
        metric, heading, unit, digits in (("per_s", "done", "/s", 0), ("p50_us", "p50", "us", 0), ("p99_us", "p99", "us", 0),
            ("p999_us", "p99.9", "us", 0), ("cpu_s_per_1000", "CPU per 1000", "s", 4))],
    ("garbage", "bytes_per_connection", "garbage per connection", "B", 0),
    ("idle", "kib_per_connection", "memory per idle connection", "KiB", 2),
    ("idle", "closed_per_s", "idle connections closed at once", "/s", 0),
    *[(m, metric, f"{m.replace('_', ' ')}: {heading}", "/s", 0) for metric, heading in (("per_s", "relayed"), ("per_cpu_s", "relayed per CPU second"))
        for m in [*RELAYED, TRAINS]],
    ("offered", "lost_percent", "lost of 50,000 datagrams/s", "%", 3),
    *[("datagrams_paced", metric, f"5000 datagrams/s: {heading}", "us", 0) for metric, heading in (("p50_us", "p50"), ("p99_us", "p99"))],
    ("sessions", "kib_per_session", "memory per idle session", "KiB", 2),
    ("datagrams_garbage", "bytes_per_datagram", "garbage per datagram", "B", 2),
    ("flood", "lost_percent", "lost by a rule beside one that is flooded", "%", 3),
    ("flood", "growth_kib", "memory that a flood of forged clients takes", "KiB", 0),
]


def at_least(bound):
    return lambda value: value >= bound


def at_most(bound):
    return lambda value: value <= bound


def targets(table, micro):
    """Heading, bound, ratio or value, verdict."""
    rows = []

    def add(heading, bound, ratio, met=None, unit=""):
        verdict = ratio.verdict(met) if met else "-"
        rows.append({"target": heading, "bound": bound, "value": ratio.text() + (unit if ratio.known() else ""), "verdict": verdict})

    for heading, measures in (("1 stream", BULK[:2]), ("8 streams", BULK[2:])):
        add(f"throughput, {heading}, vs haproxy-splice", ">= 1.0", table.paired("portunus", "haproxy-splice", measures, "gbit_s"), at_least(1.0))
        add(f"CPU per GB, {heading}, vs haproxy-splice", "<= 1.0", table.paired("portunus", "haproxy-splice", measures, "cpu_s_per_gb"),
            at_most(1.0))
    add("throughput with a cap far above, vs uncapped", ">= 0.95", table.paired("portunus-capped", "portunus", BULK, "gbit_s"), at_least(0.95))
    add("CPU per GB with a cap far above, vs uncapped", "<= 1.1", table.paired("portunus-capped", "portunus", BULK, "cpu_s_per_gb"),
        at_most(1.1))
    for measure, heading in (("conn", "connections"), ("sni", "connections by SNI")):
        best = table.best(("haproxy-splice", "haproxy", "nginx"), measure, "per_s", highest=True)
        for ours in ("portunus", "portunus-epoll"):
            add(f"{heading} per second, {ours} vs the best, {best}", ">= 0.9", table.paired(ours, best, [measure], "per_s"), at_least(0.9))
    for ours, without in RECORDED.items():
        add(f"connections per second, {ours} with access records vs without", ">= 0.97", table.paired(ours, without, ["conn"], "per_s"),
            at_least(0.97))
        add(f"CPU per connection, {ours} with access records vs without", "<= 1.03",
            table.paired(ours, without, ["conn"], "cpu_s_per_1000"), at_most(1.03))
    for metric, bound in (("p50_us", 1.1), ("p99_us", 1.2)):
        best = table.best(("haproxy-splice", "haproxy"), "paced", metric, highest=False)
        add(f"{metric[:3]} at 8000 requests/s vs the better, {best}", f"<= {bound}", table.paired("portunus", best, ["paced"], metric),
            at_most(bound))
    add("memory per idle connection", "<= 5 KiB", of(table.series("portunus", "idle", "kib_per_connection")), at_most(5.0), " KiB")
    for ours in ("portunus", "portunus-epoll"):
        add(f"garbage per connection, {ours}", "stated", of(table.series(ours, "garbage", "bytes_per_connection")), unit=" B")
    many, one = f"names_{MANY_NAMES}", "names_1"
    add("apply one rule of 10,000, file read and parsed", "< 5 ms", of(table.series("portunus", many, "apply_ms")), lambda v: v < 5, " ms")
    add("apply one rule: 10,000 names vs 1", "flat: <= 1.2", flat(table, many, one, "apply_ms"), at_most(1.2))
    add("connections by SNI: 10,000 names vs 1", "flat: >= 0.95", flat(table, many, one, "per_s"), at_least(0.95))
    add("cold start: 10,000 names vs 1", "stated", flat(table, many, one, "cold_start_ms"))
    rows.extend(datagram_targets(table))
    rows.extend(micro_targets(micro))
    return rows


def target(heading, bound, ratio, met, unit=""):
    return {"target": heading, "bound": bound, "value": ratio.text() + (unit if ratio.known() else ""), "verdict": ratio.verdict(met)}


def datagram_targets(table):
    """The same of datagrams, by both transports; nothing where the group was not run."""
    rows = []
    for ours in (p for p in ("portunus", "portunus-epoll") if table.series(p, "offered", "lost_percent") or table.series(p, TRAINS, "per_s")):
        for sessions in SESSIONS:
            rows.append(target(f"datagrams per CPU second, {sessions} sessions, {ours} vs nginx", ">= 2.0",
                table.paired(ours, "nginx", [f"datagrams_{size}_{sessions}" for size in SIZES], "per_cpu_s"), at_least(2.0)))
        rows.append(target(f"the same of trains by UDP_SEGMENT, {ours} vs nginx", ">= 4.0", table.paired(ours, "nginx", [TRAINS], "per_cpu_s"),
            at_least(4.0)))
        rows.append(target(f"lost of 50,000 datagrams/s, {ours}, beyond direct", "<= 0.1 %",
            beyond(table, ours, "direct", "offered", "lost_percent"), at_most(0.1), " %"))
        for metric in ("p50_us", "p99_us"):
            rows.append(target(f"{metric[:3]} at 5000 datagrams/s, {ours} vs nginx", "<= 1.0", table.paired(ours, "nginx", ["datagrams_paced"], metric),
                at_most(1.0)))
        rows.append(target(f"memory per idle session of {MANY_SESSIONS}, {ours}", "<= 2 KiB", of(table.series(ours, "sessions", "kib_per_session")),
            at_most(2.0), " KiB"))
        rows.append(target(f"bytes allocated per datagram, {ours}", "0", of(table.series(ours, "datagrams_garbage", "bytes_per_datagram")),
            lambda v: v < 0.5))
        rows.append(target(f"lost beside a rule that is flooded, {ours}", "<= 0.1 %", of(table.series(ours, "flood", "lost_percent")), at_most(0.1),
            " %"))
    return rows


def beyond(table, ours, theirs, measure, metric):
    """In each round how much more it is."""
    pairs = [(table.value(t, ours, measure, metric), table.value(t, theirs, measure, metric)) for t in table.rounds]
    return of([a - b for a, b in pairs if a is not None and b is not None])


def micro_targets(micro):
    """The same of what --micro measured; nothing of what it did not."""
    rows = []

    def add(heading, bound, value, met=None, unit=""):
        ratio = of([value])
        rows.append({"target": f"{heading} (--micro)", "bound": bound, "value": ratio.text() + unit, "verdict": ratio.verdict(met) if met else "-"})

    lookup = micro.get("RouteBenchmark.exactFromWire", [])
    if lookup:
        add("route lookup among 10,000 names", "< 200 ns", lookup[-1]["ns"], lambda v: v < 200, " ns")
        add("the same, 10,000 names vs 100", "flat: <= 2.0", lookup[-1]["ns"] / lookup[-2]["ns"], at_most(2.0))
    applied = {(e["params"]["edit"], int(e["params"]["rules"])): e["ns"] for e in micro.get("ApplyBenchmark.applyOne", [])}
    for edit, heading in (("target", "target of one of N names"), ("name", "one of N names comes or goes"), ("port", "target of one of N listeners")):
        if (edit, 10_000) in applied:
            add(f"apply one rule: {heading}, N = 10,000", "< 5 ms", applied[edit, 10_000] / 1e6, lambda v: v < 5, " ms")
            add("the same, 10,000 vs 100", "stated", applied[edit, 10_000] / applied[edit, 100])
    reads = micro.get("PumpBenchmark.event", [])
    if reads:
        add("bytes allocated per read", "0", max(e["bytes"] for e in reads), lambda v: v < 0.5)
    grants = micro.get("BucketBenchmark.grant", [])
    if grants:
        add("bytes allocated per grant of a cap", "0", max(e["bytes"] for e in grants), lambda v: v < 0.5)
    return rows


def judged(rows):
    """Targets as lines."""
    return grid([["target", "bound", "measured", "verdict"], *([t["target"], t["bound"], t["value"], t["verdict"]] for t in rows)])


def newest_micro():
    """By benchmark, time and allocation of each parameter in their order; empty when --micro was never run."""
    found = sorted(RESULTS.glob("micro-*.json"))
    micro = {}
    for r in json.loads(found[-1].read_text()) if found else []:
        allocated = r["secondaryMetrics"].get("gc.alloc.rate.norm", {}).get("score", 0.0)
        micro.setdefault(".".join(r["benchmark"].split(".")[-2:]), []).append({"params": r.get("params", {}),
            "ns": r["primaryMetric"]["score"], "bytes": allocated})
    return micro


def flat(table, many, one, metric):
    pairs = [(table.value(t, "portunus", many, metric), table.value(t, "portunus", one, metric)) for t in table.rounds]
    return of([a / b for a, b in pairs if a and b])


def grid(lines):
    """Columns as wide as they need to be; the first is flush left, the others right."""
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    return ["  ".join(cell.ljust(w) if i == 0 else cell.rjust(w) for i, (cell, w) in enumerate(zip(line, widths))).rstrip() for line in lines]


def ratio_lines(table, ours):
    others = [p for p in table.peers if p != ours]
    lines = [[f"{ours} / peer", *others]]
    for measure, metric, heading, _, _ in METRICS:
        cells = [table.paired(ours, p, [measure], metric) for p in others]
        if any(isinstance(c, Ratio) and c.known() for c in cells):
            lines.append([heading, *(c.text() for c in cells)])
    return lines


def median_lines(table):
    lines = [["median", *table.peers]]
    for measure, metric, heading, unit, digits in METRICS:
        cells = [table.median(p, measure, metric) for p in table.peers]
        if any(c is not None for c in cells):
            lines.append([f"{heading} ({unit})", *("-" if c is None else f"{c:.{digits}f}" for c in cells)])
    return lines


def names_lines(table):
    lines = [["names on one listener", "cold start ms", "ready ms", "apply one ms", "connections/s", "CPU s per 1000"]]
    for peer in (p for p in OURS if p in table.peers):
        for count in (1, MANY_NAMES):
            cells = [table.median(peer, f"names_{count}", m) for m in ("cold_start_ms", "ready_ms", "apply_ms", "per_s", "cpu_s_per_1000")]
            if any(c is not None for c in cells):
                lines.append([f"{peer}, {count}", *("-" if c is None else f"{c:.{d}f}" for c, d in zip(cells, (0, 0, 1, 0, 4)))])
    return lines


def text(document):
    """The report of a run, as printed."""
    table = Table(document["rows"], document["peers"])
    out = []
    for ours in (p for p in OURS if p in table.peers):
        out += [f"## Ratios: {ours} / peer, median of {len(table.rounds)} paired rounds [95 % interval]", "", *grid(ratio_lines(table, ours)), ""]
    out += ["## Targets", "", *judged(document["targets"]), "", "## Medians", "", *grid(median_lines(table)), ""]
    if len(names_lines(table)) > 1:
        out += [*grid(names_lines(table)), "", "Cold start: from exec to the first answered connection; ready: to /readyz. Apply: from "
            "POST /v1/reload to its answer; it includes reading, parsing and checking the whole file.", ""]
    out += ["## Run", "", *(f"{k}: {v}" for k, v in document["machine"].items()), *(f"{k}: {v}" for k, v in document["peers"].items())]
    out += [f"left out: {k}: {v}" for k, v in document["left_out"].items()]
    out += [f"pump of {k}: {v}" for k, v in document["pumps"].items()]
    noisy = sum(1 for r in document["rows"] if r.get("disturbed"))
    out += [f"DISTURBED: in {noisy} of {len(document['rows'])} rows others used more than a tenth of the machine"] if noisy else []
    out += [f"FAULT round {f['round']}, {f['peer']}, {f['group']}: {f['text']}" for f in document["faults"]]
    out += [f"INVALID round {r['round']}, {r['peer']}, {r['measure']}: {r['invalid']}" for r in document["rows"] if r["invalid"]]
    return "\n".join(out) + "\n"
