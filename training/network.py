"""The network: a compact BERT encoder with a casing embedding, and heads that share one pass of it.

The encoder is all-MiniLM-L6-v2 (Wang et al. 2020; 6 layers, 384 wide, uncased), which cannot see casing: a class per
word is added at the input, and again to the words that the heads see. Each group of heads mixes the layers with weights
of its own (Peters et al. 2018). Words are scored against words by biaffine products (Dozat and Manning 2017), for the
parse, for the cue's source and content, and for what a pronoun stands for.
"""

from dataclasses import asdict, dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - everyone's name for it

CASES = 9
SPEECH = ("O", "B-content", "I-content", "B-source", "I-source")
MASKED = -1e4


@dataclass(frozen=True)
class Labels:
    """The label sets, in the order of the scores."""

    tags: tuple[str, ...]
    relations: tuple[str, ...]
    names: tuple[str, ...]  # O, B-person, I-person ...

    def as_dict(self) -> dict[str, list[str]]:
        """Return them as plain lists."""
        return {key: list(value) for key, value in asdict(self).items()}


def _rounded(x: Tensor, low: Tensor, high: Tensor, steps: int) -> Tensor:
    """Return values rounded to so many steps between two bounds; gradients pass as if they were not."""
    with torch.no_grad():
        scale = (high - low).clamp(min=1e-8) / steps
        change = (x / scale).round_().mul_(scale).sub_(x)
    return x + change


class Linear(nn.Linear):
    """A linear layer that can be fitted with what eight bits will make of it (Jacob et al. 2018).

    As exported, a layer's input has 256 steps between the least and the greatest value of its window, and a row of its
    weights 128 about zero.
    """

    rounds = False

    def forward(self, x: Tensor) -> Tensor:
        """Return the product, of rounded values where asked for."""
        if not (self.rounds and self.training):
            return super().forward(x)
        flat = x.detach().flatten(1)
        bounds = (-1, *(1,) * (x.dim() - 1))
        low, high = flat.amin(1).clamp(max=0).view(bounds), flat.amax(1).clamp(min=0).view(bounds)
        most = self.weight.detach().abs().amax(1, keepdim=True)
        return F.linear(_rounded(x, low, high, 255), _rounded(self.weight, -most, most, 127), self.bias)


