"""`python -m mmbm_desktop.training.evaluate BUNDLE --data FOLDER`: a bundle's numbers on one split of a data folder."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode, MmbmError
from mmbm_desktop.bundles.manifest import MANIFEST_FILE, read_manifest
from mmbm_desktop.training.card import record
from mmbm_desktop.training.evaluation.interface import Measuring

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mmbm_desktop.training.evaluation.interface import Evaluation


def evaluate(measuring: Measuring) -> Evaluation:
    """Measure a bundle as its family is measured. It answers as it answers people: through ONNX Runtime.

    Raises:
        InputFault: the data folder cannot be used, or has nothing in that split.
        EnvironmentFault: the bundle is missing, damaged or of a family that nobody can measure.
    """
    folder = measuring.bundle
    if not (folder / MANIFEST_FILE).is_file():
        raise EnvironmentFault(ErrorCode.MODEL_MISSING, path=str(folder), name=folder.name)
    family = read_manifest(folder).family
    if family not in _EVALUATIONS:
        raise EnvironmentFault(ErrorCode.BUNDLE_INVALID, family, name=folder.name, field="family")
    return _EVALUATIONS[family](measuring)


def _image_text(measuring: Measuring) -> Evaluation:
    from mmbm_desktop.training.evaluation.image_text import evaluate_image_text

    return evaluate_image_text(measuring)


def _picture_classes(measuring: Measuring) -> Evaluation:
    from mmbm_desktop.training.evaluation.picture_classes import evaluate_picture_classes

    return evaluate_picture_classes(measuring)


def _sounds(measuring: Measuring) -> Evaluation:
    from mmbm_desktop.training.evaluation.sounds import evaluate_sounds

    return evaluate_sounds(measuring)


def _speech_commands(measuring: Measuring) -> Evaluation:
    from mmbm_desktop.training.evaluation.speech_commands import evaluate_speech_commands

    return evaluate_speech_commands(measuring)


def _translation(measuring: Measuring) -> Evaluation:
    from mmbm_desktop.training.evaluation.translation import evaluate_translation

    return evaluate_translation(measuring)


_EVALUATIONS: Mapping[str, Callable[[Measuring], Evaluation]] = {
    "mmbm-image-text": _image_text,
    "mmbm-picture-classes": _picture_classes,
    "mmbm-sounds": _sounds,
    "mmbm-speech-commands": _speech_commands,
    "mmbm-translation": _translation,
}


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="mmbm_desktop.training.evaluate", description=__doc__)
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--split", default="test")
    parser.add_argument("--limit", type=int)
    parser.add_argument("--beam", type=int, help="width of the beam search; people's own where not given")
    parser.add_argument("--json", action="store_true", help="one object a line; the default is a line a number")
    parser.add_argument("--answers", type=Path, help="write what the bundle said to this JSON file")
    parser.add_argument("--record", action="store_true", help="write the numbers into the bundle's manifest and card")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Print the numbers; return the exit status (1 after an error, which is printed as an object too)."""
    options = _arguments(argv)
    try:
        found = evaluate(Measuring(options.bundle, options.data, options.split, options.limit, options.beam))
        if options.record:
            about = f"{options.data.name} {options.split}"
            record(options.bundle, {f"{name}, {about}": v for name, v in found.numbers.items()}, found.details)
    except MmbmError as error:
        event = {"event": "error", "error": str(error.code), **error.params, "detail": error.detail}
        sys.stdout.write(json.dumps(event, ensure_ascii=False) + "\n")
        return 1
    if options.answers:
        options.answers.write_text(json.dumps(found.answers, ensure_ascii=False, indent=1) + "\n", "utf-8")
    about = {"bundle": options.bundle.name, "data": options.data.name, "split": options.split}
    if options.json:
        line = {"event": "evaluated", **about, "items": found.items, "unreadable": list(found.unreadable)}
        sys.stdout.write(json.dumps({**line, "metrics": found.numbers}, ensure_ascii=False) + "\n")
    else:
        sys.stdout.writelines(f"{name}: {value:.4f}\n" for name, value in found.numbers.items())
    return 0


if __name__ == "__main__":
    sys.exit(main())
