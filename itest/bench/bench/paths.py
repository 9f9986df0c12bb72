# SPDX-License-Identifier: Apache-2.0
"""Where things are."""
from pathlib import Path

BENCH = Path(__file__).resolve().parent.parent
ROOT = BENCH.parent.parent
TARGET = BENCH / "target"
RESULTS = TARGET / "results"
LOAD = TARGET / "load"
