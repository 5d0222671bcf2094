"""A report on paper: its charts are drawn, and their coordinates are not printed as words."""

from __future__ import annotations

from PySide6.QtCore import QUrl
from PySide6.QtGui import QColor, QImage, QTextDocument
from PySide6.QtWidgets import QApplication

from mmbm_desktop.engine.runs.web_chart import charts
from mmbm_desktop.gui.pages.train.report_pages import document_of, pdf_of, text_of
from mmbm_desktop.protocol.training import CurvePoint

POINTS = [
    CurvePoint(0.5, {"loss": 7.891}),
    CurvePoint(1.0, {"loss": 4.321}, resumed=True),
    CurvePoint(1.0, {"loss": 6.543}, validation=True),
    CurvePoint(2.0, {"loss": 5.432}, validation=True),
]
PAGE = f"<html><body><h1>Report</h1><table><tr><th>Seed</th><td>1</td></tr></table>{charts(POINTS, 'en')}</body></html>"


def test_charts_are_pictures_with_both_lines(qapp: QApplication) -> None:
    document = document_of(PAGE)
    assert "7.891" not in document.toPlainText()
    assert "Loss (training, validation)" in document.toPlainText()
    chart = document.resource(QTextDocument.ResourceType.ImageResource, QUrl("chart-1"))
    assert isinstance(chart, QImage)
    colours = {chart.pixelColor(x, y).name() for x in range(0, chart.width(), 2) for y in range(0, chart.height(), 2)}
    assert {"#ffffff", QColor("#2563eb").name(), QColor("#d97706").name()} <= colours


def test_the_text_has_no_numbers_of_axes_and_the_pdf_is_whole(qapp: QApplication) -> None:
    assert text_of(PAGE).split() == ["Report", "Seed", "1", "Loss", "(training,", "validation)"]
    content = pdf_of(PAGE)
    assert content.startswith(b"%PDF")
    assert content.rstrip().endswith(b"%%EOF")
    assert b"/Image" in content
