"""The commands and their options. Every one of them is described in README.md."""

from __future__ import annotations

import argparse
from pathlib import Path

from mmbm_desktop import __version__
from mmbm_desktop.library.sidecars.beside import FORMATS
from mmbm_desktop.protocol.catalogue import EXPORT_FORMATS
from mmbm_desktop.protocol.sidecars import Existing, Naming, SidecarForm
from mmbm_desktop.protocol.tuning import FEWEST_TRIALS, MOST_TRIALS, USUAL_TRIALS


def build_parser() -> argparse.ArgumentParser:
    """Return the parser; the chosen command is in `command`."""
    parser = argparse.ArgumentParser(prog="mmbm", description="Captions, picture search, transcripts and training.")
    parser.add_argument("--version", action="version", version=f"mmbm {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_caption(commands)
    _add_classify(commands)
    _add_index(commands)
    _add_search(commands)
    _add_tag(commands)
    _add_export(commands)
    _add_import(commands)
    _add_undo(commands)
    _add_library(commands)
    _add_transcribe(commands)
    _add_translate(commands)
    _add_sounds(commands)
    _add_train(commands)
    _add_runs(commands)
    _add_corrections(commands)
    _add_improve(commands)
    _add_capture(commands)
    _add_examine(commands)
    _add_evaluate(commands)
    _add_play(commands)
    _add_models(commands)
    _command(commands, "doctor", "what this computer offers the program")
    bench = _command(commands, "bench", "measure speed and memory")
    bench.add_argument("names", nargs="*", metavar="NAME", help="which measurements; all when none is named")
    bench.add_argument(
        "--items", nargs="+", type=int, default=[100_000], metavar="N", help="library: how many pictures it is to have"
    )
    bench.add_argument(
        "--keep", type=Path, metavar="FOLDER", help="library: where to keep what was made, for the next time"
    )
    bench.add_argument("--library", metavar="ADDRESS", help="library: an empty database on a PostgreSQL server")
    bench.add_argument("--rclip-python", type=Path, metavar="PYTHON", help="rclip: a Python that has rclip 3")
    return parser


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, what: str
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=what, description=what)
    command.add_argument("--json", action="store_true", help="print one JSON object a line")
    return command


