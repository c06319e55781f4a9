"""PyTorch: the usual loop over tensors in memory, step by step, or its step compiled."""

import itertools
import os
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
from torch import nn

from benchmarks.calls import Predict, predict_in_turn
from benchmarks.data import Data
from benchmarks.not_expressible import NotExpressible
from benchmarks.rehearsal import fastest
from benchmarks.turn import Turn
from benchmarks.works import CLASSES, IMAGE, INPUTS, KERNEL, POOL, Work

DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def versions() -> dict[str, str]:
    """PyTorch's."""
    return {"PyTorch": torch.__version__}


def device() -> str:
    """`CPU`, or the name of the GPU."""
    return torch.cuda.get_device_name() if DEVICE.type == "cuda" else "CPU"


class Setting(NamedTuple):
    """What may be chosen for speed."""

    threads: int = CORES
    fused: bool = True
    rows: str = "taken batch by batch"
    compiled: str = ""

    def __str__(self) -> str:
        told = [f"{self.threads} threads", "fused optimiser" if self.fused else "plain optimiser"]
        return ", ".join([*told, f"rows {self.rows}", *([self.compiled] if self.compiled else [])])


def network(work: Work, data: Data) -> nn.Module:
    """In PyTorch's layers, from the given weights, whose images have channels last."""
    if work.noise is not None or work.activation == "rrelu":
        raise NotExpressible("raced against nobody")
    activation = {"relu": nn.ReLU, "elu": nn.ELU}[work.activation]
    layers: list[nn.Module] = []
    if work.filters:
        layers.append(nn.Unflatten(1, (IMAGE[2], *IMAGE[:2])))
    channels = IMAGE[2]
    for count in work.filters:
        layers += [nn.Conv2d(channels, count, KERNEL), activation(), nn.MaxPool2d(POOL)]
        channels = count
    if work.filters:
        layers.append(nn.Flatten())
    inputs = data.weights[len(work.filters)][0].shape[0] if work.filters else INPUTS
    for units in work.hidden:
        layers.append(nn.Linear(inputs, units))
        if work.batch_norm:
            layers.append(nn.BatchNorm1d(units, eps=1e-3, momentum=0.1))
        layers.append(activation())
        if work.dropout is not None:
            layers.append(nn.Dropout(work.dropout))
        inputs = units
    model = nn.Sequential(*layers, nn.Linear(inputs, CLASSES))
    _set_weights(model, work, data)
    return model.to(DEVICE)


def _set_weights(model: nn.Sequential, work: Work, data: Data) -> None:
    weighted = [layer for layer in model if isinstance(layer, nn.Linear | nn.Conv2d)]
    with torch.no_grad():
        for number, (layer, (kernel, bias)) in enumerate(zip(weighted, data.weights, strict=True)):
            if kernel.ndim == 4:
                kernel = kernel.transpose(3, 2, 0, 1)  # (out, in, rows, columns)
            elif work.filters and number == len(work.filters):
                side = work.sides()[-1]
                kernel = kernel.reshape(side, side, -1, kernel.shape[1])
                kernel = kernel.transpose(2, 0, 1, 3).reshape(-1, kernel.shape[3]).T
            else:
                kernel = kernel.T
            layer.weight.copy_(torch.from_numpy(np.ascontiguousarray(kernel)))
            layer.bias.copy_(torch.from_numpy(bias))


def run(work: Work, data: Data, turn: Turn, form: str) -> None:
    """Trains or predicts in the fastest of its settings."""
    if work.task != "train":
        settings = {f"{threads} threads": Setting(threads, compiled=form) for threads in {1, CORES}}
        name = fastest(_predict, work, data, settings)
        turn.ready(f"inference_mode, {name}")
        _predict(work, data, turn, settings[name])
    else:
        settings = {str(setting): setting for setting in _settings(form)}
        name = fastest(train, work, data, settings)
        turn.ready(name)
        train(work, data, turn, settings[name])


def _settings(form: str) -> list[Setting]:
    threads = sorted({1, CORES})
    if form == "eager":
        ways = ("taken batch by batch", "permuted at once")
        return list(itertools.starmap(Setting, itertools.product(threads, (True, False), ways)))
    return [
        Setting(threads=n, compiled=compiled)
        for n, compiled in itertools.product(
            threads, ("forward and backward compiled, optimiser fused", "whole step compiled")
        )
    ]


def _predict(work: Work, data: Data, turn: Turn, setting: Setting) -> None:
    torch.set_num_threads(setting.threads)
    model = network(work, data).eval()
    forward: Callable[[torch.Tensor], torch.Tensor] = model
    if setting.compiled == "compiled":
        forward = torch.compile(model)

    @torch.inference_mode()
    def predict(x: np.ndarray) -> np.ndarray:
        return forward(torch.from_numpy(x).to(DEVICE)).cpu().numpy()

    answer: Predict = predict
    predict_in_turn(work, data, turn, answer)


def _optimizer(work: Work, model: nn.Module, fused: bool) -> torch.optim.Optimizer:
    if work.optimizer == "sgd":
        return torch.optim.SGD(model.parameters(), lr=work.rate, fused=fused)
    return torch.optim.Adam(model.parameters(), lr=work.rate, eps=1e-7, fused=fused)


Step = Callable[[torch.Tensor, torch.Tensor], tuple[torch.Tensor, torch.Tensor]]


def _make_step(work: Work, data: Data, setting: Setting) -> Step:
    model = network(work, data).train()
    optimizer = _optimizer(work, model, setting.fused)

    def forward(x: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        logits = model(x)
        return nn.functional.cross_entropy(logits, y), (logits.detach().argmax(1) == y).sum()

    if setting.compiled.startswith("forward"):
        forward = torch.compile(forward)

    def step(x: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        loss, correct = forward(x, y)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        return loss.detach(), correct

    return torch.compile(step) if setting.compiled.startswith("whole") else step


def train(work: Work, data: Data, turn: Turn, setting: Setting) -> None:
    """A permutation an epoch; loss and hits are summed on the device."""
    torch.set_num_threads(setting.threads)
    torch.compiler.reset()
    step = _make_step(work, data, setting)
    x = torch.from_numpy(data.x).to(DEVICE)
    y = torch.from_numpy(data.y).long().to(DEVICE)
    steps = len(x) // work.batch
    while True:
        turn.wait()
        losses = torch.zeros((), device=DEVICE)
        hits = torch.zeros((), dtype=torch.long, device=DEVICE)
        order = torch.randperm(len(x), device=DEVICE)
        if setting.rows == "permuted at once":
            batches = zip(x[order].split(work.batch), y[order].split(work.batch), strict=True)
        else:
            batches = ((x[rows], y[rows]) for rows in order.split(work.batch))
        for x_batch, y_batch in batches:
            loss, correct = step(x_batch, y_batch)
            losses += loss
            hits += correct
        turn.tell(float(losses) / steps, float(hits) / len(x))
