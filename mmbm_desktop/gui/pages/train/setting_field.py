"""One setting in the form: its label, a control that fits its type, and why one would change it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from mmbm_desktop.gui.training_words import TrainingWords
from mmbm_desktop.gui.widgets.basics import Label
from mmbm_desktop.gui.widgets.chooser import Chooser

if TYPE_CHECKING:
    from PySide6.QtGui import QWheelEvent

    from mmbm_desktop.protocol.recipes import OptionInfo
    from mmbm_desktop.protocol.training import SettingValue

_MOST = 1_000_000
_MARGINS = (6, 0, 6, 0)
"""Of a spin box's text, whose editor takes no padding from the style sheet."""


class _WholeBox(QSpinBox):
    """A spin box that leaves the wheel to the page and stays as wide as its number."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class _FractionBox(QDoubleSpinBox):
    """The same for fractions, without the zeros at their end, with a point in every language."""

    def __init__(self) -> None:
        super().__init__()
        self.setLocale(QLocale.c())
        self.setDecimals(6)

    def textFromValue(self, value: float) -> str:
        return f"{value:.6f}".rstrip("0").rstrip(".")

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class SettingField(QWidget):
    """Label above, control, reason below. `changed` follows every change by the person."""

    changed = Signal()

    def __init__(self, name: str, control: QWidget, recipe: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name, self.control, self._recipe = name, control, recipe
        self.offered: tuple[str, ...] = ()
        self._words = TrainingWords(self)
        self.label, self.reason = Label(kind="small"), Label(kind="small", wrap=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for widget in (self.label, control, self.reason):
            layout.addWidget(widget)
        layout.addStretch(1)
        self._connect()
        self.retranslate()

    @classmethod
    def whole(cls, name: str, lowest: int = 1, highest: int = _MOST, recipe: str = "") -> SettingField:
        """Return a field for a whole number."""
        box = _WholeBox()
        box.lineEdit().setTextMargins(*_MARGINS)
        box.setRange(lowest, highest)
        return cls(name, box, recipe)

    @classmethod
    def fraction(cls, name: str, lowest: float = 0.0, highest: float = 1.0, recipe: str = "") -> SettingField:
        """Return a field for a fraction."""
        box = _FractionBox()
        box.lineEdit().setTextMargins(*_MARGINS)
        box.setRange(lowest, highest)
        box.setSingleStep((highest - lowest) / 20)
        return cls(name, box, recipe)

    @classmethod
    def choice(cls, name: str, recipe: str = "") -> SettingField:
        """Return a field for one of several texts; `set_choices` fills it."""
        return cls(name, Chooser(), recipe)

    @classmethod
    def text(cls, name: str, recipe: str = "") -> SettingField:
        """Return a field for a text."""
        return cls(name, QLineEdit(), recipe)

    @classmethod
    def option(cls, info: OptionInfo, recipe: str) -> SettingField:
        """Return a field for a recipe's option, by the type of its default."""
        low, high = info.lowest or 0, info.highest
        if isinstance(info.default, bool):
            return cls(info.name, QCheckBox(), recipe)
        if isinstance(info.default, int):
            return cls.whole(info.name, round(low), round(_MOST if high is None else high), recipe)
        if isinstance(info.default, float):
            return cls.fraction(info.name, low, 1000.0 if high is None else high, recipe)
        if not info.choices:
            return cls.text(info.name, recipe)
        field = cls.choice(info.name, recipe)
        field.offered = info.choices
        field.retranslate()
        return field

    @property
    def value(self) -> SettingValue:
        """What the control says."""
        match self.control:
            case QCheckBox() as box:
                return box.isChecked()
            case QSpinBox() | QDoubleSpinBox() as box:
                return box.value()
            case QComboBox() as box:
                return str(box.currentData() or "")
            case _:
                return self.control.text() if isinstance(self.control, QLineEdit) else ""

    def set_value(self, value: SettingValue) -> None:
        """Show a value; `changed` is not emitted."""
        self.control.blockSignals(True)
        match self.control:
            case QCheckBox() as box:
                box.setChecked(bool(value))
            case QSpinBox() as box:
                box.setValue(int(value))
            case QDoubleSpinBox() as box:
                box.setValue(float(value))
            case QComboBox() as box:
                box.setCurrentIndex(max(0, box.findData(value)))
            case _:
                if isinstance(self.control, QLineEdit):
                    self.control.setText(str(value))
        self.control.blockSignals(False)

    def set_choices(self, choices: list[tuple[str, str]]) -> None:
        """Offer (value, words) pairs, keeping the chosen value where it is still there."""
        if not isinstance(self.control, QComboBox):
            return
        chosen = self.value
        self.control.blockSignals(True)
        self.control.clear()
        for value, words in choices:
            self.control.addItem(words, value)
        self.control.setCurrentIndex(max(0, self.control.findData(chosen)) if choices else -1)
        self.control.blockSignals(False)

    def set_reason(self, text: str) -> None:
        """Say why; no line for an empty text."""
        self.reason.setText(text)
        self.reason.setVisible(bool(text))

    def retranslate(self) -> None:
        """Set label and reason again; those that depend on the choice are set by the form."""
        self.label.setText(self._words.setting(self.name, self._recipe))
        self.control.setAccessibleName(self.label.text())
        self.set_reason(self._words.setting_reason(self.name, self._recipe))
        if self.offered:
            self.set_choices([(one, self._words.choice(one)) for one in self.offered])
        self.control.setAccessibleDescription(self.reason.text())

    def _connect(self) -> None:
        match self.control:
            case QCheckBox() as box:
                box.toggled.connect(self._emit)
            case QSpinBox() | QDoubleSpinBox() as box:
                box.valueChanged.connect(self._emit)
            case QComboBox() as box:
                box.currentIndexChanged.connect(self._emit)
            case _:
                if isinstance(self.control, QLineEdit):
                    self.control.textEdited.connect(self._emit)

    @Slot()
    def _emit(self) -> None:
        self.changed.emit()
