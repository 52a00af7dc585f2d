"""Reads the lines that the method-cost benchmark prints over several rounds, and prints for each method the milliseconds of
DistillSharp (and of it where maps lie channels-last) and of the usual form, medians over rounds of the rounds' medians with the
fastest in brackets, and how many times the usual form costs as much: of medians, and of the fastest. The usual form's maps lie
channels-first throughout, and so do DistillSharp's of which the ratios are."""

import collections
import os
import statistics
import sys


def main():
    cases = collections.defaultdict(lambda: collections.defaultdict(list))
    for line in open(sys.argv[1]):
        name, way, threads, fastest, median, _ = line.split()
        cases[name][way].append((float(fastest), float(median)))
    print(f"load {' '.join(map(str, os.getloadavg()))}; {threads} threads; milliseconds: median (fastest)")
    print(f"{'method':26} {'DistillSharp':>18} {'channels-last':>18} {'usual form':>18} {'times':>7} {'fastest':>8}")
    for name, ways in cases.items():
        cells = {}
        for way, rounds in ways.items():
            fastest, median = zip(*rounds)
            cells[way] = (statistics.median(median), min(fastest))
        ours, usual = cells.get("DistillSharp"), cells.get("usual")
        text = f"{name:26}"
        for cell in (ours, cells.get("channels-last"), usual):
            text += f" {f'{cell[0]:.1f} ({cell[1]:.1f})' if cell else '-':>18}"
        if ours and usual:
            text += f" {usual[0] / ours[0]:>7.2f} {usual[1] / ours[1]:>8.2f}"
        print(text)


if __name__ == "__main__":
    main()
