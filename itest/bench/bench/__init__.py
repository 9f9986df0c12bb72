# SPDX-License-Identifier: Apache-2.0
"""The bench: peers side by side, the same load, ratios first. Python's standard library only."""
