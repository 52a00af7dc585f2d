#!/bin/sh
# The cost of an operator call, DistillSharp beside Python's torch: both run in turn, several rounds, and the medians are compared.
# usage: benchmarks/operator-call.sh [ROUNDS]      PYTHON names the interpreter whose torch uses the same libtorch.
set -eu
cd "$(dirname "$0")"
rounds=${1:-7}
python=${PYTHON:-/usr/bin/python3}
results=$(mktemp)
trap 'rm -f "$results"' EXIT
"$python" -c 'import torch' || { echo "$python has no torch: on Debian apt-get install python3-torch, or set PYTHON" >&2; exit 1; }
dotnet build -c Release -v quiet --nologo DistillSharp.Benchmarks >&2
round=1
while [ "$round" -le "$rounds" ]; do
  echo "round $round of $rounds" >&2
  dotnet DistillSharp.Benchmarks/bin/Release/net10.0/DistillSharp.Benchmarks.dll operator-call >>"$results"
  "$python" python/operator_call.py >>"$results"
  round=$((round + 1))
done
echo "machine: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(nproc) cores, load $(cut -d' ' -f1-3 /proc/loadavg)"
"$python" - "$results" <<'PYTHON'
import collections, statistics, sys, torch
print("libtorch", torch.__version__)
times = collections.defaultdict(list)
for line in open(sys.argv[1]):
    name, way, value = line.split()
    times[name, way].append(float(value))
print(f"{'operator':9} {'python':>18} {'in a scope':>18} {'ratio':>6} {'disposed each':>18} {'ratio':>6}   ns a call: median (fastest-slowest round)")
for name in dict.fromkeys(name for name, _ in times):
    cells, python = [], statistics.median(times[name, "python"])
    for way in ("python", "scope", "dispose"):
        found = times[name, way]
        cells.append(f"{statistics.median(found):6.0f} ({min(found):.0f}-{max(found):.0f})".rjust(18))
        if way != "python":
            cells.append(f"{statistics.median(found) / python:6.2f}")
    print(f"{name:9}", *cells)
PYTHON
