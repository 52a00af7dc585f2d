"""The losses of distillation methods in the forms that public code usually gives them: the counterpart of
benchmarks/DistillSharp.Benchmarks/MethodCost.cs, with the same shapes. Each call computes the cross-entropy with the labels and the
method's term from leaves of the student's logits and features, weighs and sums the two, and goes backward.

Methods that are not here have no public form that is in use: the parts of soft labels (kd-...).

    python3 benchmarks/python/method_cost.py [THREADS] [METHOD...]
"""

import sys

import torch
from torch import nn
from torch.nn import functional

import clock
import crd_step

BATCH, CLASSES = 64, 100
SHAPES = {"map1": (32, 32, 32), "map2": (64, 16, 16), "map3": (128, 8, 8), "vector": (128,)}
MAPS = ["map1", "map2", "map3"]


trained = []


def training(*modules):
    """Notes what is trained beside the student, so that its gradients are let go after each step, as an optimiser does."""
    trained.extend(p for m in modules for p in m.parameters())
    return modules if len(modules) > 1 else modules[0]


def divergence(student, teacher, temperature):
    p = functional.softmax(teacher / temperature, dim=1)
    return functional.kl_div(functional.log_softmax(student / temperature, dim=1), p, reduction="batchmean") * temperature**2


def kl(s, t):
    return divergence(s["logits"], t["logits"], 4)


def self_taught(s, t):
    return divergence(s["logits"], t["logits"], 20)


def reverse_kl(s, t):
    p = functional.softmax(s["logits"] / 4, dim=1)
    return functional.kl_div(functional.log_softmax(t["logits"] / 4, dim=1), p, reduction="batchmean") * 16


def jensen_shannon(s, t):
    share = torch.tensor(0.5)
    a, b = (functional.log_softmax(x["logits"] / 4, dim=1) for x in (s, t))
    mixture = torch.logsumexp(torch.stack([a + torch.log(1 - share), b + torch.log(share)]), dim=0)
    of_teacher = functional.kl_div(mixture, b, reduction="none", log_target=True)
    of_student = functional.kl_div(mixture, a, reduction="none", log_target=True)
    return (share * of_teacher + (1 - share) * of_student).sum() / BATCH * 16


def regression(s, t):
    return functional.mse_loss(s["logits"], t["logits"])


def hard_label(s, t):
    return functional.cross_entropy(s["logits"], t["logits"].argmax(1))


def smoothed(s, t):
    logs = functional.log_softmax(s["logits"], dim=1)
    own = -logs.gather(1, t["targets"].unsqueeze(1)).squeeze(1)
    return (0.9 * own + 0.1 * -logs.mean(1)).mean()


def virtual_teacher(s, t):
    right = torch.full_like(s["logits"], 0.01 / (CLASSES - 1)).scatter_(1, t["targets"].unsqueeze(1), 0.99)
    return functional.kl_div(functional.log_softmax(s["logits"] / 20, dim=1), functional.softmax(right.log() / 20, dim=1), reduction="batchmean")


def decoupled(student, teacher, targets):
    own = torch.zeros_like(student).scatter_(1, targets.unsqueeze(1), 1).bool()
    others = torch.ones_like(student).scatter_(1, targets.unsqueeze(1), 0).bool()

    def two(p):
        return torch.cat([(p * own).sum(1, keepdim=True), (p * others).sum(1, keepdim=True)], dim=1)

    q, p = two(functional.softmax(student / 4, dim=1)), two(functional.softmax(teacher / 4, dim=1))
    target = functional.kl_div(q.log(), p, reduction="sum") * 16 / BATCH
    among_teacher = functional.softmax(teacher / 4 - 1000.0 * own, dim=1)
    among_student = functional.log_softmax(student / 4 - 1000.0 * own, dim=1)
    return target + 8 * functional.kl_div(among_student, among_teacher, reduction="sum") * 16 / BATCH


