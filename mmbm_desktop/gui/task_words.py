"""The words for what models do and for the languages they know."""

from __future__ import annotations

from PySide6.QtCore import QObject

from mmbm_desktop.protocol.tasks import Task


class TaskWords(QObject):
    """Names tasks and languages in the language of the moment."""

    @property
    def own_language(self) -> str:
        """The language the window speaks now, "en" or "zh": that of the names which models bring along."""
        return self.tr("en", "the window's own language: en or zh")

    def task(self, task: str) -> str:
        """Return what people call a task; its id where it has no name."""
        return {
            Task.CAPTION: self.tr("captions"),
            Task.EMBED_IMAGE: self.tr("finds pictures by example"),
            Task.EMBED_TEXT: self.tr("finds pictures by words"),
            Task.TRANSCRIBE: self.tr("writes down speech"),
            Task.SOUNDS: self.tr("names sounds"),
            Task.TRANSLATE: self.tr("translates"),
            Task.PLAY: self.tr("plays"),
            Task.CLASSIFY: self.tr("sorts pictures into classes"),
        }.get(task, task)  # pyright: ignore[reportCallIssue, reportArgumentType]

    def language(self, language: str) -> str:
        """Return the name of a language; its code where it has no name."""
        return {"en": self.tr("English"), "zh": self.tr("Chinese")}.get(language, language)
