"""The language of the window: loads the compiled texts and switches them while it is open. English has plurals only."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLocale, QObject, QTranslator

from mmbm_desktop.base.paths import resources_dir

if TYPE_CHECKING:
    from mmbm_desktop.base.settings import Settings

log = logging.getLogger(__name__)
SETTING = "appearance.language"


class Translation(QObject):
    """Installs the translator of the language that the setting, or the system, asks for."""

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._translator: QTranslator | None = None

    @property
    def language(self) -> str:
        """The language wanted: "en" or "zh_CN"."""
        choice = self._settings.text(SETTING)
        if choice == "system":
            return "zh_CN" if QLocale.system().language() is QLocale.Language.Chinese else "en"
        return choice

    def apply(self) -> None:
        """Install the wanted language; Qt then sends every widget a LanguageChange event."""
        self.remove()
        translator = QTranslator(self)
        if translator.load(str(resources_dir() / "translations" / f"mmbm_{self.language}.qm")):
            QCoreApplication.installTranslator(translator)
            self._translator = translator
        else:
            log.error("no translation for %s", self.language)

    def remove(self) -> None:
        """Take the translator out again; the texts of the code are shown."""
        if self._translator is not None:
            QCoreApplication.removeTranslator(self._translator)
            self._translator = None