def dkd(s, t):
    return decoupled(s["logits"], t["logits"], t["targets"])


def pearson(a, b):
    a, b = a - a.mean(1).unsqueeze(1), b - b.mean(1).unsqueeze(1)
    return 1 - ((a * b).sum(1) / (a.norm(dim=1) * b.norm(dim=1) + 1e-8)).mean()


def dist(s, t):
    a, b = functional.softmax(s["logits"] / 4, dim=1), functional.softmax(t["logits"] / 4, dim=1)
    return 2 * 16 * pearson(a, b) + 2 * 16 * pearson(a.transpose(0, 1), b.transpose(0, 1))


def standardized(logits):
    return (logits - logits.mean(dim=-1, keepdims=True)) / (1e-7 + logits.std(dim=-1, keepdims=True))


def standardization(s, t):
    return divergence(standardized(s["logits"]), standardized(t["logits"]), 2)


def levels(s, t):
    total = 0
    for temperature in (2.0, 3.0, 4.0, 5.0, 6.0):
        p, q = functional.softmax(t["logits"] / temperature, dim=1), functional.softmax(s["logits"] / temperature, dim=1)
        logs = functional.log_softmax(s["logits"] / temperature, dim=1)
        each = functional.kl_div(logs, functional.softmax(t["logits"] / temperature, dim=1), reduction="none").sum(1).mean() * temperature**2
        images = ((p @ p.transpose(1, 0) - q @ q.transpose(1, 0)) ** 2).sum() / BATCH
        classes = ((p.transpose(1, 0) @ p - q.transpose(1, 0) @ q) ** 2).sum() / CLASSES
        total = total + each + images + classes
    return total


def transformed(s, t):
    p = functional.softmax(t["logits"] / 10, dim=1)
    return functional.kl_div(functional.log_softmax(s["logits"], dim=1), p, reduction="batchmean")


def transformed_weighted(s, t):
    powers = functional.softmax(t["logits"], dim=1).pow(1 / 5)
    size = powers.sum(1, keepdim=True)
    each = functional.kl_div(functional.log_softmax(s["logits"], dim=1), powers / size, reduction="none").sum(1)
    return (size.squeeze(1) * each).mean()


def weighted_soft(s, t):
    p, logs = functional.softmax(t["logits"] / 2, dim=1), functional.log_softmax(s["logits"] / 2, dim=1)
    soft = -(p * logs).sum(1, keepdim=True)
    label = functional.one_hot(t["targets"], CLASSES).float()
    of_student = -(label * functional.log_softmax(s["logits"].detach(), dim=1)).sum(1, keepdim=True)
    of_teacher = -(label * functional.log_softmax(t["logits"], dim=1)).sum(1, keepdim=True)
    weight = 1 - torch.exp(-torch.max(of_student / (of_teacher + 1e-7), torch.zeros(1)))
    return 4 * (weight * soft).mean()


class Reversed(torch.autograd.Function):
    @staticmethod
    def forward(context, value, strength):
        context.strength = strength
        return value.view_as(value)

    @staticmethod
    def backward(context, gradient):
        return -context.strength * gradient, None


def curriculum():
    learned = nn.Module()
    learned.value = nn.Parameter(torch.ones(1))
    training(learned)

    def term(s, t):
        temperature = 1 + 20 * torch.sigmoid(Reversed.apply(learned.value, 0.024))
        p, logs = functional.softmax(t["logits"] / temperature, dim=1), functional.log_softmax(s["logits"] / temperature, dim=1)
        return (functional.kl_div(logs, p, reduction="none").sum(1, keepdim=True) * temperature**2).mean()

    return term


def hint():
    adapter = training(nn.Sequential(nn.Conv2d(64, 64, 1), nn.BatchNorm2d(64), nn.ReLU()))
    return lambda s, t: functional.mse_loss(adapter(s["map2"]), t["map2"])


