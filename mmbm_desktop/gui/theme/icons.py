"""Icons from one SVG set (Lucide, ISC licence), tinted by a colour and crisp at every scale."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from mmbm_desktop.base.paths import resources_dir

_SCALES = (1, 2, 3)


@cache
def _source(name: str) -> bytes:
    return (resources_dir() / "icons" / f"{name}.svg").read_bytes()


def pixmap(name: str, colour: str, edge: int = 20, scale: int = 1) -> QPixmap:
    """Return the icon `name` in `colour` (#rrggbb), `edge` logical pixels wide at `scale` device pixels each."""
    drawn = QPixmap(QSize(edge, edge) * scale)
    drawn.fill(Qt.GlobalColor.transparent)
    renderer = QSvgRenderer(QByteArray(_source(name).replace(b"currentColor", colour.encode())))
    painter = QPainter(drawn)
    renderer.render(painter, QRectF(drawn.rect()))
    painter.end()
    drawn.setDevicePixelRatio(scale)
    return drawn


def icon(name: str, colour: str, active: str | None = None, edge: int = 20) -> QIcon:
    """Return an icon; `active` is its colour while its button is checked."""
    made = QIcon()
    for scale in _SCALES:
        made.addPixmap(pixmap(name, colour, edge, scale), QIcon.Mode.Normal, QIcon.State.Off)
        made.addPixmap(pixmap(name, active or colour, edge, scale), QIcon.Mode.Normal, QIcon.State.On)
    return made
