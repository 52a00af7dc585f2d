#!/bin/sh
# Row-major against channels-last for every network; prints milliseconds and ratios.
# usage: benchmarks/layout.sh [THREADS [NETWORK ...]]
set -eu
cd "$(dirname "$0")"
python=${PYTHON:-/usr/bin/python3}
results=$(mktemp)
trap 'rm -f "$results"' EXIT
dotnet build -c Release -v quiet --nologo DistillSharp.Benchmarks >&2
dotnet DistillSharp.Benchmarks/bin/Release/net10.0/DistillSharp.Benchmarks.dll layout "${@:-1}" >"$results"
"$python" python/ratios.py "$results"
