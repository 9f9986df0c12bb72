# SPDX-License-Identifier: Apache-2.0
"""Paired ratios: portunus over a peer within one round, their median over the rounds, and how sure it is."""
import math
import random
import statistics
from dataclasses import dataclass

RESAMPLES = 10_000
SEED = 20260101


@dataclass(frozen=True)
class Ratio:
    """A median with its 95 % interval; of fewer than three rounds there is no interval."""
    median: float
    low: float
    high: float
    rounds: int

    def known(self):
        return self.rounds > 0

    def text(self):
        if not self.known():
            return "-"
        return f"{self.median:.2f}" + (f" [{self.low:.2f}, {self.high:.2f}]" if self.rounds >= 3 else "")

    def verdict(self, met):
        """Whether a bound is met by the median, or at least by an end of the interval."""
        if not self.known():
            return "not measured"
        if met(self.median):
            return "met"
        return "interval contains it" if self.rounds >= 3 and (met(self.low) or met(self.high)) else "missed"


def of(values):
    """Median and percentile bootstrap of the ratios of all rounds; the seed is fixed, so the same rows give the same interval."""
    values = [v for v in values if v is not None]
    if not values:
        return Ratio(math.nan, math.nan, math.nan, 0)
    median = statistics.median(values)
    if len(values) < 3:
        return Ratio(median, median, median, len(values))
    dice = random.Random(SEED)
    medians = sorted(statistics.median(dice.choices(values, k=len(values))) for _ in range(RESAMPLES))
    return Ratio(median, medians[int(0.025 * RESAMPLES)], medians[int(0.975 * RESAMPLES) - 1], len(values))


class Table:
    """Valid rows by round, peer and measure."""

    def __init__(self, rows, peers):
        self.cells = {(r["round"], r["peer"], r["measure"]): r["values"] for r in rows if not r["invalid"]}
        self.rounds = sorted({r["round"] for r in rows})
        measured = {r["peer"] for r in rows}
        self.peers = [p for p in peers if p in measured]

    def value(self, turn, peer, measure, metric):
        return self.cells.get((turn, peer, measure), {}).get(metric)

    def series(self, peer, measure, metric):
        """A value of every round that has one."""
        found = (self.value(t, peer, measure, metric) for t in self.rounds)
        return [v for v in found if v is not None]

    def median(self, peer, measure, metric):
        values = self.series(peer, measure, metric)
        return statistics.median(values) if values else None

    def paired(self, ours, theirs, measures, metric):
        """In each round the geometric mean of the ratios of the measures."""
        return of([self.round_ratio(t, ours, theirs, measures, metric) for t in self.rounds])

    def round_ratio(self, turn, ours, theirs, measures, metric):
        logs = []
        for measure in measures:
            a, b = self.value(turn, ours, measure, metric), self.value(turn, theirs, measure, metric)
            if not a or not b:
                return None
            logs.append(math.log(a / b))
        return math.exp(sum(logs) / len(logs))

    def best(self, peers, measure, metric, highest):
        """The peer with the best median."""
        known = [(self.median(p, measure, metric), p) for p in peers if self.median(p, measure, metric)]
        return (max(known) if highest else min(known))[1] if known else peers[0]
