# SPDX-License-Identifier: Apache-2.0
"""What is measured, group by group. A group of a peer runs on one fresh process."""
import os
import socket
import statistics
import time
from dataclasses import dataclass

from bench import portunus
from bench.load import LoadFailed, hello, load
from bench.paths import TARGET
from bench.peers import NAME

MANY_NAMES = 10_000
CALLERS = 32
LINES = 64
RATE = 8000
WORD_BYTES = 64
DISTURBANCE = 0.1


@dataclass(frozen=True)
class Times:
    """Seconds of each measured window, how many windows of requests at a fixed rate there are, and how often a change is applied (odd, so
    that the last one undoes the others)."""
    bulk: float
    churn: float
    exchange: float
    paced_windows: int
    datagrams: float
    flood: float
    reloads: int
    warm_factor: float


NORMAL = Times(bulk=3.0, churn=2.0, exchange=2.0, paced_windows=7, datagrams=2.0, flood=10.0, reloads=5, warm_factor=1.0)
QUICK = Times(bulk=0.8, churn=1.0, exchange=1.0, paced_windows=3, datagrams=0.8, flood=3.0, reloads=3, warm_factor=0.6)


class Rows:
    """Collects the rows of one peer's process; a row that cannot be trusted says why."""

    def __init__(self, peer, proxy, into):
        self.peer = peer
        self.pids = proxy.pids()
        self.into = into

    def measure(self, name, tool, reduce, **options):
        self.into.append(self.measured(name, tool, reduce, options))

    def measured(self, name, tool, reduce, options):
        row = {"measure": name}
        try:
            raw = load(tool, self.pids, **options)
            return row | {"raw": raw, "values": reduce(raw), "invalid": self.distrust(raw), "disturbed": disturbed(raw)}
        except (LoadFailed, ZeroDivisionError) as e:
            return row | {"raw": {}, "values": {}, "invalid": str(e)}

    def measure_often(self, name, tool, reduce, times, **options):
        """A row whose values are the medians of several windows: 20 ms in which the machine does something else are the p99 of one."""
        windows = [self.measured(name, tool, reduce, options) for _ in range(times)]
        good = [w for w in windows if not w["invalid"]]
        values = {k: statistics.median(w["values"][k] for w in good) for k in (good[0]["values"] if good else {})}
        self.into.append({"measure": name, "raw": {"windows": [w["raw"] for w in windows]}, "values": values,
            "invalid": "; ".join(w["invalid"] for w in windows if w["invalid"]), "disturbed": any(w.get("disturbed") for w in windows)})

    def distrust(self, raw):
        if raw.get("wrong"):
            return f"{raw['wrong']} bytes, answers or connections were wrong"
        if not raw.get("whole", True):
            return "not every byte and end arrived"
        if self.pids and raw.get("proxy_cpu_secs") == 0.0:
            return "the proxy used no CPU: the load did not go through it"
        return ""


def disturbed(raw):
    """Whether others than proxy and load used more than a tenth of the machine meanwhile."""
    if "system_cpu_secs" not in raw:
        return False
    others = raw["system_cpu_secs"] - raw["proxy_cpu_secs"] - raw["load_cpu_secs"]
    return others > DISTURBANCE * raw["secs"] * os.cpu_count()


def bulk(peer, proxy, ports, times, into):
    rows = Rows(peer, proxy, into)
    plain, _ = peer.reached_by(ports)
    warm = peer.warm_secs * times.warm_factor
    for way in ("F", "R"):
        load("bulk", connect=plain, listen=ports.plain_backend, streams=8, way=way, secs=warm / 2)
    for streams in (1, 8):
        for way in ("F", "R"):
            rows.measure(f"{streams}{way}", "bulk", per_byte, connect=plain, listen=ports.plain_backend, streams=streams, way=way,
                secs=times.bulk, warm=0.3)


def per_byte(raw):
    gigabytes = raw["count"] / 1e9
    return {"gbit_s": 8 * gigabytes / raw["secs"], "cpu_s_per_gb": raw["proxy_cpu_secs"] / gigabytes,
        "system_s_per_gb": raw["system_cpu_secs"] / gigabytes}


def churn(peer, proxy, ports, times, into):
    rows = Rows(peer, proxy, into)
    plain, sni = peer.reached_by(ports)
    warm = peer.warm_secs * times.warm_factor
    load("churn", connect=plain, listen=ports.plain_backend, streams=CALLERS, secs=warm)
    rows.measure("conn", "churn", per_connection, connect=plain, listen=ports.plain_backend, streams=CALLERS, secs=times.churn, warm=0.3)
    load("churn", connect=sni, listen=ports.sni_backend, streams=CALLERS, secs=warm / 2, sni=NAME)
    rows.measure("sni", "churn", per_connection, connect=sni, listen=ports.sni_backend, streams=CALLERS, secs=times.churn, warm=0.3,
        sni=NAME)
    garbage(rows, proxy, plain, ports, times)


def garbage(rows, proxy, plain, ports, times):
    """What a connection allocates, from the first of a load to its last; of nobody but ourselves."""
    before = proxy.allocated() if isinstance(proxy, portunus.Running) else None
    if before is None:
        return

    def per_one(raw):
        return {"bytes_per_connection": (proxy.allocated() - before) / raw["count"]}

    rows.measure("garbage", "churn", per_one, connect=plain, listen=ports.plain_backend, streams=CALLERS, secs=times.churn)


