"""The networks of a job: from the words of a config to entries, and what there is to say about them at the end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from tabulate import tabulate

from objectpose.analysis.tables import counted, printable, shortened, wrapped
from objectpose.config import ModelConfig
from objectpose.engine.session import Finished
from objectpose.errors import ObjectPoseError
from objectpose.jobs.answers import provenance, shown_name
from objectpose.models import registry
from objectpose.models.spec import ModelSpec

WIDTH = 100
_LONGEST = 40
_SHOWN = 6


def named_networks(model: ModelConfig, pretrained: bool = True) -> list[ModelSpec]:
    """Return the networks that a config names.

    Raises:
        ObjectPoseError: an unknown name, or options that are about no or several networks.
    """
    options = asdict(model)
    return registry.resolve(options.pop("name"), options, pretrained=pretrained)


def what_they_were_fed(specs: Iterable[ModelSpec], mode: str) -> str:
    """Return what is done to the pixels before each network sees them, one line a recipe and its networks.

    Networks whose preparation cannot be said are left out; why stands among the failures.
    """
    recipes: dict[str, list[str]] = {}
    listed = list(specs)
    for spec in listed:
        try:
            recipes.setdefault(registry.preparation_of(spec, mode).words, []).append(spec.name)
        except ObjectPoseError:
            continue
    named = dict.fromkeys("model.preprocess" if spec.options.preprocess else f"preprocess={mode}" for spec in listed)
    lines = [f"What the networks were fed ({', '.join(named)}):"]
    for words, names in recipes.items():
        lines.append(wrapped(f"  {words}: {', '.join(printable(name) for name in names)}", WIDTH, "    "))
    return "\n".join(lines)


def notes_on(finished: Sequence[Finished]) -> list[str]:
    """Return a sentence for each network about outputs and answers that are not as usual."""
    notes = []
    for done in finished:
        stored = provenance(done)
        name = printable(shown_name(done))
        if stored["answers"] < stored["asked"]:
            notes.append(
                f"{name} chooses among {stored['answers']:,} of the {stored['asked']:,} classes of "
                f"{stored['classes']}, which is easier: by chance {100 / stored['answers']:.3g} % would be right, and "
                "its accuracies do not compare with those among all."
            )
        if stored["ignored_outputs"]:
            notes.append(
                f"{name}: of its {stored['outputs']:,} outputs these {stored['ignored_outputs']:,} mean no class of "
                f"{stored['classes']} and were left out of the choice: {', '.join(stored['ignored'])}"
                f"{', ...' if stored['ignored_outputs'] > len(stored['ignored']) else ''}."
            )
        options = done.unit.spec.options
        if (
            options.checkpoint
            and not options.preprocess
            and done.unit.spec.source in ("timm", "torchvision", "open_clip")
        ):
            notes.append(
                f"{name} is fed as the published weights of {done.unit.spec.identifier} want; where your training fed "
                "it otherwise, say so with model.preprocess."
            )
        if not done.unit.weights.cacheable:
            notes.append(f"{name}: not kept for another run, because {done.unit.weights.reason}.")
        if not done.unit.spec.pretrained:
            notes.append(f"{name}: random weights; its numbers say nothing about a network.")
    shown = notes[:_SHOWN]
    return [*shown, f"... and {len(notes) - _SHOWN} more."] if len(notes) > _SHOWN else shown


def failure_table(failures: Mapping[str, str], total: int) -> str:
    """Return the networks without a result and why, as a table.

    Args:
        failures: name and sentence.
        total: number of networks that were asked for.
    """
    rows = [
        [shortened(printable(name), _LONGEST), wrapped(printable(sentence), WIDTH - 4 - min(_LONGEST, len(name)))]
        for name, sentence in failures.items()
    ]
    title = f"{len(failures)} of {counted(total, 'network')} without a result:"
    return title + "\n" + tabulate(rows, headers=["network", "why"], disable_numparse=True)


def weights_folder(weights_dir: str | None) -> Path | None:
    """Return the folder of weights files that a config names."""
    return Path(weights_dir) if weights_dir else None
