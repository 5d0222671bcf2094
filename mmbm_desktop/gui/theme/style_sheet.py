"""The one Qt style sheet, made from tokens. Widgets choose a look by their `kind` property."""

from __future__ import annotations

from string import Template
from typing import TYPE_CHECKING

from mmbm_desktop.gui.theme.tokens import LARGE, NORMAL, RADIUS, SMALL, TITLE

if TYPE_CHECKING:
    from mmbm_desktop.gui.theme.tokens import Tokens

_TEMPLATE = Template("""
* { font-size: ${normal}px; color: $text; }
QMainWindow, QDialog, QWidget[kind="page"], QWidget[kind="ground"] { background: $background; }
QToolTip { background: $panel; color: $text; border: 1px solid $line; padding: 4px 8px; }
QLabel { background: transparent; }
QLabel[kind="title"] { font-size: ${title}px; font-weight: 600; }
QLabel[kind="heading"] { font-size: ${normal}px; font-weight: 600; }
QLabel[kind="answer"] { font-size: ${large}px; }
QLabel[kind="dim"] { color: $dim; }
QLabel[kind="small"] { color: $dim; font-size: ${small}px; }
QLabel[kind="good"] { color: $good; font-size: ${small}px; }
QLabel[kind="warning"] { color: $warning; font-size: ${small}px; }
QLabel[kind="danger"] { color: $danger; }
QLabel[kind="wrong"] { color: $danger; font-size: ${small}px; }
QLabel[kind="best"] { color: $good; font-weight: 600; }
QLabel[kind="verdict-good"] { color: $good; font-weight: 600; }
QLabel[kind="verdict-warning"] { color: $warning; font-weight: 600; }
QLabel[kind="verdict-bad"] { color: $danger; font-weight: 600; }
QLabel[kind="badge"] { color: $dim; font-size: ${small}px; border: 1px solid $line;
    border-radius: 11px; padding: 3px 10px; }
QLabel[kind="badge-accent"] { color: $accent; background: $accent_soft; font-size: ${small}px;
    border: 1px solid $accent_soft;
    border-radius: 11px; padding: 3px 10px; }
QLabel[kind="badge-good"] { color: $good; font-size: ${small}px; border: 1px solid $line;
    border-radius: 11px; padding: 3px 10px; }
QLabel[kind="badge-warning"] { color: $warning; font-size: ${small}px; border: 1px solid $line; border-radius: 11px;
    padding: 3px 10px; }
QFrame[kind="card"] { background: $panel; border: 1px solid $line; border-radius: ${radius}px; }
QFrame[kind="card"]:focus { border: 1px solid $accent; }
QFrame[kind="tile"] { background: transparent; border: none; }
QFrame[kind="inset"] { background: $panel; border: 1px solid $line; border-radius: 8px; }
QFrame[kind="drop"] { background: transparent; border: 1px dashed $dim; border-radius: 8px; }
QFrame[kind="drop-over"] { background: $accent_soft; border: 1px dashed $accent; border-radius: 8px; }
QFrame[kind="header"] { background: $panel; border: none; border-bottom: 1px solid $line; }
QFrame[kind="rail"] { background: $panel; border: none; border-right: 1px solid $line; }
QFrame[kind="notice"] { background: $accent_soft; border: 1px solid $line; border-radius: 8px; }
QFrame[kind="line"] { background: $line; border: none; }

QPushButton { background: $panel; border: 1px solid $line; border-radius: 8px; padding: 6px 14px; }
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $line; }
QPushButton:focus { border: 1px solid $accent; }
QPushButton:disabled { color: $dim; }
QPushButton[kind="primary"] { background: $accent; color: $on_accent; border: 1px solid $accent; font-weight: 600; }
QPushButton[kind="primary"]:hover { border: 1px solid $text; }
QPushButton[kind="primary"]:focus { border: 1px solid $text; }
QPushButton[kind="primary"]:disabled { background: $line; color: $dim; border: 1px solid $line; }
QPushButton[kind="quiet"] { background: transparent; border: 1px solid transparent; color: $dim; padding: 4px 8px; }
QPushButton[kind="quiet"]:hover { background: $hover; color: $text; }
QPushButton[kind="quiet"]:focus { border: 1px solid $accent; }
QPushButton[kind="link"] { background: transparent; border: 1px solid transparent; color: $accent; padding: 2px 0;
    text-align: left; }
QPushButton[kind="link"]:hover { text-decoration: underline; }
QPushButton[kind="link"]:focus { border: 1px solid $accent; border-radius: 4px; }
QPushButton[kind="danger"] { color: $danger; }
QPushButton[kind="chip"] { color: $dim; font-size: ${small}px; border-radius: 12px;
    padding: 3px 12px; min-height: 18px; background: transparent; }
QPushButton[kind="chip"]:hover { background: $hover; }
QPushButton[kind="chip"]:checked { color: $accent; background: $accent_soft; border: 1px solid $accent_soft; }
QPushButton[kind="chip"]:focus { border: 1px solid $accent; }
QPushButton[kind="choice"] { text-align: left; border-radius: 10px; padding: 5px 12px; color: $dim; }
QPushButton[kind="choice"]:checked { color: $accent; background: $accent_soft; border: 1px solid $accent_soft; }
QPushButton[kind="choice"]:focus { border: 1px solid $accent; }
QPushButton::menu-indicator { image: none; width: 0; }
QToolButton { border: 1px solid transparent; border-radius: 8px; padding: 6px; background: transparent; color: $dim; }
QToolButton:hover { background: $hover; color: $text; }
QToolButton:focus { border: 1px solid $accent; }
QToolButton::menu-indicator { image: none; width: 0; }
QToolButton[kind="rail"] { font-size: 11px; padding: 6px 2px; border-radius: ${radius}px; }
QToolButton[kind="rail"]:checked { background: $accent_soft; color: $accent; font-weight: 600; }

QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QComboBox { background: $panel; border: 1px solid $line;
    border-radius: 8px;
    padding: 6px 8px; selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QAbstractSpinBox:focus, QComboBox:focus {
    border: 1px solid $accent; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { width: 0; border: none; }
QAbstractSpinBox QLineEdit { border: none; padding: 0; background: transparent; }
QLineEdit[kind="bare"], QPlainTextEdit[kind="bare"], QTextEdit[kind="bare"] { border: none;
    background: transparent; padding: 2px; }
QComboBox::drop-down { border: none; width: 20px; }
QComboBox QAbstractItemView { background: $panel; border: 1px solid $line; selection-background-color: $accent_soft;
    selection-color: $text; outline: none; }
QCheckBox { spacing: 8px; }
QCheckBox::indicator { width: 16px; height: 16px; }
QCheckBox::indicator:unchecked { border: 1px solid $dim; border-radius: 4px; background: $panel; }
QMenu { background: $panel; border: 1px solid $line; border-radius: 8px; padding: 4px; }
QMenu::item { padding: 6px 24px 6px 12px; border-radius: 6px; }
QMenu::item:selected { background: $accent_soft; }
QMenu::item:disabled { color: $dim; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }

QScrollArea, QAbstractScrollArea[kind="plain"] { background: transparent; border: none; }
QScrollArea > QWidget > QWidget { background: transparent; }
QAbstractItemView { background: transparent; border: none; outline: none; }
QAbstractItemView[kind="offers"] { background: $panel; color: $text; border: 1px solid $line; padding: 4px;
    selection-background-color: $accent_soft; selection-color: $text; }
QTableView { selection-background-color: $accent_soft; selection-color: $text; }
QTableView::item { border-bottom: 1px solid $line; padding: 0 8px; }
QTableView[kind="matrix"]::item { border: none; padding: 0; }
QTableView::item:focus { border: 1px solid $accent; }
QHeaderView, QHeaderView::section { background: transparent; color: $dim; font-size: ${small}px; border: none;
    padding: 0 5px; }
QTableCornerButton::section { background: transparent; border: none; }
QAbstractItemView[kind="grid"]:focus { border: none; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar::handle:vertical { background: $line; border-radius: 5px; min-height: 32px; }
QScrollBar::handle:vertical:hover { background: $dim; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle:horizontal { background: $line; border-radius: 5px; min-width: 32px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QProgressBar { background: $line; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QSplitter::handle { background: transparent; }
""")


def style_sheet(tokens: Tokens) -> str:
    """Return the style sheet for these colours."""
    colours = {name: getattr(tokens, name) for name in tokens.__dataclass_fields__}
    return _TEMPLATE.substitute(colours, small=SMALL, normal=NORMAL, large=LARGE, title=TITLE, radius=RADIUS)
