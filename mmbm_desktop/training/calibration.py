"""Fits what turns an image-text bundle's cosines into probabilities, and checks it on pictures it was not fitted on.

Platt's curve (Platt 1999) goes from the raw cosine of a query and a picture to the probability that the picture fits,
`evaluation.matches` says when. It is fitted on the best 20 hits of every query in a library of up to 1,000 pictures.
Whether a picture fits a sentence has nothing to do with the other pictures of a library, so that the probability of a
cosine is the same in a library of 5 and of 100,000; a small one simply has no high cosines. What the base rate does
depend on is what people look for and photograph: here, what Flickr8k's people did.

Two refinements were measured on Flickr8k and left out: the cosine less the query's mean cosine makes the Brier score
3 to 4 % better, no more, and would need a centre stored; two pictures' cosine tells so little of whether their captions
agree (area under the curve 0.64) that a picture found by itself would get 29 %. Example pictures get no probability.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from mmbm_desktop.bundles.manifest import read_manifest, write_manifest
from mmbm_desktop.inference.image_text import ImageTextBundle
from mmbm_desktop.training.evaluation.image_text_answers import answers_of
from mmbm_desktop.training.evaluation.matches import matches_of
from mmbm_desktop.training.metrics.platt import best_threshold, fit_platt, probabilities
from mmbm_desktop.training.metrics.reliability import Reliability, reliability

if TYPE_CHECKING:
    from mmbm_desktop.bundles.calibration import Calibration, Line
    from mmbm_desktop.training.evaluation.image_text_answers import Answers
    from mmbm_desktop.training.evaluation.interface import Measuring
    from mmbm_desktop.training.evaluation.matches import Floats, Truths

LIBRARY = 1000
"""Pictures that are enough to fit on."""
_DIGITS = 4
_ABOUT = """\
The window shows probabilities; they were fitted on another split than these numbers come from. A sentence counts as
true of a picture when it agrees with people's sentences of it (CIDEr-D) as well as three in four of those agree with
each other. Someone who always said the base rate b would have the Brier score b (1 - b).
"""
_LANGUAGES = {"en": "English", "zh": "Chinese"}


def calibrate(measuring: Measuring) -> dict[str, Any]:
    """Fit a bundle's probabilities on a split, write them into its manifest and return them; no other file changes.

    Languages in which too little is right or wrong get no curve, and a bundle without a curve an empty calibration.

    Raises:
        InputFault: the data folder cannot be used, or has nothing in that split.
        EnvironmentFault: the bundle is damaged or of another family.
        MmbmError: the manifest cannot be written.
    """
    limited = replace(measuring, limit=min(measuring.limit or LIBRARY, LIBRARY))
    fitted = fit_calibration(answers_of(ImageTextBundle(measuring.bundle), limited))
    if fitted:
        fitted["fitted_on"] = f"{measuring.data.name} {measuring.split}"
    write_manifest(measuring.bundle, replace(read_manifest(measuring.bundle), calibration=fitted))
    return fitted


def fit_calibration(answers: Answers) -> dict[str, Any]:
    """Return a manifest's `calibration` (see `bundles.calibration`) for a bundle that gave these answers."""
    search, caption, agreement = {}, {}, {}
    probable: list[Floats] = []
    fits: list[Truths] = []
    for language, said in answers.said.items():
        found = matches_of(said, answers.pictures, language)
        if found is None:
            continue
        if line := fit_platt(*found.top()):
            search[language] = _written(line)
            probable.append(probabilities(found.cosines.ravel(), line).astype(np.float32))
            fits.append(found.fits.ravel())
        if line := fit_platt(found.captions, found.right):
            caption[language] = _written(line)
        agreement[language] = round(found.agreement, _DIGITS)
    if not search and not caption:
        return {}
    below = {"nothing_below": _below(probable, fits)} if search else {}
    return {"search": search, "caption": caption, **below, "agreement": agreement}


def _written(line: tuple[float, float]) -> list[float]:
    return [round(number, _DIGITS) for number in line]


def _below(probable: list[Floats], fits: list[Truths]) -> float:
    return round(best_threshold(np.concatenate(probable), np.concatenate(fits)), _DIGITS)


def calibration_numbers(bundle: ImageTextBundle, answers: Answers) -> tuple[dict[str, float], str]:
    """Return how far a calibrated bundle's probabilities can be believed, by name, and its tables in Markdown."""
    numbers: dict[str, float] = {}
    tables: list[str] = []
    for name, found in _checked(bundle.calibration, answers).items():
        what, _, language = name.partition(", ")
        numbers[f"{what} calibration error (ECE), {language}"] = found.error
        numbers[f"{what} Brier score, {language}"] = found.brier
        tables.append(_table(name, found))
    return numbers, "\n".join([_ABOUT, *tables] if tables else [])


def _checked(calibration: Calibration, answers: Answers) -> dict[str, Reliability]:
    """Return the reliability of each curve by name, such as "search, English"."""
    checked = {}
    for language, said in answers.said.items():
        if language not in calibration.agreement:
            continue
        found = matches_of(said, answers.pictures, language, calibration.agreement[language])
        if found is None:
            continue
        captions = (found.captions, found.right)
        kinds = (("search", calibration.search, found.top()), ("caption", calibration.caption, captions))
        for kind, lines, (cosines, right) in kinds:
            if language in lines:
                checked[f"{kind}, {_LANGUAGES[language]}"] = _reliability(lines[language], cosines, right)
    return checked


def _reliability(line: Line, cosines: Floats, right: Truths) -> Reliability:
    return reliability(probabilities(cosines, (line.slope, line.offset)), right)


def _table(name: str, found: Reliability) -> str:
    lines = [f"| {one.predicted:.3f} | {one.observed:.3f} | {one.count:,} |" for one in found.bins]
    head = [f"Probabilities, {name} (base rate {found.base:.3f}): what was said on average, how often it was true", ""]
    return "\n".join([*head, "| said | true | answers |", "|---|---|---|", *lines, ""])
