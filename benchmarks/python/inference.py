"""Forward passes in evaluation mode over 1,000 images in slices: the counterpart of Inference.cs.

    python3 benchmarks/python/inference.py [THREADS]
"""

import sys

import torch

from clock import measure
from networks import ConvNet, ResNet
from training_step import LAYOUTS, normalise

IMAGES = 1_000


@torch.no_grad()
def evaluate(network, images, layout, size):
    parts = [network(normalise(part.float() / 255, layout))[0] for part in images.split(size)]
    return torch.cat(parts)


def main():
    threads = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    torch.set_num_threads(threads)
    torch.set_flush_denormal(True)
    for name, make, channels, side in (("convnet", lambda: ConvNet([32, 64, 128]), 1, 28), ("resnet20", lambda: ResNet(20), 3, 32)):
        images = torch.randint(256, (IMAGES, channels, side, side), dtype=torch.uint8)
        for way, layout in LAYOUTS.items():
            network = make().eval().to(memory_format=layout)
            for size in (64, 100, 200, 500):
                measure(f"{name}-{size}", way, threads, lambda: evaluate(network, images, layout, size))


if __name__ == "__main__":
    main()