def attention_of(maps):
    return functional.normalize(maps.pow(2).mean(1).flatten(1))


def attention(s, t):
    return sum((attention_of(s[m]) - attention_of(t[m])).pow(2).mean() for m in MAPS)


def flow(first, second):
    if first.shape[2] > second.shape[2]:
        first = functional.adaptive_avg_pool2d(first, second.shape[2])
    first = first.unsqueeze(1).flatten(3)
    second = second.unsqueeze(2).flatten(3)
    return (first * second).mean(-1)


def fsp(s, t):
    return sum((flow(s[a], s[b]) - flow(t[a], t[b])).pow(2).mean() for a, b in zip(MAPS, MAPS[1:]))


def factor():
    def layers(norm):
        made = []
        for before, after in ((128, 128), (128, 64), (64, 64)):
            made += [nn.Conv2d(before, after, 3, padding=1)] + ([nn.BatchNorm2d(after)] if norm else []) + [nn.LeakyReLU(0.1)]
        return nn.Sequential(*made)

    translator, paraphraser = training(layers(True), layers(False))

    def term(s, t):
        with torch.no_grad():
            target = attention_of(paraphraser(t["map3"]))
        return (attention_of(translator(s["map3"])) - target).abs().mean()

    return term


def boundary(s, t):
    total = 0
    for i, m in enumerate(MAPS):
        a, b = s[m], t[m]
        off = (a + 1) ** 2 * ((a > -1) & (b <= 0)).float()
        on = (a - 1) ** 2 * ((a <= 1) & (b > 0)).float()
        total = total + (off + on).abs().sum() / BATCH * 0.003 * 2.0 ** (i - 2)
    return total


def kernel(a, b):
    return (a.unsqueeze(1) * b.unsqueeze(2)).sum(-1).pow(2)


def nst(s, t):
    total = 0
    for m in MAPS:
        a = functional.normalize(s[m].flatten(2), dim=2)
        b = functional.normalize(t[m].flatten(2), dim=2)
        total = total + kernel(b, b).mean().detach() + kernel(a, a).mean() - 2 * kernel(a, b).mean()
    return total


def vid():
    def head(channels):
        def plain():
            return nn.Conv2d(channels, channels, 1, bias=False)

        return nn.Sequential(plain(), nn.ReLU(), plain(), nn.ReLU(), plain())

    heads = [head(SHAPES[m][0]) for m in MAPS]
    scales = [nn.Parameter(torch.full((SHAPES[m][0],), 5.0)) for m in MAPS]
    training(*heads, nn.ParameterList(scales))

    def term(s, t):
        total = 0
        for m, mean, scale in zip(MAPS, heads, scales):
            variance = (functional.softplus(scale) + 1e-5).view(1, -1, 1, 1)
            total = total + 0.5 * ((mean(s[m]) - t[m]) ** 2 / variance + variance.log()).mean()
        return total

    return term


def vectors(maps, count):
    _, values, right = torch.svd(maps.flatten(2).transpose(1, 2))
    return functional.normalize(values[:, :count], dim=1), functional.normalize(right[:, :, :count], dim=1)


def kdsvd(s, t):
    total, before = 0, None
    for m in MAPS:
        values, target = vectors(t[m], 1)
        _, own = vectors(s[m], 4)
        cosines = own.transpose(1, 2) @ target
        sizes = cosines.abs()
        own = own @ torch.where(sizes == sizes.max(1, keepdim=True)[0], cosines.sign(), torch.zeros_like(cosines))
        now = own * values.unsqueeze(1), target * values.unsqueeze(1)
        if before is not None:
            a, b = (torch.exp(-(x.unsqueeze(2) - y.unsqueeze(1)).pow(2) / 8) for x, y in zip(now, before))
            total = total + (a - b.detach()).pow(2).sum() / BATCH
        before = now
    return total


