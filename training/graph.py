"""The graph that is exported: the network for one window, in the operations that ONNX Runtime is fast at.

The same function as `Network.forward`, put differently: layers that read the same states are one product, the states
of all six layers are mixed by one product, attention and GELU are the fused operations of ONNX Runtime. States keep a
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
        share = torch.stack([torch.softmax(mix.weights, 0) for mix in mixes])
        self.shares = nn.Parameter(0.5 * share)  # a word is the mean of its first and last sub-token
        self.cases = nn.Parameter(torch.stack([mix.cases.weight for mix in mixes]))
        self.grammar = Joined([network.sentence, network.tag, network.rel_word, network.rel_head])
        self.arcs = Joined([network.arc_head, network.arc_word])
        self.speaking = Joined(
            [network.cue[0], network.content[0], network.speech_cue, network.speech_word, network.link_word,
             network.link_target]
        )  # fmt: skip

    def forward(
        self, ids: Tensor, cases: Tensor, first: Tensor, last: Tensor, word_cases: Tensor
    ) -> tuple[Tensor, ...]:
        """Return the scores in the order of `export.OUTPUTS`."""
        n = self.network
        states = self.states(ids, cases)
        mixed = (self.shares @ states.reshape(self.layers, -1)).reshape(3, *states.shape[1:])
        mixed = mixed[:, first] + mixed[:, last] + self.cases[:, word_cases]
        grammar, naming, speaking = mixed[0:1], mixed[1:2], mixed[2:3]
        sentence, tag, rel_word, rel_head = self.grammar(grammar)
        arc_head, arc_word = self.arcs(grammar)
        arc = n.arc(arc_word) @ arc_head.transpose(1, 2) + n.arc_bias(arc_head).transpose(1, 2)
        name = n.name[1](_gelu(n.name[0][0](naming)))
        cue, content, speech_cue, speech_word, link_word, link_target = self.speaking(speaking)
        link = n.link(link_word) @ link_target.transpose(1, 2) + n.link_bias(link_target).transpose(1, 2)
        link = torch.cat([n.link_none(link_word), link], -1)
        speech = n.biaffine(speech_cue, speech_word, n.speech, len(SPEECH))
        scores = (
            sentence[..., 0], tag, arc, rel_word, rel_head, name, n.cue[1](cue), n.content[1](content), speech, link
        )  # fmt: skip
        return tuple(score[0] for score in scores)

    def states(self, ids: Tensor, cases: Tensor) -> Tensor:
        """Return the states of the sub-tokens after each layer, [layer, sub-token, width]."""
        encoder = self.network.encoder
        x = encoder.norm(encoder.words(ids) + encoder.cases(cases) + encoder.positions.weight[: ids.shape[0]])[None]
        states = []
        for layer in encoder.layers:
            assert isinstance(layer, Layer)
            x = _layer(layer, x)
            states.append(x)
        return torch.cat(states)


class Joined(nn.Module):
    """Layers over the same states as one product; with GELU where they have it (all of them, or none)."""

    def __init__(self, layers: list[nn.Module]) -> None:
        super().__init__()
        linear = [layer[0] if isinstance(layer, nn.Sequential) else layer for layer in layers]
        self.gelu = isinstance(layers[0], nn.Sequential)
        self.sizes = [int(layer.out_features) for layer in linear]
        self.joined = nn.Linear(int(linear[0].in_features), sum(self.sizes))
        with torch.no_grad():
            self.joined.weight.copy_(torch.cat([layer.weight for layer in linear]))
            self.joined.bias.copy_(torch.cat([layer.bias for layer in linear]))

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        """Return what each of the layers makes of the states."""
        y = self.joined(x)
        return (_gelu(y) if self.gelu else y).split(self.sizes, -1)


def _layer(layer: Layer, x: Tensor) -> Tensor:
    q, k, v = layer.qkv(x).chunk(3, -1)
    y = _fused("MultiHeadAttention", (q, k, v), x, num_heads=layer.heads)
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
