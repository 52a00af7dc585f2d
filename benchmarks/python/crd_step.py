"""One step of contrastive distillation in its usual form: rows of the memory banks are gathered
([64 x 16,385, 128] numbers for each direction) and multiplied in a batch. Draws the negatives, embeds both features,
computes both directions of the loss, goes backward and renews the banks. The same step as matrix products is
benchmarks/DistillSharp.Benchmarks/CrdStep.cs.

    python3 benchmarks/python/crd_step.py
"""

import time

import torch
from torch import nn
from torch.nn import functional

BATCH, EXAMPLES, FEATURES, DIMENSION, NEGATIVES = 64, 50_000, 128, 128, 16_384
TEMPERATURE, MOMENTUM, EPSILON = 0.07, 0.5, 1e-7
WARM_UP, STEPS = 3, 15


def contrast(anchors, bank, candidates, constant):
    rows = bank.index_select(0, candidates.view(-1)).view(BATCH, NEGATIVES + 1, DIMENSION)
    scores = torch.exp(torch.bmm(rows, anchors.unsqueeze(2)).squeeze(2) / TEMPERATURE)
    if constant is None:
        constant = scores.detach().mean().item() * EXAMPLES
    scores = scores / constant
    noise = NEGATIVES / EXAMPLES
    positive = scores[:, 0]
    negative = scores[:, 1:]
    own = torch.log(positive / (positive + noise + EPSILON))
    others = torch.log(noise / (negative + noise + EPSILON))
    return -(own.sum() + others.sum()) / BATCH, constant


@torch.no_grad()
def renew(bank, embeddings, indices):
    moved = bank.index_select(0, indices) * MOMENTUM + embeddings * (1 - MOMENTUM)
    bank.index_copy_(0, indices, functional.normalize(moved, dim=1))


def main():
    torch.set_num_threads(2)
    torch.set_flush_denormal(True)
    torch.manual_seed(1)
    embed_student, embed_teacher = nn.Linear(FEATURES, DIMENSION), nn.Linear(FEATURES, DIMENSION)
    bound = (DIMENSION / 3) ** -0.5
    bank_student = torch.empty(EXAMPLES, DIMENSION).uniform_(-bound, bound)
    bank_teacher = torch.empty(EXAMPLES, DIMENSION).uniform_(-bound, bound)
    z_student = z_teacher = None
    times = []
    first_loss = 0.0
    for step in range(WARM_UP + STEPS):
        student = torch.randn(BATCH, FEATURES, requires_grad=True)
        teacher = torch.randn(BATCH, FEATURES)
        indices = torch.randint(EXAMPLES, (BATCH,))
        start = time.perf_counter()
        candidates = torch.randint(EXAMPLES, (BATCH, NEGATIVES + 1))
        candidates[:, 0] = indices
        v_student = functional.normalize(embed_student(student), dim=1)
        v_teacher = functional.normalize(embed_teacher(teacher), dim=1)
        one, z_student = contrast(v_student, bank_teacher, candidates, z_student)
        other, z_teacher = contrast(v_teacher, bank_student, candidates, z_teacher)
        renew(bank_student, v_student.detach(), indices)
        renew(bank_teacher, v_teacher.detach(), indices)
        loss = one + other
        loss.backward()
        elapsed = (time.perf_counter() - start) * 1e3
        if step == 0:
            first_loss = loss.item()
        if step >= WARM_UP:
            times.append(elapsed)
        for parameter in [*embed_student.parameters(), *embed_teacher.parameters()]:
            parameter.grad = None
    times.sort()
    print(
        f"crd step, usual form: min {times[0]:.1f} ms, median {times[STEPS // 2]:.1f} ms, "
        f"max {times[-1]:.1f} ms over {STEPS} steps (first loss {first_loss:.3f})"
    )


if __name__ == "__main__":
    main()
