"""How often a speech-command bundle writes down the right words, on clips of a data folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mmbm_desktop.base.progress import no_progress
from mmbm_desktop.inference.commands import CommandRecogniser
from mmbm_desktop.inference.word_errors import word_error_rate
from mmbm_desktop.training.data.spoken import hear, of_split, read_spoken, refusal_without
from mmbm_desktop.training.evaluation.interface import Evaluation

if TYPE_CHECKING:
    from mmbm_desktop.training.data.spoken import HeardClips
    from mmbm_desktop.training.evaluation.interface import Measuring


def evaluate_speech_commands(measuring: Measuring) -> Evaluation:
    """Measure clip accuracy (the share of clips whose words are all right) and word error rate.

    Each clip is one utterance, as it lies in the folder. The bundle answers as it answers people: through ONNX Runtime.
    The split `speaker-NAME` is all clips of one speaker.

    Raises:
        InputFault: `read_spoken` cannot read the data folder, or it has no readable clip in that split.
        EnvironmentFault: the bundle is damaged.
    """
    return evaluation_of(*written_clips(measuring))


def written_clips(measuring: Measuring) -> tuple[HeardClips, list[str]]:
    """Return the readable clips of a split and what the bundle writes down.

    Raises:
        InputFault: see `evaluate_speech_commands`.
    """
    recogniser = CommandRecogniser(measuring.bundle)
    listed = of_split(read_spoken(measuring.data), measuring.split)[: measuring.limit]
    heard = hear(listed, no_progress)
    if not heard.clips:
        raise refusal_without(measuring.split, measuring.data)
    return heard, [" ".join(word.text for word in recogniser.words(pcm)) for pcm in heard.pcm]


def evaluation_of(heard: HeardClips, written: list[str]) -> Evaluation:
    """Return the numbers of what was written down."""
    said = [clip.text for clip in heard.clips]
    right = sum(a == b for a, b in zip(said, written, strict=True))
    numbers = {"clip accuracy": right / len(said), "word error rate": word_error_rate(said, written)}
    answers = {clip.path.name: text for clip, text in zip(heard.clips, written, strict=True)}
    return Evaluation(numbers, len(said), tuple(heard.unreadable), {"text": answers})
