"""What one call of an operator costs from Python: the counterpart of DistillSharp.Benchmarks' OperatorCall.

Prints `operator python nanoseconds`, the median over batches, on one thread, without gradients.
"""
import statistics
import time
import timeit

import torch

CALLS_PER_BATCH = 2_000
BATCHES = 101
WARM_UP = 0.5


def report(name, statement, values):
    timer = timeit.Timer(statement, globals=values)
    end = time.perf_counter() + WARM_UP
    while time.perf_counter() < end:
        timer.timeit(CALLS_PER_BATCH)
    times = [timer.timeit(CALLS_PER_BATCH) / CALLS_PER_BATCH * 1e9 for _ in range(BATCHES)]
    print(f"{name} python {statistics.median(times):.0f}")


def main():
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    with torch.no_grad():
        values = {
            "a": torch.ones(4),
            "b": torch.ones(4),
            "m": torch.ones(8, 8),
            "image": torch.ones(1, 3, 8, 8),
            "weight": torch.ones(4, 3, 3, 3),
            "bias": torch.ones(4),
            "conv2d": torch.conv2d,
        }
        report("add", "a.add(b)", values)
        report("mul", "a.mul(b)", values)
        report("relu", "a.relu()", values)
        report("mm", "m.mm(m)", values)
        report("conv2d", "conv2d(image, weight, bias, padding=(1, 1))", values)


if __name__ == "__main__":
    main()
