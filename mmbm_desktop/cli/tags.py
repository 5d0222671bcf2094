"""`mmbm tag`: puts tags on what a query finds, takes them off, lists them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.cli.library import search_request
from mmbm_desktop.cli.messages import words
from mmbm_desktop.cli.output import Output
from mmbm_desktop.cli.session import open_engine, run
from mmbm_desktop.protocol.batches import BatchAction, BatchRequest
from mmbm_desktop.protocol.failure import Failure
from mmbm_desktop.protocol.requests import BrowseRequest
from mmbm_desktop.protocol.results import SearchResult
from mmbm_desktop.protocol.tags import tag_of

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from mmbm_desktop.engine.interface import Engine
    from mmbm_desktop.protocol.requests import SearchRequest
    from mmbm_desktop.protocol.results import Item


def tag(arguments: argparse.Namespace) -> int:
    """Change or list tags and return the exit status."""
    output = Output(as_json=arguments.json)
    try:
        request = search_request(arguments) if arguments.query else None
        tags = tuple(tag_of(one) for one in arguments.tags)
        if arguments.action != "list" and not tags:
            raise InputFault(ErrorCode.ARGUMENT_INVALID, name="--tag", value="")
        if arguments.action != "list" and request is None:
            raise InputFault(ErrorCode.QUERY_EMPTY)
    except InputFault as error:
        output.failure(Failure.of(error), path=arguments.query, key="input")
        return output.exit_status
    with open_engine(arguments.library) as engine:
        if request is None:
            _print_tags(engine, output)
            return output.exit_status
        items = _found(engine, request, arguments.query, output)
        if arguments.action != "list" and items:
            items = _changed(engine, items, arguments.action, tags, output)
    _print_items(items, output)
    return output.exit_status


def _print_tags(engine: Engine, output: Output) -> None:
    found = engine.tags()
    if not found:
        output.note(words("no-tags"))
    for one in found:
        output.answer({"task": "tag", "tag": one.name, "items": one.items}, f"{one.items:7}  {one.name}")


def _found(engine: Engine, request: SearchRequest | BrowseRequest, query: str, output: Output) -> tuple[Item, ...]:
    """Return what a query finds: all that filters alone let through, the best of what words rank."""
    if isinstance(request, BrowseRequest):
        return engine.items(engine.item_ids(request.filters))
    job = run(engine, request)
    if job.failure is not None:
        output.failure(job.failure, path=query, key="input")
    return tuple(hit.item for hit in job.result.hits) if isinstance(job.result, SearchResult) else ()


def _changed(
    engine: Engine, items: tuple[Item, ...], action: str, tags: tuple[str, ...], output: Output
) -> tuple[Item, ...]:
    """Change the tags of items as one step and return the items as they are then."""
    ids = tuple(item.id for item in items)
    add, remove = (tags, ()) if action == "add" else ((), tags)
    job = run(engine, BatchRequest(BatchAction.TAG, ids, add=add, remove=remove), ", ".join(tags))
    if job.failure is not None:
        output.failure(job.failure)
    return engine.items(ids)


def _print_items(items: Sequence[Item], output: Output) -> None:
    if not items:
        output.note(words("nothing-found"))
    for item in items:
        record: dict[str, object] = {"task": "tag", "path": item.path, "tags": list(item.tags)}
        output.answer(record, f"{item.path}: {', '.join(item.tags)}")
