"""The graph that is exported: the network for one window, in the operations that ONNX Runtime is fast at.

The same function as `Network.forward`, put differently: the states of all six layers are mixed by one product, query,
key and value are products of their own, attention and GELU are the fused operations of ONNX Runtime. States keep a
first dimension of one, because only products of three dimensions are quantized.
"""

import torch
from torch import Tensor, nn

from training.network import SPEECH, Layer, Network


class OneWindow(nn.Module):
    """The network without a batch dimension."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network
        mixes = (network.grammar, network.naming, network.speaking)
        self.layers = len(network.encoder.layers)
        self.looking = nn.ModuleList(_parted(layer.qkv) for layer in network.encoder.layers)
        share = torch.stack([torch.softmax(mix.weights, 0) for mix in mixes])
        self.shares = nn.Parameter(0.5 * share)  # a word is the mean of its first and last sub-token
        self.cases = nn.Parameter(torch.stack([mix.cases.weight for mix in mixes]))

    def forward(
        self, ids: Tensor, cases: Tensor, first: Tensor, last: Tensor, word_cases: Tensor
    ) -> tuple[Tensor, ...]:
        """Return the scores in the order of `export.OUTPUTS`."""
        n = self.network
        states = self.states(ids, cases)
        mixed = (self.shares @ states.reshape(self.layers, -1)).reshape(3, *states.shape[1:])
        mixed = mixed[:, first] + mixed[:, last] + self.cases[:, word_cases]
        grammar, naming, speaking = mixed[0:1], mixed[1:2], mixed[2:3]
        arc_head = _role(n.arc_head, grammar)
        arc = n.arc(_role(n.arc_word, grammar)) @ arc_head.transpose(1, 2) + n.arc_bias(arc_head).transpose(1, 2)
        link_word, link_target = _role(n.link_word, speaking), _role(n.link_target, speaking)
        link = n.link(link_word) @ link_target.transpose(1, 2) + n.link_bias(link_target).transpose(1, 2)
        speech = n.biaffine(_role(n.speech_cue, speaking), _role(n.speech_word, speaking), n.speech, len(SPEECH))
        scores = (
            n.sentence(grammar)[..., 0], n.tag(grammar), arc, n.rel_word(grammar), n.rel_head(grammar),
            _labels(n.name, naming), _labels(n.cue, speaking), _labels(n.content, speaking), speech,
            torch.cat([n.link_none(link_word), link], -1),
        )  # fmt: skip
        return tuple(score[0] for score in scores)

    def states(self, ids: Tensor, cases: Tensor) -> Tensor:
        """Return the states of the sub-tokens after each layer, [layer, sub-token, width]."""
        encoder = self.network.encoder
        x = encoder.norm(encoder.words(ids) + encoder.cases(cases) + encoder.positions.weight[: ids.shape[0]])[None]
        states = []
        for layer, looking in zip(encoder.layers, self.looking, strict=True):
            x = _layer(layer, looking, x)
            states.append(x)
        return torch.cat(states)


def _role(layers: nn.Module, x: Tensor) -> Tensor:
    assert isinstance(layers, nn.Sequential)
    return _gelu(layers[0](x))


def _labels(layers: nn.Module, x: Tensor) -> Tensor:
    assert isinstance(layers, nn.Sequential)
    made: Tensor = layers[1](_role(layers[0], x))
    return made


def _parted(qkv: nn.Linear) -> nn.ModuleList:
    """Return query, key and value as products of their own: to cut one product in three takes longer."""
    parts = nn.ModuleList(nn.Linear(qkv.in_features, qkv.in_features) for _ in range(3))
    with torch.no_grad():
        for part, weight, bias in zip(parts, qkv.weight.chunk(3), qkv.bias.chunk(3), strict=True):
            part.weight.copy_(weight)
            part.bias.copy_(bias)
    return parts


def _layer(layer: Layer, looking: nn.ModuleList, x: Tensor) -> Tensor:
    y = _fused("MultiHeadAttention", tuple(part(x) for part in looking), x, num_heads=layer.heads)
    x = layer.norm1(x + layer.out(y))
    made: Tensor = layer.norm2(x + layer.down(_gelu(layer.up(x))))
    return made


def _gelu(x: Tensor) -> Tensor:
    return _fused("Gelu", (x,), x)


def _fused(name: str, inputs: tuple[Tensor, ...], like: Tensor, **attributes: int) -> Tensor:
    """Return an operation of the domain `com.microsoft`, of the shape of a tensor."""
    made: Tensor = torch.onnx.ops.symbolic(
        f"com.microsoft::{name}", inputs, attributes, dtype=like.dtype, shape=like.shape, version=1
    )
    return made
