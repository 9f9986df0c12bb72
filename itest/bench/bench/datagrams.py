# SPDX-License-Identifier: Apache-2.0
"""The group of datagrams: relayed with as little as may be, lost, late, what a session keeps, and what a flood of new clients does to others."""
from bench.load import load
from bench.measures import Rows, per_connection

SIZES = (64, 512, 1400)
MANY_SESSIONS = 9000
SOME_SESSIONS = 1000
# The most first, so that they are there still from the measure of their memory.
SESSIONS = (MANY_SESSIONS, SOME_SESSIONS, 1)
TRAIN = 32
OFFERED_RATE = 50_000
PACED_RATE = 5000
PACED_SESSIONS = 64
# 100,000 in ten seconds.
FLOOD_RATE = 10_000
RELAYED = [f"datagrams_{size}_{sessions}" for sessions in SESSIONS for size in SIZES]
TRAINS = "trains_1400_1"


def datagrams(peer, proxy, ports, times, into):
    rows = Rows(peer, proxy, into)
    plain, flooded = peer.reached_by(ports)
    common = {"connect": plain, "listen": ports.plain_backend, "from": ports.clients}
    load("datagrams", **common, streams=SOME_SESSIONS, size=64, way="R", secs=peer.warm_secs * times.warm_factor)
    if proxy.pids():
        # Twice from each of the clients, of which some are there already.
        rows.measure("sessions", "datagrams", per_session, **common, streams=MANY_SESSIONS, size=64, way="R", rate=MANY_SESSIONS, secs=2, settle=1)
    for sessions in SESSIONS:
        for size in SIZES:
            rows.measure(f"datagrams_{size}_{sessions}", "datagrams", per_datagram, **common, streams=sessions, size=size, way="R",
                secs=times.datagrams, warm=0.3)
    rows.measure(TRAINS, "datagrams", per_datagram, **common, streams=1, size=1400, way="R", train=TRAIN, secs=times.datagrams, warm=0.3)
    garbage(rows, proxy, common, times)
    rows.measure("offered", "datagrams", lost, **common, streams=SOME_SESSIONS, size=64, way="F", rate=OFFERED_RATE, secs=times.datagrams, warm=0.3)
    rows.measure_often("datagrams_paced", "datagrams", per_connection, times.paced_windows, **common, streams=PACED_SESSIONS, size=64, way="R",
        rate=PACED_RATE, secs=times.datagrams, warm=0.3)
    if flooded:
        rows.measure("flood", "datagrams", flood, **common, streams=SOME_SESSIONS, size=64, way="F", rate=PACED_RATE, secs=times.flood, flood=flooded,
            flood_listen=ports.sni_backend, flood_rate=FLOOD_RATE)


def per_datagram(raw):
    """Both ways count: each datagram is relayed to the backend, and its answer back."""
    cpu = {"per_cpu_s": raw["count"] / raw["proxy_cpu_secs"]} if raw["proxy_cpu_secs"] else {}
    return {"per_s": raw["count"] / raw["secs"], **cpu}


def per_session(raw):
    return {"kib_per_session": (raw["rss_after_kib"] - raw["rss_before_kib"]) / (MANY_SESSIONS - SOME_SESSIONS)}


def lost(raw):
    return {"lost_percent": 100 * (raw["sent"] - raw["arrived"]) / raw["sent"]}


def flood(raw):
    return {**lost(raw), "forged": raw["forged"], "growth_kib": raw["rss_after_kib"] - raw["rss_before_kib"]}


def garbage(rows, proxy, common, times):
    """What a datagram allocates on the loops, over sessions that are there; of nobody but ourselves."""
    before = proxy.allocated() if hasattr(proxy, "allocated") else None
    if before is None:
        return

    def per_one(raw):
        return {"bytes_per_datagram": (proxy.allocated() - before) / (raw["arrived"] + raw["answered"])}

    rows.measure("datagrams_garbage", "datagrams", per_one, **common, streams=SOME_SESSIONS, size=64, way="R", secs=times.datagrams)
