"""The networks and methods that DistillSharp is measured against, as PyTorch users write them."""

import torch
from torch import nn
from torch.nn import functional


class ConvNet(nn.Module):
    def __init__(self, widths, channels=1, classes=10):
        super().__init__()
        stages = []
        for i, width in enumerate(widths):
            layers = [nn.MaxPool2d(2)] if i else []
            layers += [nn.Conv2d(channels, width, 3, padding=1, bias=False), nn.BatchNorm2d(width), nn.ReLU(inplace=True)]
            stages.append(nn.Sequential(*layers))
            channels = width
        self.stages = nn.Sequential(*stages)
        self.fc = nn.Linear(channels, classes)

    def forward(self, x):
        """Logits, the last map and the pooled feature."""
        maps = self.stages(x)
        pooled = maps.mean((2, 3))
        return self.fc(pooled), maps, pooled


class BasicBlock(nn.Module):
    def __init__(self, channels, width, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, width, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = None
        if stride != 1 or channels != width:
            self.downsample = nn.Sequential(nn.Conv2d(channels, width, 1, stride, bias=False), nn.BatchNorm2d(width))

    def forward(self, x):
        out = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
        return self.relu(out + (x if self.downsample is None else self.downsample(x)))


class ResNet(nn.Module):
    def __init__(self, depth, channels=3, classes=10):
        super().__init__()
        blocks = (depth - 2) // 6
        layers = [nn.Conv2d(channels, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU(inplace=True)]
        channels = 16
        for width in (16, 32, 64):
            for i in range(blocks):
                layers.append(BasicBlock(channels, width, 2 if i == 0 and width > 16 else 1))
                channels = width
        self.stages = nn.Sequential(*layers)
        self.fc = nn.Linear(channels, classes)

    def forward(self, x):
        maps = self.stages(x)
        pooled = maps.mean((2, 3))
        return self.fc(pooled), maps, pooled


def kl(student, teacher, temperature=4.0):
    soft = functional.softmax(teacher / temperature, 1)
    return functional.kl_div(functional.log_softmax(student / temperature, 1), soft, reduction="batchmean") * temperature**2


class Contrast(nn.Module):
    """CRD. `usual` gathers rows of the banks, as its public code does; otherwise scores are matrix products."""

    def __init__(self, student, teacher, usual, examples=12_000, dimension=128, negatives=16_384, temperature=0.07, momentum=0.5):
        super().__init__()
        self.embed_student, self.embed_teacher = nn.Linear(student, dimension), nn.Linear(teacher, dimension)
        bound = (dimension / 3) ** -0.5
        self.register_buffer("bank_student", torch.empty(examples, dimension).uniform_(-bound, bound))
        self.register_buffer("bank_teacher", torch.empty(examples, dimension).uniform_(-bound, bound))
        self.usual, self.negatives, self.temperature, self.momentum = usual, negatives, temperature, momentum
        self.constants = [None, None]

    def one_way(self, way, anchors, bank, candidates):
        if self.usual:
            rows = bank.index_select(0, candidates.view(-1)).view(*candidates.shape, -1)
            scores = torch.bmm(rows, anchors.unsqueeze(2)).squeeze(2)
        else:
            scores = (anchors @ bank.t()).gather(1, candidates)
        scores = torch.exp(scores / self.temperature)
        if self.constants[way] is None:
            self.constants[way] = scores.detach().mean().item() * len(bank)
        scores = scores / self.constants[way]
        noise = self.negatives / len(bank)
        own = torch.log(scores[:, 0] / (scores[:, 0] + noise + 1e-7))
        others = torch.log(noise / (scores[:, 1:] + noise + 1e-7))
        return -(own.sum() + others.sum()) / len(anchors)

    def forward(self, student, teacher, indices):
        candidates = torch.randint(len(self.bank_student), (len(indices), self.negatives + 1))
        candidates[:, 0] = indices
        v_student = functional.normalize(self.embed_student(student), dim=1)
        v_teacher = functional.normalize(self.embed_teacher(teacher), dim=1)
        # Copies are not needed in the usual form: it keeps the gathered rows, not the banks, for the backward pass.
        bank_student, bank_teacher = (self.bank_student, self.bank_teacher) if self.usual else (self.bank_student.clone(), self.bank_teacher.clone())
        loss = self.one_way(0, v_student, bank_teacher, candidates) + self.one_way(1, v_teacher, bank_student, candidates)
        with torch.no_grad():
            for bank, v in ((self.bank_student, v_student), (self.bank_teacher, v_teacher)):
                moved = bank.index_select(0, indices) * self.momentum + v * (1 - self.momentum)
                bank.index_copy_(0, indices, functional.normalize(moved, dim=1))
        return loss