def _add_caption(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(commands, "caption", "write captions for pictures")
    command.add_argument("paths", nargs="+", metavar="PATH")
    command.add_argument("--best", type=_from_1_to_10, default=1, metavar="N", help="how many captions, best first")
    command.add_argument("--lang", choices=("en", "zh"), default="en")
    command.add_argument("--model", metavar="NAME")
    command.add_argument("--sidecar", choices=FORMATS, help="also write the captions beside the pictures")


def _add_classify(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(commands, "classify", "say which class pictures show, with a model you trained")
    command.add_argument("paths", nargs="+", metavar="PATH")
    command.add_argument("--best", type=_from_1_to_10, default=1, metavar="N", help="how many classes, best first")
    command.add_argument("--model", metavar="NAME")


def _add_index(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(commands, "index", "take folders into the library")
    command.add_argument("folders", nargs="+", metavar="FOLDER")
    command.add_argument("--library", metavar="FILE")
    command.add_argument("--no-captions", action="store_true", help="only make the pictures searchable; faster")
    command.add_argument("--no-transcripts", action="store_true", help="do not write down what recordings say")
    command.add_argument("--no-sounds", action="store_true", help="do not name the sounds of recordings")
    command.add_argument("--low-priority", action="store_true", help="give way to everything else on the computer")
    command.add_argument("--watch", action="store_true", help="go on noticing changes until Ctrl+C")


def _add_search(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(commands, "search", "find pictures in the library")
    command.add_argument("query", nargs="?", default="", metavar="QUERY", help="words, English or Chinese")
    command.add_argument("--image", metavar="PATH", help="find pictures like this one")
    command.add_argument("--minus", default="", metavar="TEXT", help="less of this")
    command.add_argument("--top", type=_positive, default=20, metavar="N")
    command.add_argument("--library", metavar="FILE")


def _add_tag(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(commands, "tag", "put tags on what a query finds, take them off, or list them")
    command.add_argument("action", choices=("add", "remove", "list"))
    command.add_argument(
        "query", nargs="?", default="", metavar="QUERY", help="filters choose all they let through, words the best"
    )
    command.add_argument("--tag", action="append", default=[], dest="tags", metavar="TAG", help="repeatable")
    command.add_argument("--top", type=_positive, default=20, metavar="N", help="of words: how many of the best")
    command.add_argument("--library", metavar="FILE")
    command.set_defaults(image=None, minus="")


def _add_export(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(commands, "export", "write captions, tags and transcripts beside the files, or into one table")
    command.add_argument(
        "query", nargs="?", default="", metavar="QUERY", help="filters choose all they let through, words the best"
    )
    forms = [str(form) for form in SidecarForm]
    command.add_argument("--sidecar", action="append", choices=forms, default=[], help="a file each; repeatable")
    command.add_argument("--to", metavar="FILE", help="one table of all: .csv or .jsonl")
    command.add_argument("--lang", choices=("en", "zh", "both"), default="both", help="of captions")
    existing = [str(one) for one in Existing]
    command.add_argument("--existing", choices=existing, default="keep", help="what becomes of files that are there")
    names = [str(one) for one in Naming]
    command.add_argument("--names", choices=names, help="whole: photo.jpg.xmp; stem: photo.xmp")
    command.add_argument("--dry-run", action="store_true", help="say what would be written, write nothing")
    command.add_argument("--top", type=_positive, default=20, metavar="N", help="of words: how many of the best")
    command.add_argument("--library", metavar="FILE")
    command.set_defaults(image=None, minus="")


def _add_import(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(commands, "import", "read sidecars and tables into the library, as your own words")
    command.add_argument("paths", nargs="+", metavar="PATH", help="folders, or tables: .csv or .jsonl")
    command.add_argument("--dry-run", action="store_true", help="say what would be new, change nothing")
    command.add_argument("--library", metavar="FILE")


def _add_undo(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(commands, "undo", "take back the latest step in the library")
    command.add_argument("--redo", action="store_true", help="do again what was taken back last")
    command.add_argument("--library", metavar="FILE")


def _add_library(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(commands, "library", "describe, back up, restore, move or copy the library")
    command.add_argument("action", choices=("info", "backup", "restore", "move", "copy"))
    command.add_argument(
        "place",
        nargs="?",
        metavar="FILE|FOLDER|ADDRESS",
        help="where to, or of a restore: where from; only a copy goes to a server",
    )
    command.add_argument("--overwrite", action="store_true", help="a backup may replace a file")
    command.add_argument("--library", metavar="FILE")


def _add_transcribe(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(commands, "transcribe", "write down what is said")
    command.add_argument("paths", nargs="+", metavar="PATH")
    command.add_argument("--lang", default="en")
    command.add_argument("--model", metavar="NAME")
    command.add_argument("--format", choices=("txt", "srt", "vtt", "json"), default="txt")


def _add_translate(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(commands, "translate", "translate short everyday sentences, English and Chinese")
    command.add_argument("text", metavar="TEXT", help="what to translate; - reads standard input, a text a line")
    command.add_argument("--to", choices=("en", "zh"), required=True)
    command.add_argument("--from", choices=("en", "zh"), dest="source", help="recognised where not given")
    command.add_argument("--model", metavar="NAME")


def _add_sounds(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(commands, "sounds", "name the sounds of recordings and when they are heard")
    command.add_argument("paths", nargs="+", metavar="PATH")
    command.add_argument("--model", metavar="NAME")


def _add_train(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(commands, "train", "train a model")
    command.add_argument("spec", nargs="?", metavar="SPEC.toml")
    command.add_argument("--task", metavar="TASK", help="image-text, picture-classes, sounds, translation, q-table …")
    command.add_argument("--data", metavar="FOLDER")
    command.add_argument("--name", metavar="NAME")
    command.add_argument("--epochs", type=_positive, metavar="N")
    command.add_argument("--preset", metavar="NAME")
    command.add_argument("--learning-rate", type=float, metavar="R", help="highest rate; a resumed run takes another")
    command.add_argument("--batch", type=_positive, metavar="N", help="items a step")
    command.add_argument("--weight-decay", type=float, metavar="X", help="of the optimiser")
    command.add_argument("--seed", type=int, metavar="N", help="decides weights, order and augmentation")
    command.add_argument("--device", metavar="NAME", help="auto, cpu, all (GPUs), gpu:0 …")
    command.add_argument("--patience", type=_positive, metavar="N", help="end after N validations without a better")
    command.add_argument("--min-delta", type=float, metavar="X", help="by which a better score is higher; usually 0")
    command.add_argument("--option", action="append", metavar="NAME=VALUE", help="a setting of the recipe; repeatable")
    command.add_argument("--resume", metavar="RUN", help="go on with this run or search, by name or folder")
    command.add_argument("--extend", type=_positive, metavar="N", help="of a resumed run: N epochs more")
    command.add_argument("--find-rate", action="store_true", help="begin no run: try growing rates and propose one")
    command.add_argument(
        "--search", nargs="?", type=_from_4_to_16, const=USUAL_TRIALS, metavar="TRIALS",
        help=f"try several settings, {USUAL_TRIALS} where no number is given: the better half goes on, the best stays",
    )  # fmt: skip
    command.add_argument("--finish", action="store_true", help="of a resumed run: publish the best weights so far")


def _add_runs(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(commands, "runs", "list, show or remove training runs, or write their reports and curves")
    command.add_argument("action", choices=("list", "show", "report", "tensorboard", "remove"))
    command.add_argument("run", nargs="?", metavar="RUN")
    command.add_argument("--html", metavar="FILE", help="write the report as one web page")
    command.add_argument("--to", metavar="FOLDER", help="of the event files for TensorBoard; usually the run's own")
    command.add_argument("--lang", choices=("en", "zh"), default="en", help="of the web page")


def _add_corrections(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(commands, "corrections", "list what you set right, or write it as data folders for training")
    command.add_argument("action", choices=("list", "export"))
    command.add_argument("--to", metavar="FOLDER", help="of the data folders; by default in the data directory")
    command.add_argument("--library", metavar="FILE")


def _add_improve(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(commands, "improve", "let a model learn from your corrections, and compare old and new")
    command.add_argument("--task", choices=("caption", "classify", "transcribe"), default="caption")
    command.add_argument("--model", metavar="NAME", help="what to go on from; the one that answers where not given")
    command.add_argument("--epochs", type=_positive, metavar="N")
    command.add_argument("--library", metavar="FILE")
    choice = command.add_mutually_exclusive_group()
    choice.add_argument("--keep", nargs="?", const="", metavar="RUN", help="let the improved model answer")
    choice.add_argument("--revert", nargs="?", const="", metavar="RUN", help="let the model before it answer again")


def _add_capture(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(commands, "capture", "take pictures or recordings into a class of a data folder")
    command.add_argument("folder", nargs="?", metavar="FOLDER", help="made where it is not there yet")
    command.add_argument("label", nargs="?", metavar="CLASS", help="a folder in it")
    device = command.add_mutually_exclusive_group()
    device.add_argument("--camera", metavar="N", help="a number, name or id of --list; the first where not given")
    device.add_argument(
        "--microphone", nargs="?", const="", metavar="N", help="record sounds; a number or name of --list"
    )
    command.add_argument("--count", type=_positive, default=20, metavar="N", help="how many; 20 where not given")
    command.add_argument(
        "--seconds", type=_seconds, default=1.0, metavar="S", help="of a recording, or from one picture to the next"
    )
    command.add_argument("--list", action="store_true", help="only say which cameras and microphones there are")


def _add_examine(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(commands, "examine", "look a data folder over before training")
    command.add_argument("folder", metavar="FOLDER")


def _add_evaluate(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(commands, "evaluate", "measure a model on a data set")
    command.add_argument("bundle", metavar="BUNDLE")
    command.add_argument("--data", required=True, metavar="FOLDER")
    command.add_argument("--split", default="test", help="test, val, train, or what the data set has")
    command.add_argument("--record", action="store_true", help="write the numbers into the model's card")


def _add_play(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(commands, "play", "let a trained agent play in its world")
    command.add_argument("bundle", metavar="BUNDLE")
    command.add_argument("--episodes", type=_positive, default=100, metavar="N")
    command.add_argument(
        "--seed", type=_not_negative, default=1, metavar="N", help="decides the chance of all episodes"
    )
    command.add_argument("--gif", metavar="FILE", help="write the first episode as an animated picture")


def _add_models(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(commands, "models", "list, show or check the installed models, or write one for other programs")
    command.add_argument("action", choices=("list", "show", "check", "export"))
    command.add_argument("name", nargs="?", metavar="NAME")
    command.add_argument("--format", choices=EXPORT_FORMATS, help="of an export; tflite is LiteRT's")
    command.add_argument("--to", metavar="FOLDER", help="where an export goes: a folder that is made")


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(text)
    return value


def _not_negative(text: str) -> int:
    value = int(text)
    if value < 0:
        raise argparse.ArgumentTypeError(text)
    return value


def _from_4_to_16(text: str) -> int:
    value = int(text)
    if not FEWEST_TRIALS <= value <= MOST_TRIALS:
        raise argparse.ArgumentTypeError(text)
    return value


def _seconds(text: str) -> float:
    value = float(text)
    if not 0.05 <= value <= 60:
        raise argparse.ArgumentTypeError(text)
    return value


def _from_1_to_10(text: str) -> int:
    value = _positive(text)
    if value > 10:
        raise argparse.ArgumentTypeError(text)
    return value
