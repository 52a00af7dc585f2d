#!/bin/sh
# DistillSharp beside Python's torch, on the same libtorch and in turn, several rounds; prints milliseconds and ratios.
# usage: benchmarks/compare.sh training-step|inference|method-cost [ROUNDS] [THREADS]      PYTHON names the interpreter whose torch uses the same libtorch.
set -eu
cd "$(dirname "$0")"
benchmark=${1:-}
rounds=${2:-5}
threads=${3:-1}
python=${PYTHON:-/usr/bin/python3}
case $benchmark in
  training-step) script=training_step.py ;;
  inference) script=inference.py ;;
  method-cost) script=method_cost.py ;;
  *) sed -n '2,3s/^# //p' "$0" >&2; exit 64 ;;
esac
results=$(mktemp)
trap 'rm -f "$results"' EXIT
"$python" -c 'import torch' || { echo "$python has no torch: on Debian apt-get install python3-torch, or set PYTHON" >&2; exit 1; }
dotnet build -c Release -v quiet --nologo DistillSharp.Benchmarks >&2
round=1
while [ "$round" -le "$rounds" ]; do
  echo "round $round of $rounds, load $(cut -d' ' -f1 /proc/loadavg)" >&2
  dotnet DistillSharp.Benchmarks/bin/Release/net10.0/DistillSharp.Benchmarks.dll "$benchmark" "$threads" >>"$results"
  "$python" "python/$script" "$threads" >>"$results"
  round=$((round + 1))
done
if [ "$benchmark" = method-cost ]; then
  "$python" python/cost_table.py "$results"
else
  "$python" python/ratios.py "$results"
fi
