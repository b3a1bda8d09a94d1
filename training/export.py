"""Export a fitted network: ONNX for one window at a time, weights in eight bits, labels and calibration beside it.

    python -m training.export --run DIR [DIR ...] --out flows/enrich/weights

One window, no batch: dynamic quantization scales by what stands in the tensor, so a window's result would depend on its
neighbours in a batch, and padding would be work for nothing.
"""

import argparse
import json
import shutil
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from training.encoder import encoder_folder
from training.graph import OneWindow
from training.network import Network
from training.runs import load_run

INPUTS = ("ids", "cases", "first", "last", "word_cases")
OUTPUTS = ("sentence", "tag", "arc", "rel_word", "rel_head", "name", "cue", "content", "speech", "link")


def export(network: Network, file: Path) -> None:
    """Write the network as ONNX with 32-bit weights."""
    pieces, words = 40, 30
    example = (
        torch.randint(1000, 20000, (pieces,)), torch.randint(0, 9, (pieces,)),
        torch.arange(1, words + 1), torch.arange(1, words + 1), torch.randint(0, 9, (words,)),
    )  # fmt: skip
    p, w = torch.export.Dim("pieces", min=3, max=512), torch.export.Dim("words", min=2, max=510)
    torch.onnx.export(
        OneWindow(network), example, str(file), dynamo=True, opset_version=18, external_data=False,
        input_names=list(INPUTS), output_names=list(OUTPUTS),
        dynamic_shapes={"ids": {0: p}, "cases": {0: p}, "first": {0: w}, "last": {0: w}, "word_cases": {0: w}},
    )  # fmt: skip


def verify(network: Network, file: Path) -> None:
    """Compare what was written with the network that was fitted, on a window of random words.

    Raises:
        SystemExit: they differ by more than rounding.
    """
    pieces, words = 120, 100
    ids, cases = torch.randint(1000, 20000, (pieces,)), torch.randint(0, 9, (pieces,))
    first = torch.sort(torch.randperm(pieces - 2)[:words])[0] + 1
    last, word_cases = (first + 1).clamp(max=pieces - 2), cases[first]
    inputs = (ids, cases, first, last, word_cases)
    with torch.no_grad():
        wanted = network(*(value[None] for value in inputs), mask=torch.zeros(1, 1, 1, pieces))
    session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    made = session.run(list(OUTPUTS), dict(zip(INPUTS, (value.numpy() for value in inputs), strict=True)))
    for name, scores in zip(OUTPUTS, made, strict=True):
        if not np.allclose(scores, wanted[name][0].numpy(), atol=2e-3):
            raise SystemExit(f"the exported graph is not the network: {name}")


def quantize(source: Path, target: Path) -> None:
    """Write the model with eight-bit weights, a scale a channel.

    Seven of the eight bits are used: processors without VNNI add products in 16 bits, and would saturate.
    """
    quantize_dynamic(
        source, target, per_channel=True, reduce_range=True, weight_type=QuantType.QInt8,
        op_types_to_quantize=["MatMul", "Gemm", "Gather", "Attention"],
        extra_options={"MatMulConstBOnly": True},
    )  # fmt: skip


def strip(file: Path) -> None:
    """Take out of a model what the exporter notes of where it ran: paths, stack traces."""
    model = onnx.load(str(file))
    graph = model.graph
    for part in (model, graph, *graph.node, *graph.value_info, *graph.input, *graph.output, *graph.initializer):
        part.doc_string = ""
        del part.metadata_props[:]
    onnx.save(model, str(file))


def main() -> None:
    """Read the arguments and export."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, nargs="+", required=True, help="of several, their mean is exported")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--version", required=True, help="stands in every dispatch's provenance")
    arguments = parser.parse_args()
    network = load_run(*arguments.run)
    arguments.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        export(network, plain)
        onnx.checker.check_model(str(plain))
        verify(network, plain)
        quantize(plain, arguments.out / "model.onnx")
    strip(arguments.out / "model.onnx")
    np.savez(arguments.out / "relations.npz", weight=network.rel.weight.detach().numpy().T.astype(np.float16),
             bias=network.rel.bias.detach().numpy())  # fmt: skip
    shutil.copy(encoder_folder() / "tokenizer.json", arguments.out / "tokenizer.json")
    names = [label[2:] for label in network.labels.names if label.startswith("B-")]
    about = {"version": arguments.version, "tags": network.labels.tags, "relations": network.labels.relations,
             "types": names, "calibration": {}}  # fmt: skip
    (arguments.out / "model.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