class Layer(nn.Module):
    """One layer of BERT."""

    def __init__(self, width: int, heads: int, inner: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = Linear(width, 3 * width)
        self.out = Linear(width, width)
        self.norm1 = nn.LayerNorm(width, eps=1e-12)
        self.up = Linear(width, inner)
        self.down = Linear(inner, width)
        self.norm2 = nn.LayerNorm(width, eps=1e-12)
        self.dropout = dropout

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Return the states after the layer; `mask` is added to the scores of attention."""
        b, t, w = x.shape
        q, k, v = self.qkv(x).view(b, t, 3, self.heads, w // self.heads).permute(2, 0, 3, 1, 4)
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        rate = self.dropout if self.training else 0.0
        x = self.norm1(x + F.dropout(self.out(y.transpose(1, 2).reshape(b, t, w)), rate))
        return self.norm2(x + F.dropout(self.down(F.gelu(self.up(x))), rate))


class Encoder(nn.Module):
    """BERT without its pooler, with a casing class per sub-token."""

    rounds = False

    def __init__(
        self, vocabulary: int = 30522, width: int = 384, layers: int = 6, heads: int = 12, inner: int = 1536
    ) -> None:
        super().__init__()
        self.words = nn.Embedding(vocabulary, width)
        self.positions = nn.Embedding(512, width)
        self.cases = nn.Embedding(CASES, width)
        nn.init.zeros_(self.cases.weight)
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.layers = nn.ModuleList(Layer(width, heads, inner, 0.1) for _ in range(layers))

    def forward(self, ids: Tensor, cases: Tensor, mask: Tensor) -> list[Tensor]:
        """Return the states after each layer."""
        x = self.words(ids)
        if self.rounds and self.training:
            most = self.words.weight.detach().abs().max()
            x = _rounded(x, -most, most, 127)
        x = x + self.cases(cases) + self.positions.weight[: ids.shape[1]]
        x = F.dropout(self.norm(x), 0.1 if self.training else 0.0)
        states = []
        for layer in self.layers:
            x = layer(x, mask)
            states.append(x)
        return states

    def load(self, weights: dict[str, Tensor]) -> None:
        """Take the weights of a Hugging Face BERT; token type 0 is folded into the positions."""
        own = self.state_dict()
        e = "embeddings."
        own["words.weight"] = weights[f"{e}word_embeddings.weight"]
        own["positions.weight"] = (
            weights[f"{e}position_embeddings.weight"] + weights[f"{e}token_type_embeddings.weight"][0]
        )
        own["norm.weight"], own["norm.bias"] = weights[f"{e}LayerNorm.weight"], weights[f"{e}LayerNorm.bias"]
        for n in range(len(self.layers)):
            p, a = f"layers.{n}.", f"encoder.layer.{n}."
            for kind in ("weight", "bias"):
                parts = [weights[f"{a}attention.self.{part}.{kind}"] for part in ("query", "key", "value")]
                own[f"{p}qkv.{kind}"] = torch.cat(parts)
                own[f"{p}out.{kind}"] = weights[f"{a}attention.output.dense.{kind}"]
                own[f"{p}norm1.{kind}"] = weights[f"{a}attention.output.LayerNorm.{kind}"]
                own[f"{p}up.{kind}"] = weights[f"{a}intermediate.dense.{kind}"]
                own[f"{p}down.{kind}"] = weights[f"{a}output.dense.{kind}"]
                own[f"{p}norm2.{kind}"] = weights[f"{a}output.LayerNorm.{kind}"]
        self.load_state_dict(own)


class Mix(nn.Module):
    """A weighted sum of the layers, with the casing added again; words only."""

    def __init__(self, layers: int, width: int) -> None:
        super().__init__()
        self.weights = nn.Parameter(torch.linspace(-1.0, 1.0, layers))
        self.cases = nn.Embedding(CASES, width)
        nn.init.zeros_(self.cases.weight)

    def forward(self, states: list[Tensor], cases: Tensor) -> Tensor:
        """Return one state a word."""
        share = torch.softmax(self.weights, 0)
        x = sum(share[n] * state for n, state in enumerate(states)) + self.cases(cases)
        assert isinstance(x, Tensor)
        return F.dropout(x, 0.15 if self.training else 0.0)


def mlp(width: int, out: int) -> nn.Module:
    """Return a layer that makes a role of a word."""
    return nn.Sequential(Linear(width, out), nn.GELU(), nn.Dropout(0.3))


class Network(nn.Module):
    """Encoder and heads."""

    def __init__(self, labels: Labels) -> None:
        super().__init__()
        self.labels = labels
        width, tags, relations = 384, len(labels.tags), len(labels.relations)
        self.encoder = Encoder()
        self.grammar, self.naming, self.speaking = Mix(6, width), Mix(6, width), Mix(6, width)
        self.sentence = Linear(width, 1)
        self.tag = Linear(width, tags)
        self.arc_head, self.arc_word = mlp(width, 256), mlp(width, 256)
        self.arc = Linear(256, 256)
        self.arc_bias = Linear(256, 1, bias=False)
        self.rel_head, self.rel_word = Linear(width, 192), Linear(width, 192)
        self.rel = nn.Linear(192, relations)  # computed in 32 bits
        self.name = nn.Sequential(mlp(width, 256), Linear(256, len(labels.names)))
        self.cue = nn.Sequential(mlp(width, 128), Linear(128, 3))
        self.content = nn.Sequential(mlp(width, 128), Linear(128, 3))
        self.speech_cue, self.speech_word = mlp(width, 160), mlp(width, 160)
        self.speech = Linear(161, 161 * len(SPEECH), bias=False)
        self.link_word, self.link_target = mlp(width, 128), mlp(width, 128)
        self.link = Linear(128, 128)
        self.link_bias = Linear(128, 1, bias=False)
        self.link_none = Linear(128, 1)
        for layer in (self.arc, self.speech, self.link):
            nn.init.normal_(layer.weight, std=0.02)

    def words(self, ids: Tensor, cases: Tensor, first: Tensor, last: Tensor, mask: Tensor) -> list[Tensor]:
        """Return the states of the words after each layer: the mean of their first and last sub-token."""
        states = self.encoder(ids, cases, mask)
        width = states[0].shape[-1]
        begin, end = first[..., None].expand(-1, -1, width), last[..., None].expand(-1, -1, width)
        return [0.5 * (s.gather(1, begin) + s.gather(1, end)) for s in states]

    def forward(
        self, ids: Tensor, cases: Tensor, first: Tensor, last: Tensor, word_cases: Tensor, mask: Tensor
    ) -> dict[str, Tensor]:
        """Return the scores of every head; [b, words, ...]."""
        states = self.words(ids, cases, first, last, mask)
        g, n, s = (mix(states, word_cases) for mix in (self.grammar, self.naming, self.speaking))
        arc_head = self.arc_head(g)
        arc = self.arc(self.arc_word(g)) @ arc_head.transpose(1, 2) + self.arc_bias(arc_head).transpose(1, 2)
        link_word, link_target = self.link_word(s), self.link_target(s)
        link = self.link(link_word) @ link_target.transpose(1, 2) + self.link_bias(link_target).transpose(1, 2)
        return {
            "sentence": self.sentence(g)[..., 0],
            "tag": self.tag(g),
            "arc": arc,
            "rel_word": self.rel_word(g),
            "rel_head": self.rel_head(g),
            "name": self.name(n),
            "cue": self.cue(s),
            "content": self.content(s),
            "speech": self.biaffine(self.speech_cue(s), self.speech_word(s), self.speech, len(SPEECH)),
            "link": torch.cat([self.link_none(link_word), link], -1),
        }

    @staticmethod
    def biaffine(left: Tensor, right: Tensor, layer: nn.Linear, labels: int) -> Tensor:
        """Return scores [b, labels, left, right]."""
        left = F.pad(left, (0, 1), value=1.0)
        right = F.pad(right, (0, 1), value=1.0)
        b, w, d = left.shape
        product = layer(left).view(b, w, labels, d).transpose(1, 2)
        return product @ right.transpose(1, 2)[:, None]

    def relations(self, word: Tensor, head: Tensor, heads: Tensor) -> Tensor:
        """Return the scores of the relations to given heads; [b, words, relations]."""
        chosen = head.gather(1, heads[..., None].expand(-1, -1, head.shape[-1]))
        scores: Tensor = self.rel(F.dropout(F.relu(word + chosen), 0.3 if self.training else 0.0))
        return scores
