"""A run's report as one HTML page that needs nothing else: no script, no address, every text escaped."""

from __future__ import annotations

import base64
import io
import logging
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import MmbmError
from mmbm_desktop.engine.runs.web_chart import charts
from mmbm_desktop.engine.runs.web_words import STYLE, said
from mmbm_desktop.protocol.metric_words import metric_words, split_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from mmbm_desktop.protocol.training import Assessment, CurvePoint, RunInfo, RunReport, RunSettings, Sample

log = logging.getLogger(__name__)
_EDGE = 144
_MOST_SKIPPED = 200
_MOST_SAMPLES = 24
_MOST_CHANGES = 50
_MOST_CLASSES = 60
"""A larger table of confusions is left out of the page: nobody can read it."""


def web_page(
    info: RunInfo, settings: RunSettings, report: RunReport, curve: Sequence[CurvePoint], language: str
) -> str:
    """Return the page in "en" or "zh"."""
    head = f"{said('title', language)}: {report.name}"
    parts = [
        f"<h1>{escape(head)}</h1>",
        _facts(info, settings, language),
        _section("curve", charts(curve, language), language),
        _section("val-numbers", _numbers(report.metrics, language), language),
        _section("assessed", _assessed(report.assessment, language), language),
        *_details(report.assessment, language),
        _section("skipped", _skipped(report.skipped), language),
    ]
    return (
        f'<!DOCTYPE html>\n<html lang="{"zh-CN" if language == "zh" else "en"}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{escape(head)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(filter(None, parts))
        + "\n</body>\n</html>\n"
    )


def _section(key: str, content: str, language: str) -> str:
    return f"<h2>{escape(said(key, language))}</h2>\n{content}" if content else ""


def _facts(info: RunInfo, settings: RunSettings, language: str) -> str:
    options = ", ".join(f"{name} = {value}" for name, value in settings.options.items())
    facts = {
        "recipe": settings.recipe,
        "data": settings.data,
        "preset": settings.preset,
        "epochs": f"{info.epochs_done} / {info.epochs}",
        "learning_rate": settings.learning_rate,
        "batch": settings.batch,
        "seed": settings.seed,
        "device": info.device,
        "options": options,
        "bundle": info.bundle,
    }
    rows = [(said(key, language), str(value)) for key, value in facts.items() if value not in (None, "")]
    note = f"<p>{escape(said('halved', language, batch=info.batch_halved_to))}</p>" if info.batch_halved_to else ""
    early = info.stopped_early
    if early is not None:
        text = said("stopped-early", language, validations=early.validations, best=early.best_epoch)
        note += f"<p>{escape(text)}</p>"
    return _table((), [[_cell(name, head=True), _cell(value)] for name, value in rows]) + note


def _numbers(numbers: Mapping[str, float], language: str, before: Mapping[str, float] | None = None) -> str:
    """Return a table of numbers, those of the model that was gone on from in a column before them."""
    told = [before, numbers] if before else [numbers]
    rows = [
        [
            _cell(metric_words(name, language), head=True),
            *(_cell(_short(one[name]) if name in one else "–", number=True) for one in told),
        ]
        for name in numbers
    ]
    head = ["", said("before", language), said("after", language)] if before else []
    return _table(head, rows) if rows else ""


def _assessed(assessment: Assessment | None, language: str) -> str:
    if assessment is None:
        return f"<p>{escape(said('none', language))}</p>"
    about = said("split", language, split=split_words(assessment.split, language), items=assessment.items)
    return f'<p class="soft">{escape(about)}</p>\n{_numbers(assessment.numbers, language, assessment.before)}'


def _details(assessment: Assessment | None, language: str) -> Iterable[str]:
    if assessment is None:
        return
    yield _section("classes", _classes(assessment, language), language)
    yield _section("confusion", _confusion(assessment, language), language)
    yield _section("changes", _changes(assessment, language), language)
    yield _section("believed", _believed(assessment, language), language)
    yield _section("samples", _samples(assessment.samples[:_MOST_SAMPLES], language), language)


def _classes(assessment: Assessment, language: str) -> str:
    if not assessment.classes:
        return ""
    head = [said(key, language) for key in ("class", "items", "precision", "recall", "f1", "auroc")]
    rows = []
    for one in assessment.classes:
        numbers = (one.precision, one.recall, one.f1, one.auroc)
        texts = [str(one.items), *("–" if value is None else _short(value) for value in numbers)]
        rows.append([_cell(one.label, head=True), *(_cell(text, number=True) for text in texts)])
    return _table(head, rows)


