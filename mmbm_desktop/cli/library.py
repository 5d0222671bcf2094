"""`mmbm index` and `mmbm search`: folders into the library, pictures out of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.cli.messages import words
from mmbm_desktop.cli.output import Output, rounded
from mmbm_desktop.cli.session import open_engine, run
from mmbm_desktop.cli.watching import watch
from mmbm_desktop.protocol.failure import Failure
from mmbm_desktop.protocol.filters import EVERYTHING
from mmbm_desktop.protocol.query import parse_query
from mmbm_desktop.protocol.requests import BrowseRequest, IndexRequest, SearchRequest
from mmbm_desktop.protocol.results import BrowseResult, IndexResult, SearchResult

if TYPE_CHECKING:
    import argparse


def index(arguments: argparse.Namespace) -> int:
    """Index each folder and return the exit status; a missing folder does not stop the others."""
    output = Output(as_json=arguments.json)
    overridden = {"indexing.paused": False, "indexing.watch": True}
    if arguments.low_priority:
        overridden["indexing.low_priority"] = True
    with open_engine(arguments.library, overridden) as engine:
        for folder in arguments.folders:
            job = run(engine, _index_request(folder, arguments), folder)
            if job.failure is not None:
                output.failure(job.failure, path=folder)
            elif isinstance(job.result, IndexResult):
                print_index(folder, job.result, output)
        if arguments.watch:
            watch(engine, output)
    return output.exit_status


def _index_request(folder: str, arguments: argparse.Namespace) -> IndexRequest:
    return IndexRequest(
        (str(Path(folder).absolute()),),
        captions=not arguments.no_captions,
        transcripts=not arguments.no_transcripts,
        sounds=not arguments.no_sounds,
    )


def print_index(folder: str, result: IndexResult, output: Output) -> None:
    """Print what an indexing run did, and what it could not use."""
    for item in result.failed:
        output.failure(item.failure, path=item.path)
    counts = {
        "found": result.found,
        "indexed": result.indexed,
        "skipped": result.skipped,
        "failed": len(result.failed),
        "seconds": round(result.seconds, 2),
    }
    output.answer({"path": folder, "task": "index", **counts}, f"{folder}: {words('indexed', **counts)}")


def undo(arguments: argparse.Namespace) -> int:
    """Take back the latest step in the library, or do again what was taken back; return 1 where there is none."""
    output = Output(as_json=arguments.json)
    with open_engine(arguments.library) as engine:
        step = engine.redo() if arguments.redo else engine.undo()
    if step is None:
        output.note(words("nothing-to-undo"))
        return 1
    record: dict[str, object] = {
        "task": "redo" if arguments.redo else "undo",
        "action": str(step.action),
        "path": step.path,
    }
    output.answer(
        record, f"{words('redone' if arguments.redo else 'undone')} {words(f'step-{step.action}')}: {step.path}"
    )
    return output.exit_status


def search(arguments: argparse.Namespace) -> int:
    """Print the pictures that match, best first, and return the exit status."""
    output = Output(as_json=arguments.json)
    shown = arguments.query or arguments.image or ""
    try:
        request = search_request(arguments)
    except InputFault as error:
        output.failure(Failure.of(error), path=shown, key="input")
        return output.exit_status
    with open_engine(arguments.library) as engine:
        job = run(engine, request)
    if job.failure is not None:
        output.failure(job.failure, path=str(job.failure.params.get("path") or shown), key="input")
    elif isinstance(job.result, SearchResult):
        _print_hits(shown, job.result, output)
    elif isinstance(job.result, BrowseResult):
        _print_items(shown, job.result, output)
    return output.exit_status


def search_request(arguments: argparse.Namespace) -> SearchRequest | BrowseRequest:
    """Return what a query in the query language asks for; filters alone ask for a list.

    Raises:
        InputFault: QUERY_EMPTY or QUERY_INVALID.
    """
    query = parse_query(arguments.query)
    image = str(Path(arguments.image).absolute()) if arguments.image else None
    if not query.ranks and image is None:
        if query.filters == EVERYTHING:
            raise InputFault(ErrorCode.QUERY_EMPTY)
        return BrowseRequest(0, arguments.top, query.filters)
    minus = " ".join(filter(None, (arguments.minus, *query.minus)))
    return SearchRequest(query.text, image, minus, query.weighted, arguments.top, query.filters)


def _print_items(query: str, result: BrowseResult, output: Output) -> None:
    if not result.items:
        output.note(words("nothing-found"))
    for item in result.items:
        text = item.caption_en or item.caption_zh or item.transcript or item.text
        output.answer({"input": query, "task": "search", "path": item.path, "text": text}, item.path)


def _print_hits(query: str, result: SearchResult, output: Output) -> None:
    if not result.hits:
        output.note(words("nothing-found"))
    for hit in result.hits:
        record: dict[str, object] = {
            "input": query,
            "task": "search",
            "path": hit.item.path,
            "text": hit.item.caption_en or hit.item.caption_zh,
            "score": round(hit.score, 4),
            "probability": rounded(hit.probability),
            "why": dict(hit.why),
            "model": result.made.model,
            "device": result.made.device,
            "ms": round(result.made.ms, 1),
        }
        likely = "" if hit.probability is None else f"  {hit.probability:4.0%}"
        output.answer(record, f"{hit.score:5.2f}{likely}  {hit.item.path}")
