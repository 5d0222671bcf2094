"""The words for training: recipes, presets, settings with their reasons, states, kinds of data, numbers, obstacles."""

from __future__ import annotations

from PySide6.QtCore import QObject

from mmbm_desktop.gui.job_words import JobWords
from mmbm_desktop.gui.state.training_draft import Obstacle
from mmbm_desktop.protocol.dataset import DataKind
from mmbm_desktop.protocol.training import CurvePoint, RunInfo, RunState


class TrainingWords(QObject):
    """Names things in the language of the moment; what it has no words for keeps its own name, made readable."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = JobWords(self)

    # --- recipes and presets -------------------------------------------------------------------------------------

    def recipe(self, name: str) -> str:
        """Return what a recipe makes."""
        return {
            "image-text": self.tr("Captions and picture search"),
            "sounds": self.tr("Name sounds"),
            "speech-commands": self.tr("Spoken commands"),
            "translation": self.tr("Translation"),
            "picture-classes": self.tr("Sort pictures into classes"),
            "caption-tuning": self.tr("Improve captions by reward"),
            "q-learning": self.tr("Game player, from a table"),
            "deep-q-learning": self.tr("Game player, from a network"),
        }.get(name, _readable(name))

    def recipe_reason(self, name: str) -> str:
        """Return what a recipe learns from and what for, in a sentence."""
        return {
            "image-text": self.tr("Learns from captioned pictures to write captions and to find pictures by words."),
            "sounds": self.tr("Learns from a folder of recordings per class which sounds are heard, and when."),
            "speech-commands": self.tr("Learns from recordings and transcripts to spell a few dozen words."),
            "translation": self.tr("Learns from pairs of sentences to translate between English and Chinese."),
            "picture-classes": self.tr("Learns from a folder of pictures per class which one a picture belongs to."),
            "caption-tuning": self.tr("Rewards captions that agree with people's, starting from a finished model."),
            "q-learning": self.tr("Learns by playing; the value of every action in every place is kept in a table."),
            "deep-q-learning": self.tr("Learns by playing; a network estimates the value of every action."),
        }.get(name, "")

    def preset(self, name: str) -> str:
        """Return what people call a preset."""
        return {
            "small": self.tr("Small"),
            "quick": self.tr("Quick"),
            "frozen": self.tr("Ready-made eyes, new last layer"),
            "head": self.tr("Ready-made eyes, new last layer"),
            "tiny-cnn": self.tr("Tiny network from scratch"),
            "residual": self.tr("Residual network from scratch"),
            "fine-tune": self.tr("Adapt a finished model"),
            "scratch": self.tr("From scratch"),
        }.get(name, _readable(name))

    def preset_reason(self, name: str) -> str:
        """Return what a preset is good for, in a sentence; "" where its name says it."""
        return {
            "small": self.tr("The size that ships with the program: the better choice for thousands of items."),
            "quick": self.tr("Learns from a few hundred items in minutes on a laptop."),
            "frozen": self.tr("Seconds on any computer, and the best choice for few pictures."),
            "head": self.tr("Seconds on any computer, and the best choice for few pictures."),
            "tiny-cnn": self.tr("The textbook network: one layer that looks, one that decides."),
            "residual": self.tr("Learns its own eyes; wants hundreds of pictures a class."),
            "fine-tune": self.tr("Slower than a new last layer, better where your pictures look unusual."),
        }.get(name, "")

    # --- settings ------------------------------------------------------------------------------------------------

    def setting(self, name: str) -> str:
        """Return the label of a setting of runs or of a recipe."""
        return {
            "name": self.tr("Name"),
            "recipe": self.tr("Goal"),
            "preset": self.tr("Preset"),
            "device": self.tr("Device"),
            "data": self.tr("Data"),
            "epochs": self.tr("Epochs"),
            "learning_rate": self.tr("Learning rate"),
            "batch": self.tr("Batch"),
            "seed": self.tr("Seed"),
            "mixed": self.tr("Mixed sounds"),
            "joined": self.tr("Joined clips"),
            "speed": self.tr("Change of speed"),
            "environment": self.tr("Game"),
            "gamma": self.tr("Discount"),
            "epsilon": self.tr("Exploration"),
            "alpha": self.tr("Step size"),
            "augment": self.tr("Vary the pictures"),
            "dropout": self.tr("Dropout"),
            "decoder": self.tr("Writer"),
            "start": self.tr("Start from"),
        }.get(name, _readable(name))

    def setting_reason(self, name: str) -> str:
        """Return why one would change a setting, in a sentence; "" where nothing is known of it."""
        return {
            "name": self.tr("What the finished model is called: small letters, digits, dots and dashes."),
            "device": self.tr("Where it computes. A GPU is many times faster; every computer has a CPU."),
            "epochs": self.tr("How often every item is seen. More learns more, until validation gets no better."),
            "learning_rate": self.tr("How far each step goes. Too high and the loss jumps; too low and it crawls."),
            "batch": self.tr("Items a step. More is steadier and wants more memory."),
            "seed": self.tr("Decides every random choice: the same seed gives the same run."),
            "mixed": self.tr("Share of the examples in which two sounds are heard at once."),
            "joined": self.tr("Share of the examples that are two clips in a row, so that sequences are learned."),
            "speed": self.tr("By how much clips run faster or slower, at most, so that other voices are understood."),
            "environment": self.tr("What is played. Each is learned from nothing but its rewards."),
            "gamma": self.tr("How much later rewards count beside the next one."),
            "epsilon": self.tr("How often something is tried at random."),
            "alpha": self.tr("How far a new experience moves the table."),
            "augment": self.tr("Crops, mirrors and tints pictures at random, so that few teach more."),
            "dropout": self.tr("Share of the network that is silenced at random, against learning by heart."),
        }.get(name, "")

    def device(self, name: str) -> str:
        """Return what people call a device."""
        if name.startswith("gpu:"):
            return self.tr("GPU {number}").format(number=name[4:])
        return {"auto": self.tr("Automatic"), "cpu": self.tr("CPU"), "all": self.tr("All GPUs")}.get(name, name)

    def obstacle(self, obstacle: Obstacle) -> str:
        """Return why a run cannot start yet and what to do."""
        return {
            Obstacle.NO_RECIPE: self.tr("Choose what is to be learned."),
            Obstacle.NO_DATA: self.tr("Drop a data folder first."),
            Obstacle.EXAMINING: self.tr("The folder is still being looked over."),
            Obstacle.BLOCKED: self.tr("The data doctor found something that must be put right first; see Data."),
            Obstacle.UNFIT: self.tr("This goal cannot be learned from this folder."),
            Obstacle.NAME: self.tr(
                "The name takes small letters, digits, dots and dashes; it begins with a letter or digit."
            ),
        }[obstacle]

    # --- runs ----------------------------------------------------------------------------------------------------

    def state(self, state: RunState) -> str:
        """Return the name of a state."""
        return {
            RunState.WAITING: self.tr("waiting"),
            RunState.PREPARING: self.tr("preparing"),
            RunState.RUNNING: self.tr("running"),
            RunState.STOPPING: self.tr("stopping"),
            RunState.PAUSED: self.tr("paused"),
            RunState.INTERRUPTED: self.tr("interrupted"),
            RunState.FAILED: self.tr("failed"),
            RunState.FINISHED: self.tr("finished"),
        }[state]

    def progress(self, run: RunInfo) -> str:
        """Return how far a run is: epoch, time of a step, time left."""
        parts = []
        if run.epochs:
            current = min(run.epochs_done + (run.state is RunState.RUNNING), run.epochs)
            parts.append(self.tr("epoch {done} / {total}").format(done=current, total=run.epochs))
        if run.state is RunState.RUNNING and run.step_ms is not None:
            parts.append(self.tr("{count} ms/step").format(count=_short(run.step_ms)))
        if run.state is RunState.RUNNING and run.seconds_left is not None:
            parts.append(self.tr("{time} left").format(time=self._jobs.duration(run.seconds_left)))
        return " · ".join(parts)

    def summary(self, run: RunInfo) -> str:
        """Return a run's state and how far it is, for a list."""
        if run.state is RunState.RUNNING and run.seconds_left is not None:
            return self.tr("{time} left").format(time=self._jobs.duration(run.seconds_left))
        if run.state is RunState.FINISHED or not run.epochs_done:
            return self.state(run.state)
        done = self.tr("epoch {done} / {total}").format(done=run.epochs_done, total=run.epochs)
        return f"{self.state(run.state)} · {done}"

    def log_line(self, point: CurvePoint) -> str:
        """Return a line of the log for what was measured on the val split."""
        numbers = " · ".join(f"{self.metric(name)} {number(value)}" for name, value in point.values.items())
        return self.tr("epoch {epoch}").format(epoch=f"{point.epoch:g}") + f"   {numbers}"

    # --- data and numbers ----------------------------------------------------------------------------------------

    def kind(self, kind: DataKind) -> str:
        """Return what people call a kind of data folder."""
        return {
            DataKind.PICTURE_CLASSES: self.tr("pictures, a folder per class"),
            DataKind.SOUND_CLASSES: self.tr("recordings, a folder per class"),
            DataKind.CAPTIONED_PICTURES: self.tr("pictures with captions"),
            DataKind.TRANSCRIBED_SPEECH: self.tr("recordings with transcripts"),
            DataKind.TEXT_PAIRS: self.tr("pairs of sentences"),
            DataKind.UNKNOWN: self.tr("unknown layout"),
        }[kind]

    def split(self, split: str) -> str:
        """Return what people call a part of the data."""
        return {
            "train": self.tr("training"),
            "val": self.tr("validation"),
            "test": self.tr("held out"),
        }.get(split, split)

    def metric(self, name: str) -> str:
        """Return what people call a number; it keeps its own name where that is how it is known."""
        return {
            "loss": self.tr("Loss"),
            "accuracy": self.tr("Accuracy"),
            "rate": self.tr("Learning rate"),
            "learning_rate": self.tr("Learning rate"),
            "return": self.tr("Return"),
            "epsilon": self.tr("Exploration"),
            "reward": self.tr("Reward"),
            "macro F1": self.tr("F1, mean of classes"),
            "calibration error": self.tr("Calibration error"),
            "score": self.tr("Score"),
        }.get(name, name)


def number(value: float | None) -> str:
    """Return a number with the digits that say something; a dash for none."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.3g}"


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


def _readable(name: str) -> str:
    words = name.replace("-", " ").replace("_", " ")
    return words[:1].upper() + words[1:]