def _confusion(assessment: Assessment, language: str) -> str:
    if not assessment.confusion or len(assessment.labels) > _MOST_CLASSES:
        return ""
    columns = "".join(f'<th class="column">{escape(label)}</th>' for label in assessment.labels)
    rows = []
    for label, counts in zip(assessment.labels, assessment.confusion, strict=False):
        most = max(1, *counts)
        cells = "".join(
            f'<td style="background:rgba(37,99,235,{0.6 * count / most:.2f})">{count or ""}</td>' for count in counts
        )
        rows.append(f"<tr><th>{escape(label)}</th>{cells}</tr>")
    note = f'<p class="soft">{escape(said("rows", language))}</p>'
    table = f'<table class="confusion"><tr><th></th>{columns}</tr>{"".join(rows)}</table>'
    return f'{note}<div class="wide">{table}</div>'


def _changes(assessment: Assessment, language: str) -> str:
    head = [said(key, language) for key in ("said", "written", "times")]
    nothing = said("nothing", language)
    rows = [
        [_cell(one.said or nothing), _cell(one.written or nothing), _cell(str(one.count), number=True)]
        for one in assessment.changes[:_MOST_CHANGES]
    ]
    return _table(head, rows) if rows else ""


def _believed(assessment: Assessment, language: str) -> str:
    if not assessment.believed:
        return ""
    head = [said(key, language) for key in ("believed-said", "believed-right", "items")]
    rows = [
        [_cell(text, number=True) for text in (_percent(one.said), _percent(one.right), str(one.items))]
        for one in assessment.believed
    ]
    return _table(head, rows)


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _samples(samples: Sequence[Sample], language: str) -> str:
    if not samples:
        return ""
    head = [said(key, language) for key in ("item", "truth", "guess", "score")]
    rows = []
    for one in samples:
        mark = {True: said("right", language), False: said("wrong", language), None: ""}[one.right]
        kind = "wrong" if one.right is False else ""
        guess = f'<td class="{kind}">{_guess(one, language)}</td>'
        score = _cell(f"{_short(one.score)} {mark}".strip(), number=True)
        rows.append([f"<td>{_source(one)}</td>", _cell(one.truth), guess, score])
    return _table(head, rows)


def _guess(sample: Sample, language: str) -> str:
    """Return what the model says: beside a transcript's own words where these are several, with what it said before."""
    text = escape(sample.guess)
    if len(sample.words) > 1 and sample.right is False:
        text = " ".join(_aligned(truth, word) for truth, word in sample.words)
    before = f"{said('before', language)}: {sample.before}" if sample.before else ""
    return f'{text}<br><span class="soft">{escape(before)}</span>' if before else text


def _aligned(truth: str, word: str) -> str:
    if truth == word:
        return escape(word)
    return " ".join(
        filter(None, (f"<s>{escape(truth)}</s>" if truth else "", f"<b>{escape(word)}</b>" if word else ""))
    )


def _source(sample: Sample) -> str:
    """Return the item itself: a small picture, the name of a recording, or the text."""
    if sample.kind == "text":
        return escape(sample.source)
    name = escape(Path(sample.source).name)
    picture = _picture(sample.source) if sample.kind == "picture" else ""
    return f'<img src="{picture}" alt="{name}"><br>{name}' if picture else name


def _picture(path: str) -> str:
    """Return a small copy as a data address; "" for a picture that is gone."""
    from mmbm_desktop.media.images import open_image

    try:
        image = open_image(Path(path), max_edge=2 * _EDGE)
    except (MmbmError, ValueError) as error:
        log.info("no picture of %s: %s", path, error)
        return ""
    image.thumbnail((_EDGE, _EDGE))
    encoded = io.BytesIO()
    image.save(encoded, "JPEG", quality=80)
    return f"data:image/jpeg;base64,{base64.b64encode(encoded.getvalue()).decode()}"


def _skipped(skipped: Mapping[str, str]) -> str:
    rows = [[_cell(name), _cell(code)] for name, code in list(skipped.items())[:_MOST_SKIPPED]]
    return _table((), rows) if rows else ""


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    top = f"<tr>{''.join(f'<th>{escape(text)}</th>' for text in head)}</tr>" if head else ""
    body = "".join(f"<tr>{''.join(cells)}</tr>" for cells in rows)
    return f'<div class="wide"><table>{top}{body}</table></div>'


def _cell(text: str, *, head: bool = False, number: bool = False) -> str:
    tag = "th" if head else "td"
    kind = ' class="number"' if number else ""
    return f"<{tag}{kind}>{escape(text)}</{tag}>"


def _short(value: float) -> str:
    return f"{value:.4g}"
