"""A report's web page as a PDF of A4 pages, and as plain text. Qt's documents know no SVG: charts become pictures."""

from __future__ import annotations

import re
from itertools import count

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QSizeF, Qt, QUrl
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter, QPdfWriter, QTextDocument
from PySide6.QtSvg import QSvgRenderer

_MARGIN_MM, _DPI = 16, 96
_CHART = re.compile(r"<svg .*?</svg>", re.DOTALL)
_SHARPNESS = 3
_SHOWN_WIDTH = 560
_ON_PAPER = (
    "<style>text { fill: #4b5563; font-size: 11px; font-family: sans-serif; } .axis { stroke: #9aa3af; fill: none; }"
    " .train { stroke: #2563eb; fill: none; stroke-width: 1.5; } .val { stroke: #d97706; fill: none; stroke-width: 2; }"
    " .dot { fill: #d97706; } .resumed { stroke: #6b7280; stroke-dasharray: 3 3; }</style>"
)
"""The page's own style names its colours by variables, which Qt does not know."""
_AS_QT_READS = (
    ("<th>", '<th align="left">'),
    ("<table", '<table cellpadding="3"'),
    ("<figure>", "<p>"),
    ("</figure>", "</p>"),
    ("figcaption>", "span>"),
)


def text_of(page: str) -> str:
    """Return what a page says, without its charts."""
    document = QTextDocument()
    document.setHtml(_CHART.sub("", page))
    return document.toPlainText().strip()


def pdf_of(page: str) -> bytes:
    """Return a page as a PDF, black on white."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_DPI)
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    writer.setPageLayout(QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, margins))
    document = document_of(page)
    document.setPageSize(QSizeF(writer.width(), writer.height()))
    document.print_(writer)
    del writer  # the end of the file is written now
    return bytes(buffer.data().data())


def document_of(page: str) -> QTextDocument:
    """Return a page as a document: charts as pictures, tables with room around their words."""
    document, numbers = QTextDocument(), count(1)

    def drawn(found: re.Match[str]) -> str:
        name = f"chart-{next(numbers)}"
        document.addResource(QTextDocument.ResourceType.ImageResource, QUrl(name), _drawn(found.group()))
        return f'<img src="{name}" width="{_SHOWN_WIDTH}"><br>'

    html = _CHART.sub(drawn, page)
    for theirs, ours in _AS_QT_READS:
        html = html.replace(theirs, ours)
    document.setHtml(html)
    return document


def _drawn(svg: str) -> QImage:
    head, body = svg.split(">", 1)
    whole = f'{head} xmlns="http://www.w3.org/2000/svg">{_ON_PAPER}{body}'
    renderer = QSvgRenderer(QByteArray(whole.encode()))
    image = QImage(renderer.defaultSize() * _SHARPNESS, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    return image
