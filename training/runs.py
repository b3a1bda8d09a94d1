"""Runs: the folder of a fitted network -> the network; of several, their mean."""

import json
from pathlib import Path

import torch
from torch import Tensor

from training.network import Labels, Network


def load_run(*runs: Path) -> Network:
    """Return the fitted network of a run; of several, the one with the mean of their weights (Wortsman et al. 2022)."""
    labels = Labels(**{key: tuple(value) for key, value in json.loads((runs[0] / "labels.json").read_text()).items()})
    network = Network(labels)
    states = [_weights(run) for run in runs]
    mean = {
        name: torch.stack([state[name].float() for state in states]).mean(0).to(first.dtype)
        for name, first in states[0].items()
    }
    network.load_state_dict(mean)
    return network.eval()


def _weights(run: Path) -> dict[str, Tensor]:
    """Return the weights of a finished run, or those of its last epoch."""
    if (run / "network.pt").exists():
        weights: dict[str, Tensor] = torch.load(run / "network.pt", map_location="cpu")
        return weights
    state = torch.load(run / "state.pt", map_location="cpu")
    last: dict[str, Tensor] = state["average"] or state["network"]
    return last