def overhaul():
    connectors = [nn.Sequential(nn.Conv2d(SHAPES[m][0], SHAPES[m][0], 1, bias=False), nn.BatchNorm2d(SHAPES[m][0])) for m in MAPS]
    training(*connectors)
    margins = [torch.full((1, SHAPES[m][0], 1, 1), -0.8) for m in MAPS]

    def term(s, t):
        total = 0
        for i, (m, connector, margin) in enumerate(zip(MAPS, connectors, margins)):
            a, b = connector(s[m]), t[m]
            parts = (a - margin) ** 2 * ((a > margin) & (b <= margin)).float()
            parts = parts + (a - b) ** 2 * ((a > b) & (b > margin) & (b <= 0)).float()
            parts = parts + (a - b) ** 2 * (b > 0).float()
            total = total + parts.abs().mean(0).sum() * 2.0 ** (i - 2)
        return total

    return term


class Fusion(nn.Module):
    def __init__(self, before, after, fuses):
        super().__init__()
        self.enter = nn.Sequential(nn.Conv2d(before, 128, 1, bias=False), nn.BatchNorm2d(128))
        self.leave = nn.Sequential(nn.Conv2d(128, after, 3, padding=1, bias=False), nn.BatchNorm2d(after))
        self.attention = nn.Sequential(nn.Conv2d(256, 2, 1), nn.Sigmoid()) if fuses else None

    def forward(self, x, deeper):
        x = self.enter(x)
        if self.attention is not None:
            deeper = functional.interpolate(deeper, x.shape[2:], mode="nearest")
            weights = self.attention(torch.cat([x, deeper], dim=1))
            x = x * weights[:, :1] + deeper * weights[:, 1:]
        return self.leave(x), x


def context(a, b):
    loss, weight, weights = functional.mse_loss(a, b), 1.0, 1.0
    for size in (4, 2, 1):
        if size < a.shape[2]:
            weight /= 2
            weights += weight
            loss = loss + weight * functional.mse_loss(functional.adaptive_avg_pool2d(a, size), functional.adaptive_avg_pool2d(b, size))
    return loss / weights


def review():
    levels = [*MAPS, "vector"]
    fusions = [Fusion(SHAPES[m][0], SHAPES[m][0], m != "vector") for m in levels]
    training(*fusions)

    def shaped(features):
        return features[:, :, None, None] if features.dim() == 2 else features

    def term(s, t):
        total, deeper = 0, None
        for m, fusion in reversed(list(zip(levels, fusions))):
            out, deeper = fusion(shaped(s[m]), deeper)
            total = total + context(out, shaped(t[m]))
        return total

    return term


def similarities(features):
    rows = features.flatten(1)
    return functional.normalize(rows @ rows.t())


def similarity(s, t):
    return (similarities(s["map3"]) - similarities(t["map3"])).pow(2).mean()


def correlation():
    embed_student, embed_teacher = training(nn.Linear(128, 128), nn.Linear(128, 128))

    def term(s, t):
        differences = (embed_student(s["vector"]) - embed_teacher(t["vector"])).abs()
        return (differences[:-1] * differences[1:]).sum(1).mean()

    return term


def distances(x):
    squares = x.pow(2).sum(1)
    result = (squares[:, None] + squares[None] - 2 * x @ x.t()).clamp(min=1e-12).sqrt().clone()
    result[range(len(x)), range(len(x))] = 0
    return result / result[result > 0].mean()


def angles(x):
    directions = functional.normalize(x[None] - x[:, None], dim=2)
    return (directions @ directions.transpose(1, 2)).flatten()


def rkd(s, t):
    a, b = s["vector"], t["vector"]
    return 25 * functional.smooth_l1_loss(distances(a), distances(b)) + 50 * functional.smooth_l1_loss(angles(a), angles(b))


def probabilities(x):
    x = x / (x.norm(dim=1, keepdim=True) + 1e-7)
    alike = (x @ x.t() + 1) / 2
    return alike / alike.sum(1, keepdim=True)


