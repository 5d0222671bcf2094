"""The form of a new run: what is learned, how large, where, and a few settings with reasons; the rest in a drawer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from mmbm_desktop.gui.error_texts import ErrorTexts
from mmbm_desktop.gui.pages.train.setting_field import SettingField
from mmbm_desktop.gui.state.training_draft import Draft, draft_of, suggested_name
from mmbm_desktop.gui.training_words import TrainingWords
from mmbm_desktop.gui.widgets.basics import Button, Label
from mmbm_desktop.gui.widgets.section import Section

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from mmbm_desktop.gui.state.training_data import DataFolder
    from mmbm_desktop.gui.state.training_draft import Obstacle
    from mmbm_desktop.protocol.failure import Failure
    from mmbm_desktop.protocol.recipes import RecipeInfo
    from mmbm_desktop.protocol.training import RunSettings

_COLUMNS, _RATES, _DECAYS = 2, (1e-6, 0.999), (0.0, 10.0)


class FormPanel(Section):
    """Edits a `Draft`; `start_asked` carries the `RunSettings`."""

    start_asked = Signal(object)
    edited = Signal()
    """The draft, or what keeps it from starting, may be another one."""

    def __init__(self, recipes: Sequence[RecipeInfo], data: DataFolder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._recipes, self._data = tuple(recipes), data
        self._words, self._errors = TrainingWords(self), ErrorTexts(self)
        self.draft = Draft()
        self._taken: Collection[str] = ()
        self._named = False
        self._devices: tuple[str, ...] = ("auto", "cpu")
        self.recipe, self.preset = SettingField.choice("recipe"), SettingField.choice("preset")
        self.name, self.device = SettingField.text("name"), SettingField.choice("device")
        self.epochs, self.rate = SettingField.whole("epochs"), SettingField.fraction("learning_rate", *_RATES)
        self.batch, self.seed = SettingField.whole("batch"), SettingField.whole("seed", 0, 2**31 - 1)
        self.decay = SettingField.fraction("weight_decay", *_DECAYS)
        self.patience, self.min_delta = SettingField.whole("patience", 0, 1000), SettingField.fraction("min_delta")
        self.options: dict[str, SettingField] = {}
        self.drawer, self.expert = QWidget(), Button(kind="link")
        self.expert.setCheckable(True)
        self.start, self.why = Button(kind="primary"), Label(kind="small", wrap=True)
        self._lay_out()
        self._connect()
        self.retranslate()
        self._data_changed()

    def _lay_out(self) -> None:
        self._usual, self._rare, self._experts = QGridLayout(), QGridLayout(), QVBoxLayout(self.drawer)
        self._experts.setContentsMargins(0, 0, 0, 0)
        self._experts.setSpacing(14)
        self._experts.addLayout(self._rare)
        for grid in (self._usual, self._rare):
            grid.setContentsMargins(0, 0, 0, 0)
            grid.setHorizontalSpacing(16)
            grid.setVerticalSpacing(14)
            for column in range(_COLUMNS):
                grid.setColumnStretch(column, 1)
        bottom = QHBoxLayout()
        bottom.setSpacing(12)
        bottom.addWidget(self.why, 1)
        bottom.addWidget(self.start)
        self.content.addLayout(self._usual)
        self.content.addSpacing(4)
        self.content.addWidget(self.expert, 0, Qt.AlignmentFlag.AlignLeft)
        self.content.addWidget(self.drawer)
        self.content.addStretch(1)
        self.content.addLayout(bottom)
        self.drawer.hide()
        self._place()

    def _place(self) -> None:
        """Put the fields into their grids: usual settings first, those of experts in the drawer."""
        expert = {info.name for info in self._infos() if info.expert}
        usual = [self.recipe, self.preset, self.name, self.device, self.epochs]
        usual += [field for name, field in self.options.items() if name not in expert]
        stopping = [self.patience, self.min_delta] if self.draft.needs_data else []
        for field in (self.patience, self.min_delta):
            field.setVisible(self.draft.needs_data)
        decays = self.draft.preset is not None and self.draft.preset.weight_decay is not None
        self.decay.setVisible(decays)
        rare = [
            self.rate,
            self.batch,
            *([self.decay] if decays else []),
            self.seed,
            *stopping,
            *(self.options[name] for name in self.options if name in expert),
        ]
        for grid, fields in ((self._usual, usual), (self._rare, rare)):
            for number, field in enumerate(fields):
                grid.addWidget(field, number // _COLUMNS, number % _COLUMNS, Qt.AlignmentFlag.AlignTop)

    @property
    def _of_runs(self) -> tuple[SettingField, ...]:
        """The fields of numbers that every run has."""
        return (self.epochs, self.rate, self.batch, self.decay, self.seed, self.patience, self.min_delta)

    def _infos(self) -> tuple:
        return self.draft.recipe.options if self.draft.recipe is not None else ()

    def _connect(self) -> None:
        self._data.changed.connect(self._data_changed)
        self.recipe.changed.connect(self._recipe_chosen)
        self.preset.changed.connect(self._preset_chosen)
        self.name.changed.connect(self._name_typed)
        for field in (*self._of_runs, self.device):
            field.changed.connect(self._edited)
        self.expert.toggled.connect(self._toggle_drawer)
        self.start.clicked.connect(self._start)

    def name_start(self, text: str) -> None:
        """Say what the button starts; "" for a run."""
        self.start.setText(text or self.tr("Start training"))

    def add_to_drawer(self, *widgets: QWidget) -> None:
        """Put more below the settings for experts."""
        for widget in widgets:
            self._experts.addWidget(widget)

    # --- filling -------------------------------------------------------------------------------------------------

    def set_taken(self, names: Collection[str]) -> None:
        """Say which names are used already, so that a suggestion is a new one."""
        self._taken = names

    def set_devices(self, devices: Sequence[str]) -> None:
        """Offer these devices."""
        self._devices = tuple(devices)
        self._offer_devices()

    def _offer_devices(self) -> None:
        """Offer all GPUs at once only for what can be shared out among them."""
        alone = self.draft.recipe is not None and self.draft.recipe.one_device
        offered = [one for one in self._devices if one != "all" or not alone]
        if self.draft.device == "all" and alone:
            self.draft.device = "auto"
        gpus = sum(one.startswith("gpu:") for one in self._devices)
        self.device.set_choices([(one, self._words.device(one, gpus)) for one in offered])
        self.device.set_value(self.draft.device)

    @Slot(float)
    def take_rate(self, rate: float) -> None:
        """Put a learning rate into the form, as if it had been typed."""
        self.rate.set_value(rate)
        self._edited()

    def fill(self, settings: RunSettings) -> None:
        """Take an earlier run's settings over, under a new name."""
        self.draft = draft_of(settings, self._recipes)
        self.draft.name = suggested_name(settings.name, self._taken)
        self._named = True
        self._offer_recipes()
        self._show_draft()

    def choose(self, recipe: str) -> None:
        """Choose a recipe by name, with its usual preset."""
        found = next((one for one in self._recipes if one.name == recipe), None)
        usual = found.presets[0] if found is not None and found.presets else None
        self.draft = Draft(found, usual, self.draft.name, self.draft.device, seed=self.draft.seed)
        if not self._named:
            wish = self._data.path if self.draft.needs_data else recipe
            self.draft.name = suggested_name(wish, self._taken) if wish else ""
        self._show_draft()

    @Slot()
    def _data_changed(self) -> None:
        """Offer what fits the folder; choose the usual recipe where the chosen one does not fit."""
        report = self._data.report
        offered = self._offer_recipes()
        chosen = self.draft.recipe.name if self.draft.recipe is not None else ""
        if report is not None and self.draft.needs_data and (chosen not in report.recipes or not self._named):
            self._named = self._named and chosen in report.recipes
            self.choose(chosen if chosen in report.recipes else next(iter(report.recipes), ""))
        elif chosen not in offered and offered:
            self.choose(offered[0])
        else:
            self._show_draft()

    def _offer_recipes(self) -> list[str]:
        """Offer the recipes that can learn from the folder, the usual one first, and those that need none."""
        report = self._data.report
        fitting = [one for name in report.recipes for one in self._recipes if one.name == name] if report else []
        without = [one for one in self._recipes if not one.kinds]
        offered = [*fitting, *without] if report is not None else list(self._recipes)
        self.recipe.set_choices([(one.name, self._words.recipe(one.name)) for one in offered])
        return [one.name for one in offered]

    def _show_draft(self) -> None:
        draft, recipe, preset = self.draft, self.draft.recipe, self.draft.preset
        self.recipe.set_value(recipe.name if recipe is not None else "")
        presets = recipe.presets if recipe is not None else ()
        self.preset.set_choices([(one.name, self._words.preset(one.name)) for one in presets])
        self.preset.set_value(preset.name if preset is not None else "")
        self.name.set_value(draft.name)
        self._offer_devices()
        if preset is not None:
            self.epochs.set_value(draft.epochs or preset.epochs)
            self.rate.set_value(draft.learning_rate or preset.learning_rate)
            self.batch.set_value(draft.batch or preset.batch)
            decay = preset.weight_decay if draft.weight_decay is None else draft.weight_decay
            self.decay.set_value(decay or 0.0)
        self.seed.set_value(draft.seed)
        self.patience.set_value(draft.patience)
        self.min_delta.set_value(draft.min_delta)
        self._rebuild_options()
        self._explain()

    def _rebuild_options(self) -> None:
        for field in self.options.values():
            field.deleteLater()
            for grid in (self._usual, self._rare):
                grid.removeWidget(field)
        recipe = self.draft.recipe.name if self.draft.recipe is not None else ""
        self.options = {info.name: SettingField.option(info, recipe) for info in self._infos()}
        for info in self._infos():
            field = self.options[info.name]
            field.set_value(self.draft.option(info))
            field.changed.connect(self._edited)
        self._place()

    # --- the person ----------------------------------------------------------------------------------------------

    @Slot()
    def _recipe_chosen(self) -> None:
        self.choose(str(self.recipe.value))

    @Slot()
    def _preset_chosen(self) -> None:
        """Take the preset's numbers: those typed before suited another one."""
        recipe = self.draft.recipe
        if recipe is not None:
            self.draft.preset = next((one for one in recipe.presets if one.name == self.preset.value), None)
            self.draft.epochs = self.draft.learning_rate = self.draft.batch = self.draft.weight_decay = None
        self._show_draft()

    @Slot()
    def _name_typed(self) -> None:
        self._named = bool(self.name.value)
        self._edited()

    @Slot()
    def _edited(self) -> None:
        draft, preset = self.draft, self.draft.preset
        draft.name, draft.device, draft.seed = str(self.name.value), str(self.device.value), int(self.seed.value)
        epochs, rate, batch = int(self.epochs.value), float(self.rate.value), int(self.batch.value)
        draft.epochs = None if preset is not None and epochs == preset.epochs else epochs
        draft.learning_rate = None if preset is not None and rate == preset.learning_rate else rate
        draft.batch = None if preset is not None and batch == preset.batch else batch
        decays = preset is not None and preset.weight_decay is not None
        decay = float(self.decay.value)
        draft.weight_decay = decay if decays and preset is not None and decay != preset.weight_decay else None
        draft.patience, draft.min_delta = int(self.patience.value), float(self.min_delta.value)
        draft.options = {name: field.value for name, field in self.options.items()}
        self._explain()

    def _explain(self) -> None:
        recipe, preset = self.draft.recipe, self.draft.preset
        self.recipe.set_reason(self._words.recipe_reason(recipe.name) if recipe is not None else "")
        self.preset.set_reason(self._words.preset_reason(preset.name) if preset is not None else "")
        for field in (self.epochs, self.rate, self.batch):
            field.set_reason(self._words.setting_reason(field.name, recipe.name if recipe is not None else ""))
        obstacle = self.obstacle
        self.start.setEnabled(obstacle is None)
        self.why.setText(self._words.obstacle(obstacle) if obstacle is not None else "")
        self.edited.emit()

    @property
    def obstacle(self) -> Obstacle | None:
        """The first thing that keeps the run from starting."""
        return self.draft.obstacle(self._data.path, self._data.report, examining=self._data.examining)

    @property
    def settings(self) -> RunSettings:
        """What the form says now."""
        return self.draft.settings(self._data.path)

    @Slot()
    def _start(self) -> None:
        self.start_asked.emit(self.settings)

    def show_failure(self, failure: Failure) -> None:
        """Say why the run could not be started."""
        self.why.setText(self._errors.sentence(failure))

    @Slot(bool)
    def _toggle_drawer(self, shown: bool) -> None:
        self.drawer.setVisible(shown)
        self._name_drawer()

    def _name_drawer(self) -> None:
        shown = self.expert.isChecked()
        self.expert.setText(self.tr("Fewer settings") if shown else self.tr("More settings, for experts"))

    def retranslate(self) -> None:
        self.heading.setText(self.tr("New run"))
        self.name_start("")
        self._name_drawer()
        fields = (self.recipe, self.preset, self.name, self.device, *self._of_runs)
        for field in (*fields, *self.options.values()):
            field.retranslate()
        self.set_devices(self._devices)
        self._offer_recipes()
        self._show_draft()