def per_connection(raw):
    return {"per_s": raw["count"] / raw["secs"], "cpu_s_per_1000": 1000 * raw["proxy_cpu_secs"] / raw["count"],
        **{k: raw[k] for k in ("p50_us", "p99_us", "p999_us")}}


def exchange(peer, proxy, ports, times, into):
    rows = Rows(peer, proxy, into)
    plain, _ = peer.reached_by(ports)
    options = {"connect": plain, "listen": ports.plain_backend, "streams": LINES, "size": WORD_BYTES}
    load("exchange", **options, secs=peer.warm_secs * times.warm_factor)
    rows.measure_often("paced", "exchange", per_connection, times.paced_windows, **options, secs=times.exchange, warm=0.3, rate=RATE)
    rows.measure("full", "exchange", per_connection, **options, secs=times.exchange, warm=0.3)


def idle(peer, proxy, ports, times, into):
    if not proxy.pids():
        return
    rows = Rows(peer, proxy, into)
    plain, _ = peer.reached_by(ports)
    # A little of everything first, so that growth is that of the connections.
    load("churn", connect=plain, listen=ports.plain_backend, streams=8, secs=0.5)
    rows.measure("idle", "idle", per_idle, connect=plain, listen=ports.plain_backend, streams=peer.settings.connections, settle=1)


def per_idle(raw):
    memory = {"kib_per_connection": (raw["rss_after_kib"] - raw["rss_before_kib"]) / raw["connections"]}
    return memory | ({"closed_per_s": raw["closed"] / raw["closing_secs"]} if raw["closed"] == raw["connections"] else {})


def host(i):
    return f"host-{i:05d}.example.com"


def names(peer, ports, times, into):
    """1 and 10,000 names on one listener: cold start, one change of a rule, connections. Starts its processes itself."""
    for count in (1, MANY_NAMES):
        rules = [portunus.rule(host(i), ports.sni, ports.sni_backend, sni=host(i)) for i in range(count)]
        asked = host(count // 2)
        row = {"measure": f"names_{count}", "raw": {}, "values": {}, "invalid": ""}
        if not peer.primed():
            # On the caches that a first process left, as after a reboot.
            peer.start_with(rules, ports).stop()
        began = time.monotonic()
        proxy = peer.start_with(rules, ports)
        try:
            answer_one(ports, asked)
            row["values"]["cold_start_ms"] = 1000 * (time.monotonic() - began)
            proxy.await_ready()
            row["values"]["ready_ms"] = 1000 * (time.monotonic() - began)
            row["raw"]["apply_ms"] = apply_times(proxy, peer, rules, count // 2, ports, times.reloads)
            row["values"]["apply_ms"] = statistics.median(row["raw"]["apply_ms"][1:])
            load("churn", connect=ports.sni, listen=ports.sni_backend, streams=CALLERS, secs=peer.warm_secs * times.warm_factor, sni=asked)
            raw = load("churn", proxy.pids(), connect=ports.sni, listen=ports.sni_backend, streams=CALLERS, secs=times.churn, warm=0.3,
                sni=asked)
            row["raw"]["churn"] = raw
            row["values"].update(per_s=per_connection(raw)["per_s"], cpu_s_per_1000=per_connection(raw)["cpu_s_per_1000"])
            row["disturbed"] = disturbed(raw)
            row["invalid"] = f"{raw['wrong']} connections were wrong" if raw["wrong"] else ""
        except (LoadFailed, RuntimeError, OSError) as e:
            row["invalid"] = str(e)
        finally:
            proxy.stop()
        into.append(row)


def answer_one(ports, name):
    """One connection by name, through to a backend that answers: the first that is accepted counts."""
    with socket.create_server(("127.0.0.1", ports.sni_backend)) as backend:
        backend.settimeout(10)
        with socket.create_connection(("127.0.0.1", ports.sni), timeout=10) as client:
            client.sendall(hello(name))
            upstream, _ = backend.accept()
            with upstream:
                upstream.settimeout(10)
                upstream.recv(4096)
                upstream.sendall(b"k")
                if client.recv(1) != b"k":
                    raise RuntimeError("the first connection was not answered")


def apply_times(proxy, peer, rules, index, ports, turns):
    """One change more than asked for, whose first also loads classes; the last one sends the rule back to where it went at first."""
    elsewhere = (ports.sni, ports.plain_backend)
    back = (ports.sni, ports.sni_backend)
    return [apply_one(proxy, peer, rules, index, back if (turns - i) % 2 == 0 else elsewhere) for i in range(turns + 1)]


def apply_one(proxy, peer, rules, index, port):
    """Changes the target of one rule in the file and has it applied: milliseconds from request to answer, reading the file included."""
    changed = list(rules)
    changed[index] = portunus.rule(host(index), *port, sni=host(index))
    config = TARGET / f"{peer.name}.toml"
    fresh = config.with_suffix(".new")
    fresh.write_text(portunus.toml(changed))
    fresh.replace(config)
    began = time.monotonic()
    status, body = proxy.ask("POST", "/v1/reload")
    millis = 1000 * (time.monotonic() - began)
    if status != 200 or body.get("result") != "applied":
        raise RuntimeError(f"reload answered {status} {str(body)[:200]}")
    return millis


GROUPS = {"bulk": bulk, "churn": churn, "exchange": exchange, "idle": idle}