def pkt(s, t):
    q, p = probabilities(s["vector"]), probabilities(t["vector"])
    return (p * ((p + 1e-7) / (q + 1e-7)).log()).mean()


def crd():
    embed_student, embed_teacher = training(nn.Linear(128, 128), nn.Linear(128, 128))
    bound = (crd_step.DIMENSION / 3) ** -0.5
    bank_student, bank_teacher = (torch.empty(crd_step.EXAMPLES, crd_step.DIMENSION).uniform_(-bound, bound) for _ in range(2))
    constants = [None, None]

    def term(s, t):
        indices = torch.randint(crd_step.EXAMPLES, (BATCH,))
        candidates = torch.randint(crd_step.EXAMPLES, (BATCH, crd_step.NEGATIVES + 1))
        candidates[:, 0] = indices
        a = functional.normalize(embed_student(s["vector"]), dim=1)
        b = functional.normalize(embed_teacher(t["vector"]), dim=1)
        one, constants[0] = crd_step.contrast(a, bank_teacher, candidates, constants[0])
        other, constants[1] = crd_step.contrast(b, bank_student, candidates, constants[1])
        crd_step.renew(bank_student, a.detach(), indices)
        crd_step.renew(bank_teacher, b.detach(), indices)
        return one + other

    return term


METHODS = {
    "independent": lambda: None,
    "kl": lambda: kl,
    "reverse-kl": lambda: reverse_kl,
    "jensen-shannon": lambda: jensen_shannon,
    "mse-logits": lambda: regression,
    "hard-label": lambda: hard_label,
    "label-smoothing": lambda: smoothed,
    "teacher-free": lambda: virtual_teacher,
    "teacher-free-self": lambda: self_taught,
    "dkd": lambda: dkd,
    "dist": lambda: dist,
    "logit-standardization": lambda: standardization,
    "mlkd": lambda: levels,
    "transformed-teacher": lambda: transformed,
    "transformed-teacher-weighted": lambda: transformed_weighted,
    "weighted-soft-labels": lambda: weighted_soft,
    "curriculum-temperature": curriculum,
    "hint": hint,
    "attention-transfer": lambda: attention,
    "fsp": lambda: fsp,
    "factor-transfer": factor,
    "activation-boundary": lambda: boundary,
    "nst": lambda: nst,
    "vid": vid,
    "kdsvd": lambda: kdsvd,
    "overhaul": overhaul,
    "review": review,
    "similarity-preserving": lambda: similarity,
    "correlation-congruence": correlation,
    "rkd": lambda: rkd,
    "pkt": lambda: pkt,
    "crd": crd,
}


def main():
    threads = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    torch.set_num_threads(threads)
    torch.set_flush_denormal(True)
    torch.manual_seed(1)
    student = {name: torch.randn(BATCH, *shape).relu().requires_grad_() for name, shape in SHAPES.items()}
    teacher = {name: torch.randn(BATCH, *shape).relu() for name, shape in SHAPES.items()}
    student["logits"], teacher["logits"] = torch.randn(BATCH, CLASSES, requires_grad=True), torch.randn(BATCH, CLASSES)
    teacher["targets"] = torch.randint(CLASSES, (BATCH,))
    for name, make in METHODS.items():
        if len(sys.argv) > 2 and name not in sys.argv[2:]:
            continue
        trained.clear()
        term = make()
        leaves = [*student.values(), *trained]

        def call():
            if name == "label-smoothing":
                loss = term(student, teacher)
            else:
                loss = functional.cross_entropy(student["logits"], teacher["targets"])
                if term is not None:
                    loss = 0.1 * loss + 0.9 * term(student, teacher)
            loss.backward()
            for leaf in leaves:
                leaf.grad = None

        clock.measure(name, "usual", threads, call)


if __name__ == "__main__":
    main()
