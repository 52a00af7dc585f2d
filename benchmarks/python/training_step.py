"""A student's training step, and a turn of a teacher with four students, in PyTorch: the counterpart of TrainingStep.cs.

    python3 benchmarks/python/training_step.py [THREADS]
"""

import sys

import torch
from torch import nn
from torch.nn import functional

from clock import measure
from networks import Contrast, ConvNet, ResNet, kl

BATCH = 64
LAYOUTS = {"python-nchw": torch.contiguous_format, "python-channels-last": torch.channels_last}


class Run:
    """A student in training: the usual loop's body."""

    def __init__(self, network, layout, method="independent", adapter=None):
        self.network, self.layout, self.method, self.adapter = network.to(memory_format=layout), layout, method, adapter
        parameters = [*network.parameters(), *(adapter.parameters() if adapter else [])]
        self.optimizer = torch.optim.SGD(parameters, lr=0.05, momentum=0.9, weight_decay=5e-4, nesterov=True)
        self.loss = self.hits = 0.0

    def step(self, images, labels, indices=None, teacher=None):
        logits, maps, pooled = self.network(normalise(images, self.layout))
        loss = functional.cross_entropy(logits, labels)
        if self.method == "kl":
            loss = 0.1 * loss + 0.9 * kl(logits, teacher[0])
        elif self.method == "hint":
            loss = loss + 100 * functional.mse_loss(self.adapter(maps), teacher[1])
        elif self.method == "crd":
            loss = loss + 0.8 * self.adapter(pooled, teacher[2], indices)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.optimizer.step()
        self.loss += loss.detach()
        self.hits += (logits.detach().argmax(1) == labels).sum()


def normalise(images, layout):
    return ((images - 0.4) / 0.3).contiguous(memory_format=layout)


def batch(channels, side):
    return torch.rand(BATCH, channels, side, side), torch.randint(10, (BATCH,)), torch.randperm(12_000)[:BATCH]


def steps(threads):
    for name, make, channels, side in (
        ("convnet", lambda: ConvNet([16, 32, 64]), 1, 28),
        ("resnet8", lambda: ResNet(8), 3, 32),
        ("resnet20", lambda: ResNet(20), 3, 32),
    ):
        images, labels, _ = batch(channels, side)
        for way, layout in LAYOUTS.items():
            run = Run(make(), layout)
            measure(f"step-{name}", way, threads, lambda: run.step(images, labels))


def turn(threads, way, layout, usual):
    images, labels, indices = batch(1, 28)
    teacher = ConvNet([32, 64, 128]).eval().requires_grad_(False).to(memory_format=layout)
    hint = nn.Sequential(nn.Conv2d(64, 128, 1), nn.BatchNorm2d(128), nn.ReLU(inplace=True)).to(memory_format=layout)
    adapters = {"independent": None, "kl": None, "hint": hint, "crd": Contrast(64, 128, usual)}
    runs = [Run(ConvNet([16, 32, 64]), layout, method, adapter) for method, adapter in adapters.items()]

    def answer():
        with torch.no_grad():
            return teacher(normalise(images, layout))

    def once():
        answered = answer()
        for run in runs:
            run.step(images, labels, indices, answered)

    if usual:
        measure("turn", way + "-usual-crd", threads, once, fewest=2, warm_up=1)
        return
    measure("turn", way, threads, once)
    answered = answer()
    for run in runs:
        measure("turn-" + run.method, way, threads, lambda: run.step(images, labels, indices, answered))
    measure("turn-teacher", way, threads, answer)


def main():
    threads = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    torch.set_num_threads(threads)
    torch.set_flush_denormal(True)
    torch.manual_seed(1)
    steps(threads)
    for way, layout in LAYOUTS.items():
        turn(threads, way, layout, usual=False)
    turn(threads, "python-channels-last", torch.channels_last, usual=True)


if __name__ == "__main__":
    main()
