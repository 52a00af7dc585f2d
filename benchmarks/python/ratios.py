"""Reads the lines that the benchmarks print over several rounds and prints, for each case and way, the smallest and the median
over rounds of the processor's time and of the wall clock's median, and the ratio of the first way to each other one.

The ratio of a round is of neighbours in time; its median and range over rounds say how far it can be trusted.
"""

import collections
import os
import statistics
import sys


def main():
    cases = collections.defaultdict(lambda: collections.defaultdict(list))
    for line in open(sys.argv[1]):
        name, way, threads, fastest, median, processor = line.split()
        cases[f"{name} ({threads})"][way].append((float(processor), float(median), float(fastest)))
    print(f"load {' '.join(map(str, os.getloadavg()))}; milliseconds; (threads)")
    print(f"{'case':24} {'way':34} {'cpu min':>8} {'cpu med':>8} {'wall min':>8} {'wall med':>8}   first / this: cpu min, cpu med over rounds (range)")
    for name, ways in cases.items():
        first = next(iter(ways))
        for way, rounds in ways.items():
            cpu, wall, fastest = zip(*rounds)
            text = f"{name:24} {way:34} {min(cpu):8.2f} {statistics.median(cpu):8.2f} {min(fastest):8.2f} {statistics.median(wall):8.2f}"
            if way != first:
                ratios = [a[0] / b[0] for a, b in zip(ways[first], rounds)]
                text += f"   {min(c[0] for c in ways[first]) / min(cpu):.2f}, {statistics.median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f})"
            print(text)


if __name__ == "__main__":
    main()
