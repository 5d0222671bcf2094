"""`mmbm export` and `mmbm import`: words of the library into files, and back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.cli.library import search_request
from mmbm_desktop.cli.messages import words
from mmbm_desktop.cli.output import Output
from mmbm_desktop.cli.session import open_engine, run
from mmbm_desktop.protocol.failure import Failure
from mmbm_desktop.protocol.filters import EVERYTHING, Filters
from mmbm_desktop.protocol.requests import SearchRequest
from mmbm_desktop.protocol.results import SearchResult
from mmbm_desktop.protocol.sidecars import (
    Existing,
    ExportRequest,
    ExportResult,
    FileAction,
    ImportRequest,
    ImportResult,
    Naming,
    SidecarForm,
)

if TYPE_CHECKING:
    import argparse

    from mmbm_desktop.engine.interface import Engine


def export(arguments: argparse.Namespace) -> int:
    """Write sidecars or a table of what a query finds, or say what would be written; return the exit status."""
    output = Output(as_json=arguments.json)
    try:
        if not arguments.sidecar and not arguments.to:
            raise InputFault(ErrorCode.ARGUMENT_INVALID, name="--sidecar / --to", value="")
        found = search_request(arguments) if arguments.query else None
    except InputFault as error:
        output.failure(Failure.of(error), path=arguments.query, key="input")
        return output.exit_status
    with open_engine(arguments.library) as engine:
        items: tuple[int, ...] | None = None
        if isinstance(found, SearchRequest):
            items = _found(engine, found, arguments.query, output)
        if not output.failures:
            filters = EVERYTHING if found is None else found.filters
            _export(engine, _request(arguments, items, filters), output)
    return output.exit_status


def _found(engine: Engine, request: SearchRequest, query: str, output: Output) -> tuple[int, ...]:
    job = run(engine, request)
    if job.failure is not None:
        output.failure(job.failure, path=query, key="input")
    return tuple(hit.item.id for hit in job.result.hits) if isinstance(job.result, SearchResult) else ()


def _request(arguments: argparse.Namespace, items: tuple[int, ...] | None, filters: Filters) -> ExportRequest:
    return ExportRequest(
        items,
        filters,
        tuple(SidecarForm(form) for form in dict.fromkeys(arguments.sidecar)),
        str(Path(arguments.to).absolute()) if arguments.to else "",
        ("en", "zh") if arguments.lang == "both" else (arguments.lang,),
        Existing(arguments.existing),
        Naming(arguments.names) if arguments.names else None,
        arguments.dry_run,
    )


def _export(engine: Engine, request: ExportRequest, output: Output) -> None:
    job = run(engine, request, request.table)
    if job.failure is not None:
        output.failure(job.failure, path=str(job.failure.params.get("path", "")) or None)
    if not isinstance(job.result, ExportResult):
        return
    result = job.result
    for one in result.files:
        notes = [words(f"file-{one.reason}")] if one.reason else []
        notes += [words("file-dropped", count=one.dropped)] if one.dropped else []
        notes += [words("file-backup", name=Path(one.backup).name)] if one.backup else []
        record: dict[str, object] = {"task": "export", "path": one.path, "action": str(one.action)}
        record |= {"reason": one.reason, "dropped": one.dropped, "backup": one.backup, "dry_run": result.dry_run}
        note = f"  ({', '.join(notes)})" if notes else ""
        output.answer(record, f"{words(f'file-{one.action}')}  {one.path}{note}")
    for item in result.failed:
        output.failure(item.failure, path=item.path)
    kept = result.counts.get(FileAction.KEEP, 0)
    written = sum(result.counts.values()) - kept
    key = "would-export" if result.dry_run else "exported"
    numbers = {"items": result.items, "wordless": result.wordless, "failed": len(result.failed)}
    output.note(words(key, written=written, kept=kept, **numbers))


def import_words(arguments: argparse.Namespace) -> int:
    """Read sidecars and tables into the library and return the exit status."""
    output = Output(as_json=arguments.json)
    paths = tuple(str(Path(path).absolute()) for path in arguments.paths)
    with open_engine(arguments.library) as engine:
        job = run(engine, ImportRequest(paths, arguments.dry_run))
    if job.failure is not None:
        output.failure(job.failure)
    elif isinstance(job.result, ImportResult):
        _print_import(job.result, output)
    return output.exit_status


def _print_import(result: ImportResult, output: Output) -> None:
    for one in result.items:
        what = [words(f"imported-{language}") for language in one.captions]
        what += [words("imported-transcript")] if one.transcript else []
        what += [words("imported-tags", tags=", ".join(one.tags))] if one.tags else []
        record: dict[str, object] = {"task": "import", "path": one.path, "captions": list(one.captions)}
        record |= {"transcript": one.transcript, "tags": list(one.tags), "dry_run": result.dry_run}
        output.answer(record, f"{one.path}: {', '.join(what)}")
    for item in result.failed:
        output.failure(item.failure, path=item.path)
    numbers = {"changed": result.changed, "unchanged": result.unchanged, "failed": len(result.failed)}
    output.note(words("would-import" if result.dry_run else "imported", sidecars=result.sidecars, **numbers))
