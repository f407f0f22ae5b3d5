#!/usr/bin/env python3
"""Measures the running product, each figure beside its baseline of the same run.

    bench.py BIN [NAME...] [--full] [--seconds N]

Prints one table. Wall rates depend on what else the machine does; trust the
ratios and the CPU of an operation. Nothing here asserts a time.
"""
import argparse
import functools

import delivery
import processes
import search
import submissions
from place import Place

HEAD = ("what", "clients", "rate/s", "base/s", "ratio", "CPU us", "base us", "ratio", "p50 ms", "p99 ms", "baseline")
WIDTHS = (26, 7, 9, 9, 6, 8, 8, 6, 8, 8, 0)


class Table:
    def __init__(self):
        self.print(HEAD)

    def print(self, cells):
        print("  ".join(f"{c:<{w}}" if i in (0, len(cells) - 1) else f"{c:>{w}}"
                        for i, (c, w) in enumerate(zip(cells, WIDTHS))).rstrip(), flush=True)

    def line(self, what, text):
        """What has no baseline."""
        print(f"{what:<{WIDTHS[0]}}  {text}", flush=True)

    def row(self, what, clients, ours, name, base=None):
        """OURS: rate, CPU of an operation in us, and perhaps p50 and p99 in ms; BASE the same of the baseline."""
        def cell(value, digits=1):
            return "" if value is None else f"{value:.0f}" if value >= 100 else f"{value:.{digits}f}"

        rate, cpu, p50, p99 = (*ours, None, None)[:4]
        base_rate, base_cpu = base[:2] if base else (None, None)
        self.print((what, clients, cell(rate), cell(base_rate), cell(rate / base_rate, 2) if base_rate and rate else "",
                    cell(cpu), cell(base_cpu), cell(cpu / base_cpu, 2) if base_cpu and cpu else "", cell(p50, 2),
                    cell(p99, 2), name))


OF_DRAFTS = {"submit": submissions.submit, "autosave": submissions.autosave, "read": submissions.read,
             "outbox": delivery.outbox}
OTHERS = {"idle": processes.idle, "start": processes.start, "bus": processes.bus, "timers": processes.timers,
          "search": search.search}
NAMES = ["idle", "start", *OF_DRAFTS, "bus", "timers", "search"]
TIMERS, TIMERS_FULL = 100_000, 1_000_000


def drafts_needed(names, scale):
    of = {"submit": submissions.SUBMIT_DRAFTS_FIXED + int(submissions.SUBMIT_DRAFTS * scale),
          "autosave": submissions.AUTOSAVE_DRAFTS, "read": submissions.READ_DRAFTS, "outbox": delivery.DRAFTS}
    return 100 + sum(n for name, n in of.items() if name in names)


def measure(place, names, args):
    table, seconds = Table(), args.seconds
    count = TIMERS_FULL if args.full else TIMERS
    prepared = functools.cache(lambda: submissions.Drafts(place, drafts_needed(names, seconds)))
    for name in NAMES:
        if name not in names:
            continue
        if name in ("bus", "timers", "idle", "start"):
            OTHERS[name](place, table, count if name == "timers" else seconds)
            continue
        drafts = prepared()
        if name == "search":
            search.search(place, table, seconds)
        else:
            OF_DRAFTS[name](place, drafts, table, seconds)


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench", description="Measures the product beside its baselines.")
    parser.add_argument("bin", help=argparse.SUPPRESS)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES) + "; all unless some are named")
    parser.add_argument("--full", action="store_true", help="the large sizes: a million timers")
    parser.add_argument("--seconds", type=float, default=2, help="about so long each figure is measured (2)")
    args = parser.parse_args()
    names = args.names or NAMES
    for name in names:
        if name not in NAMES:
            parser.error(f"there is no {name}; there are: {', '.join(NAMES)}")
    place = Place(args.bin)
    try:
        measure(place, names, args)
    finally:
        place.close()


main()
