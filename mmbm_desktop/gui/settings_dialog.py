"""The settings dialog. Each control shows one declared setting and stores it at once; there is no Apply."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QFormLayout, QHBoxLayout, QSpinBox, QVBoxLayout, QWidget

from mmbm_desktop.base.errors import MmbmError
from mmbm_desktop.base.settings import SETTINGS, Setting, SettingValue
from mmbm_desktop.gui.error_texts import ErrorTexts
from mmbm_desktop.gui.library_panel import LibraryPanel
from mmbm_desktop.gui.widgets.basics import Button, Label, Line
from mmbm_desktop.gui.widgets.chooser import Chooser
from mmbm_desktop.protocol.failure import Failure

if TYPE_CHECKING:
    from mmbm_desktop.gui.context import AppContext

_BY_NAME = {setting.name: setting for setting in SETTINGS}
SHOWN = (
    "appearance.theme",
    "appearance.language",
    "captions.languages",
    "captions.best",
    "microphone.keep_recordings",
    "worker.threads",
    "worker.idle_minutes",
    "indexing.low_priority",
    "indexing.rescan_minutes",
    "images.pixel_limit_millions",
    "library.backups_kept",
)


class SettingsDialog(QDialog):
    """A form of the settings a person may want to change."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = context.settings
        self._errors = ErrorTexts(self)
        self.controls: dict[str, QWidget] = {name: self._control(_BY_NAME[name]) for name in SHOWN}
        self._labels = {name: Label() for name in SHOWN}
        self._note, self.close_button = Label(kind="danger", wrap=True), Button(kind="primary")
        self._hint = Label(kind="small", wrap=True)
        self.library = LibraryPanel(context)
        form = QFormLayout()
        form.setHorizontalSpacing(24)
        form.setVerticalSpacing(12)
        for name in SHOWN:
            form.addRow(self._labels[name], self.controls[name])
        bottom = QHBoxLayout()
        bottom.addWidget(self._note, 1)
        bottom.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(16)
        layout.addLayout(form)
        layout.addWidget(self._hint)
        layout.addWidget(Line())
        layout.addWidget(self.library)
        layout.addLayout(bottom)
        self.setMinimumWidth(480)
        self.close_button.clicked.connect(self.accept)
        self.finished.connect(self.library.close_workers)
        self.retranslate()

    def _control(self, setting: Setting) -> QWidget:
        value = self._settings.get(setting.name)
        if setting.choices:
            return self._chooser(setting, str(value))
        if isinstance(setting.default, bool):
            box = QCheckBox()
            box.setChecked(bool(value))
            box.toggled.connect(self._changed)
        else:
            box = QSpinBox()
            box.lineEdit().setTextMargins(6, 0, 6, 0)
            box.setRange(int(setting.minimum or 0), int(setting.maximum or 1_000_000))
            box.setValue(int(value))
            box.valueChanged.connect(self._changed)
        box.setObjectName(setting.name)
        return box

    def _chooser(self, setting: Setting, value: str) -> QComboBox:
        box = Chooser()
        box.setMinimumWidth(200)
        for choice in setting.choices:
            box.addItem(choice, choice)
        box.setCurrentIndex(setting.choices.index(value))
        box.currentIndexChanged.connect(self._changed)
        box.setObjectName(setting.name)
        return box

    @Slot()
    def _changed(self) -> None:
        control = self.sender()
        if not isinstance(control, QWidget):
            return
        try:
            self._settings.set(control.objectName(), _value_of(control))
        except MmbmError as error:
            self._note.setText(self._errors.sentence(Failure.of(error)))
        else:
            self._note.clear()

    def retranslate(self) -> None:
        """Set every text again."""
        self.setWindowTitle(self.tr("Settings"))
        self.close_button.setText(self.tr("Close"))
        self._hint.setText(
            self.tr("Changes take effect at once; the thread count at the next start of the model process.")
        )
        names = {
            "appearance.theme": self.tr("Theme"),
            "appearance.language": self.tr("Language"),
            "captions.languages": self.tr("Captions in"),
            "captions.best": self.tr("Captions to choose from"),
            "microphone.keep_recordings": self.tr("Keep recordings"),
            "worker.threads": self.tr("CPU threads for models (0: automatic)"),
            "worker.idle_minutes": self.tr("Unload models after idle minutes (0: never)"),
            "indexing.low_priority": self.tr("Index at low priority"),
            "indexing.rescan_minutes": self.tr("Minutes between looks through unwatched folders"),
            "images.pixel_limit_millions": self.tr("Largest picture, in millions of pixels"),
            "library.backups_kept": self.tr("Daily copies of the library to keep (0: none)"),
        }
        choices = {
            "system": self.tr("As the system"),
            "light": self.tr("Light"),
            "dark": self.tr("Dark"),
            "en": self.tr("English"),
            "zh": self.tr("Chinese"),
            "zh_CN": "简体中文",
            "en,zh": self.tr("English and Chinese"),
        }
        for name, text in names.items():
            self._labels[name].setText(text)
            control = self.controls[name]
            control.setAccessibleName(text)
            if isinstance(control, QComboBox):
                for index in range(control.count()):
                    control.setItemText(index, choices[control.itemData(index)])

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


def _value_of(control: QWidget) -> SettingValue:
    if isinstance(control, QCheckBox):
        return control.isChecked()
    if isinstance(control, QSpinBox):
        return control.value()
    return str(control.currentData()) if isinstance(control, QComboBox) else ""
