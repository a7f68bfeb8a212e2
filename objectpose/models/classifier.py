"""A network that is ready to answer: pictures of its input size in, logits out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from objectpose.models.preprocess import normalise
from objectpose.models.spec import ModelSpec, Preprocess, Weights

if TYPE_CHECKING:
    import torch

PRECISION = "strict"
"""float32 without TensorFloat-32, the one precision there is."""


class Classifier(Protocol):
    """What the engine asks of a network.

    Attributes:
        spec: the zoo entry.
        preprocess: geometry and normalisation in force.
        weights: file that was loaded.
        num_outputs: K.
    """

    @property
    def spec(self) -> ModelSpec: ...  # noqa: D102

    @property
    def preprocess(self) -> Preprocess: ...  # noqa: D102

    @property
    def weights(self) -> Weights: ...  # noqa: D102

    @property
    def num_outputs(self) -> int: ...  # noqa: D102

    def __call__(self, images: torch.Tensor) -> torch.Tensor:
        """Return float32 N x K logits of uint8 N x S x S x 3 pictures on the network's device."""
        ...


@contextmanager
def strict_precision(device: torch.device) -> Iterator[None]:
    """Compute float32 as float32 inside: no TensorFloat-32, no algorithm chosen by timing."""
    import torch

    if device.type != "cuda":
        yield
        return
    before = torch.backends.cuda.matmul.allow_tf32
    torch.backends.cuda.matmul.allow_tf32 = False
    try:
        with torch.backends.cudnn.flags(enabled=True, benchmark=False, deterministic=True, allow_tf32=False):
            yield
    finally:
        torch.backends.cuda.matmul.allow_tf32 = before


class TorchClassifier:
    """A PyTorch module in evaluation mode, with the preprocessing it is used with.

    Equal batches give equal bytes on one machine with one number of threads; another batch size may change the
    last bits.

    Attributes:
        spec: the zoo entry.
        preprocess: geometry and normalisation in force.
        weights: file that was loaded.
        num_outputs: K.
        device: where it computes.
        module: the network itself: float32 N x 3 x S x S to N x K logits.
    """

    def __init__(
        self,
        module: torch.nn.Module,
        spec: ModelSpec,
        preprocess: Preprocess,
        weights: Weights,
        num_outputs: int,
        device: torch.device,
    ) -> None:
        import torch

        self.spec = spec
        self.preprocess = preprocess
        self.weights = weights
        self.num_outputs = num_outputs
        self.device = device
        # channels_last is what convolutions compute in, on a CPU as on CUDA, and what normalise gives them.
        placed = module.eval().requires_grad_(False).to(device=device, dtype=torch.float32)
        self.module = placed.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def __call__(self, images: torch.Tensor) -> torch.Tensor:
        """Return the logits of pictures that have passed ``preprocess.geometry``.

        Args:
            images: uint8 N x S x S x 3 on ``device``, S = ``preprocess.input_size_px``.

        Returns:
            float32 N x K.

        Raises:
            ValueError: another shape or type.
        """
        import torch

        size = self.preprocess.input_size_px
        if images.dtype != torch.uint8 or images.ndim != 4 or tuple(images.shape[1:]) != (size, size, 3):
            raise ValueError(
                f"{self.spec.name} takes uint8 N x {size} x {size} x 3 pictures, got {images.dtype} "
                f"{tuple(images.shape)}"
            )
        with torch.inference_mode(), strict_precision(self.device):
            logits: torch.Tensor = self.module(normalise(images, self.preprocess))
        if logits.shape != (len(images), self.num_outputs):
            raise ValueError(
                f"{self.spec.name} gave {tuple(logits.shape)}, expected {len(images)} x {self.num_outputs}"
            )
        return logits.float().contiguous()
