"""The switches of indexing as a chip and a menu of the folder column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from mmbm_desktop.gui.state.indexing_switches import LOW_PRIORITY, PAUSED, WATCH
from mmbm_desktop.gui.widgets.basics import Button, Label

if TYPE_CHECKING:
    from mmbm_desktop.gui.state.indexing_switches import IndexingSwitches


class IndexingMenu(QWidget):
    """The heading with its menu; below it the chip that notices changes, and a line while indexing is paused."""

    def __init__(self, switches: IndexingSwitches, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._switches = switches
        self._heading, self.more = Label(kind="small"), Button("⋯", "quiet")
        self.watch, self.resume = Button(kind="choice"), Button(kind="quiet")
        self.watch.setCheckable(True)
        self._menu = QMenu(self)
        self.actions_by_name = {name: QAction(self, checkable=True) for name in (WATCH, PAUSED, LOW_PRIORITY)}
        for name, action in self.actions_by_name.items():
            action.setObjectName(name)
            action.toggled.connect(self._turned)
            self._menu.addAction(action)
        self.more.setMenu(self._menu)
        top = QHBoxLayout()
        top.addWidget(self._heading, 1)
        top.addWidget(self.more)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(top)
        layout.addWidget(self.watch)
        layout.addWidget(self.resume)
        self.watch.clicked.connect(self._watch_clicked)
        self.resume.clicked.connect(switches.toggle_pause)
        switches.changed.connect(self.refresh)
        self.retranslate()

    @Slot()
    def refresh(self) -> None:
        """Show how the switches are."""
        for name, action in self.actions_by_name.items():
            action.setChecked(self._switches.on(name))
        self.watch.setChecked(self._switches.on(WATCH))
        self.resume.setVisible(self._switches.on(PAUSED))
        watching = self.tr("Noticing changes") if self._switches.on(WATCH) else self.tr("Changes are not noticed")
        self.watch.setText(f"{'●' if self._switches.on(WATCH) else '○'}  {watching}")
        self.watch.setAccessibleName(watching)

    @Slot(bool)
    def _turned(self, on: bool) -> None:
        self._switches.turn(self.sender().objectName(), on=on)

    @Slot(bool)
    def _watch_clicked(self, on: bool) -> None:
        self._switches.turn(WATCH, on=on)

    def retranslate(self) -> None:
        """Set every text again."""
        self._heading.setText(self.tr("Folders"))
        self.more.setAccessibleName(self.tr("Indexing"))
        self.more.setToolTip(self.tr("Indexing"))
        self.watch.setToolTip(self.tr("New, changed, moved and deleted files are taken over within seconds."))
        self.resume.setText(self.tr("Indexing is paused · Resume"))
        texts = {
            WATCH: self.tr("Notice changes in folders"),
            PAUSED: self.tr("Pause indexing"),
            LOW_PRIORITY: self.tr("Index at low priority"),
        }
        for name, text in texts.items():
            self.actions_by_name[name].setText(text)
        self.refresh()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
