"""Times a call as DistillSharp.Benchmarks' Clock does and prints the same lines: case, way, threads, then milliseconds:
fastest, median, processor time."""

import time


def measure(name, way, threads, call, seconds=0.6, fewest=7, warm_up=4):
    for _ in range(warm_up):
        call()
    times = []
    processor = time.process_time()
    while len(times) < fewest or sum(times) < seconds:
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    processor = (time.process_time() - processor) / len(times)
    times.sort()
    print(f"{name} {way} {threads} {times[0] * 1e3:.3f} {times[len(times) // 2] * 1e3:.3f} {processor * 1e3:.3f}", flush=True)
