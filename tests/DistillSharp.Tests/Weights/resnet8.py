"""A ResNet of 8 layers for small images in plain PyTorch, to be compared with the library's.

python3 resnet8.py make DIR    writes weights, images and logits for DistillSharp to read
python3 resnet8.py check DIR   reads what DistillSharp wrote and compares its logits with PyTorch's
"""
import json
import pathlib
import struct
import sys

import torch
from torch import nn

TYPES = {"float32": (torch.float32, 1e-4), "float64": (torch.float64, 1e-9)}
SAFETENSORS_TYPES = {"F32": torch.float32, "F64": torch.float64, "I64": torch.int64}


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        return torch.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNet8(nn.Module):
    def __init__(self, channels=3, classes=7):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 16, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        self.layer1 = nn.Sequential(Block(16, 16, 1))
        self.layer2 = nn.Sequential(Block(16, 32, 2))
        self.layer3 = nn.Sequential(Block(32, 64, 2))
        self.fc = nn.Linear(64, classes)

    def forward(self, x):
        x = torch.relu(self.bn1(self.conv1(x)))
        x = self.layer3(self.layer2(self.layer1(x)))
        return self.fc(x.mean((2, 3)))


def read_safetensors(path):
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    state = {}
    for name, entry in header.items():
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        state[name] = torch.frombuffer(bytearray(data[begin:end]), dtype=SAFETENSORS_TYPES[entry["dtype"]]).reshape(entry["shape"])
    return state


def make(folder):
    torch.manual_seed(0)
    for name, (dtype, _) in TYPES.items():
        network = ResNet8().to(dtype)
        network.train()
        for _ in range(3):
            network(torch.randn(16, 3, 32, 32, dtype=dtype) * 2 + 1)
        network.eval()
        images = torch.randn(4, 3, 32, 32, dtype=dtype)
        with torch.no_grad():
            logits = network(images)
        torch.save({"state_dict": network.state_dict(), "epoch": 3}, folder / f"pytorch-{name}.pth")
        torch.save(network.state_dict(), folder / f"pytorch-legacy-{name}.pth", _use_new_zipfile_serialization=False)
        torch.save({"images": images, "logits": logits}, folder / f"pytorch-{name}-logits.pth")


def check(folder):
    for name, (dtype, tolerance) in TYPES.items():
        answers = torch.load(folder / f"ours-{name}-logits.pth", weights_only=True)
        states = {
            ".pth": torch.load(folder / f"ours-{name}.pth"),
            ".pth, weights only": torch.load(folder / f"ours-{name}.pth", weights_only=True),
            ".safetensors": read_safetensors(folder / f"ours-{name}.safetensors"),
        }
        for kind, state in states.items():
            assert next(iter(state.values())).dtype == dtype
            network = ResNet8().to(dtype)
            network.load_state_dict(state)
            network.eval()
            with torch.no_grad():
                logits = network(answers["images"])
            difference = float((logits - answers["logits"]).abs().max() / logits.abs().max())
            print(f"{name} {kind}: {difference:.1e}")
            assert difference <= tolerance, f"{name} {kind}: expected at most {tolerance}, found {difference}"


if __name__ == "__main__":
    {"make": make, "check": check}[sys.argv[1]](pathlib.Path(sys.argv[2]))
