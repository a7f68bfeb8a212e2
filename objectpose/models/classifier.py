"""A network that is ready to answer: pictures of its input size in, logits out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from objectpose.classes import IMAGENET
from objectpose.errors import ObjectPoseError
from objectpose.models.labels import OutputMap, map_outputs
from objectpose.models.preprocess import Images, Preparation, finish, prepare
from objectpose.models.recipe import Preprocess
from objectpose.models.spec import ModelSpec, Weights

if TYPE_CHECKING:
    import torch

PRECISION = "strict"
"""float32 without TensorFloat-32, the one precision there is."""


class Classifier(Protocol):
    """What the engine asks of a network.

    Attributes:
        spec: the zoo entry, with its card.
        preparation: from pictures to inputs.
        weights: that were loaded.
        num_outputs: K.
        outputs: which output answers which class.
    """

    @property
    def spec(self) -> ModelSpec: ...  # noqa: D102

    @property
    def preparation(self) -> Preparation: ...  # noqa: D102

    @property
    def weights(self) -> Weights: ...  # noqa: D102

    @property
    def num_outputs(self) -> int: ...  # noqa: D102

    @property
    def outputs(self) -> OutputMap: ...  # noqa: D102

    def prepare(self, images: Images, threads: int = 1) -> torch.Tensor:
        """Return what the CPU makes of pictures, for ``forward``; may run while another batch is computed."""
        ...

    def forward(self, batch: torch.Tensor) -> torch.Tensor:
        """Return float32 N x K logits of what ``prepare`` gave, on the network's device."""
        ...

    def __call__(self, images: Images) -> torch.Tensor:
        """Return float32 N x K logits of uint8 N x H x W x 3 pictures."""
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
    """A PyTorch module in evaluation mode, with the preparation it is used with.

    Equal batches give equal bytes on one machine with one number of threads; another batch size may change the
    last bits.

    Attributes:
        spec: the zoo entry, with its card.
        preparation: from pictures to inputs.
        weights: that were loaded.
        num_outputs: K.
        device: where it computes.
        outputs: which output answers which class.
        module: the network itself: float32 N x 3 x S x S to N x K logits.
        channels_last: whether it is given its inputs in that memory order.
    """

    def __init__(
        self,
        module: torch.nn.Module,
        spec: ModelSpec,
        preparation: Preparation,
        weights: Weights,
        num_outputs: int,
        device: torch.device,
        outputs: OutputMap | None = None,
    ) -> None:
        import torch

        self.spec = spec
        self.preparation = preparation
        self.weights = weights
        self.num_outputs = num_outputs
        self.device = device
        self.outputs = outputs if outputs is not None else map_outputs(None, IMAGENET, spec.name)
        placed = module.eval().requires_grad_(False).to(device=device, dtype=torch.float32)
        # channels_last is what convolutions compute in, on a CPU as on CUDA, and what a recipe gives them. A user's own
        # network may rely on the usual order, as a view of its features does.
        self.channels_last = spec.source != "own"
        if self.channels_last:
            placed = placed.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.module = placed

    @property
    def preprocess(self) -> Preprocess:
        """The recipe, where the preparation is one.

        Raises:
            ObjectPoseError: the network brings a transform of its own.
        """
        if not isinstance(self.preparation, Preprocess):
            raise ObjectPoseError(f"{self.spec.name} brings a transform of its own, which is not a recipe.")
        return self.preparation

    def prepare(self, images: Images, threads: int = 1) -> torch.Tensor:
        """Resize and crop on the CPU.

        Args:
            images: uint8 N x H x W x 3, or a sequence of uint8 H x W x 3 of any sizes.
            threads: that share them.

        Returns:
            What ``forward`` takes: uint8 N x S x S x 3 for a recipe, float32 N x 3 x H x W for an own transform.
        """
        return prepare(images, self.preparation, threads)

    def forward(self, batch: torch.Tensor) -> torch.Tensor:
        """Return float32 N x K logits of prepared pictures.

        Args:
            batch: from ``prepare``, on any device.

        Raises:
            ValueError: another shape or type than the recipe gives.
            ObjectPoseError: the module fails, or does not give N x K numbers.
        """
        import torch

        if isinstance(self.preparation, Preprocess):
            size = self.preparation.input_size_px
            if batch.dtype != torch.uint8 or batch.ndim != 4 or tuple(batch.shape[1:]) != (size, size, 3):
                raise ValueError(
                    f"{self.spec.name} takes uint8 N x {size} x {size} x 3 pictures, got {batch.dtype} "
                    f"{tuple(batch.shape)}"
                )
        with torch.inference_mode(), strict_precision(self.device):
            order = torch.channels_last if self.channels_last else torch.contiguous_format
            inputs = finish(batch.to(self.device), self.preparation).contiguous(memory_format=order)
            try:
                logits = self.module(inputs)
            except torch.OutOfMemoryError as error:
                raise ObjectPoseError(
                    f"{self.spec.name} does not fit the memory of {self.device} with {len(batch)} pictures at a time; "
                    "set engine.batch_size lower."
                ) from error
            except Exception as error:
                reason = (str(error).strip().splitlines() or ["no message"])[0]
                raise ObjectPoseError(
                    f"{self.spec.name} raises {type(error).__name__} on an input of {tuple(inputs.shape)} ({reason}); "
                    "mend the network or its preprocessing."
                ) from error
        if isinstance(logits, torch.Tensor) and logits.ndim == 2 and logits.shape[1] != self.num_outputs:
            raise ObjectPoseError(
                f"{self.spec.name} gives {logits.shape[1]} logits a picture, expected {self.num_outputs:,}, as many as "
                "it has labels; name each output with model.labels=FILE ('-' for none)."
            )
        if not isinstance(logits, torch.Tensor) or tuple(logits.shape) != (len(batch), self.num_outputs):
            found = tuple(logits.shape) if isinstance(logits, torch.Tensor) else type(logits).__name__
            raise ObjectPoseError(
                f"{self.spec.name} gives {found} for {len(batch)} pictures, expected a tensor {len(batch)} x "
                f"{self.num_outputs}; let it return logits."
            )
        return logits.float().contiguous()

    def __call__(self, images: Images) -> torch.Tensor:
        """Return float32 N x K logits of uint8 pictures of any size: ``forward(prepare(images))``."""
        return self.forward(self.prepare(images))
