"""XMP is merged byte by byte: what is not ours stays exactly as it was, and what is not plain is refused."""

from __future__ import annotations

import difflib
from xml.etree import ElementTree

import pytest

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.library.sidecars.described import without_controls
from mmbm_desktop.library.sidecars.xmp import merged_xmp, read_xmp
from mmbm_desktop.protocol.sidecars import Existing
from tests.library.sidecars.conftest import DARKTABLE, HARD, LIGHTROOM

BOTH = {"en": "A dog.", "zh": "一只狗。"}
RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
CASES = {
    "lightroom": LIGHTROOM,
    "darktable": DARKTABLE,
    "crlf": DARKTABLE.replace("\n", "\r\n"),
    "other prefixes": f'<a:RDF {RDF.replace(":rdf", ":a")}><a:Description a:about="" {DC.replace(":dc", ":d")}>'
    "<d:title>t</d:title></a:Description></a:RDF>",
    "prefix for another": f'<rdf:RDF {RDF}><rdf:Description xmlns:dc="urn:other" dc:x="1"></rdf:Description></rdf:RDF>',
    "namespace on the property": f"<rdf:RDF {RDF}><rdf:Description><dc:subject {DC}/></rdf:Description></rdf:RDF>",
    "two descriptions": f'<rdf:RDF {RDF}><rdf:Description a="1"/><rdf:Description {DC}><dc:description><rdf:Alt/>'
    "</dc:description></rdf:Description></rdf:RDF>",
    "no description": f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF {RDF}/></x:xmpmeta>',
    "a plain value": f"<rdf:RDF {RDF}><rdf:Description {DC}><dc:description>\nmine\n</dc:description>"
    "</rdf:Description></rdf:RDF>",
}


@pytest.mark.parametrize("source", CASES.values(), ids=CASES)
@pytest.mark.parametrize("existing", Existing)
def test_words_come_back_and_merging_again_changes_nothing(source: str, existing: Existing) -> None:
    before = read_xmp(source)

    merged = merged_xmp(source, BOTH, ("dog", "Summer"), existing)

    ElementTree.fromstring(merged.source.encode())
    after = read_xmp(merged.source)
    kept = {Existing.KEEP: "mine", Existing.APPEND: "mine\nA dog."} if "mine" in source else {}
    assert after.captions == {**BOTH, "en": kept.get(existing, "A dog.")}
    assert after.descriptions[0][0] == "x-default"
    assert {"dog"} | set(before.tags) <= set(after.tags)
    assert len({tag.casefold() for tag in after.tags}) == len(after.tags)
    assert merged_xmp(merged.source, BOTH, ("dog", "Summer"), existing).source == merged.source


@pytest.mark.parametrize("name", ["lightroom", "darktable", "crlf", "two descriptions"])
def test_only_lines_are_added_to_what_is_there(name: str) -> None:
    source = CASES[name]

    merged = merged_xmp(source, BOTH, ("dog",), Existing.KEEP)

    steps = difflib.SequenceMatcher(None, source, merged.source, autojunk=False).get_opcodes()
    lost = "".join(source[a:b] for kind, a, b, _, _ in steps if kind in ("delete", "replace"))
    assert lost.strip("/ \r\n") == ""
    assert ("\r\n" in source) == ("\r\n" in merged.source)
    assert "\n" not in merged.source.replace("\r\n", "") or name != "crlf"
    assert not merged.replaces


def test_keep_append_and_overwrite_differ_in_what_is_there() -> None:
    base = merged_xmp(None, {"en": "My own."}, (), Existing.KEEP).source
    found = {one: merged_xmp(base, BOTH, (), one) for one in Existing}

    assert read_xmp(found[Existing.KEEP].source).captions == {"en": "My own.", "zh": "一只狗。"}
    assert read_xmp(found[Existing.APPEND].source).captions == {"en": "My own.\nA dog.", "zh": "一只狗。"}
    assert dict(read_xmp(found[Existing.APPEND].source).descriptions)["x-default"] == "My own.\nA dog."
    assert read_xmp(found[Existing.OVERWRITE].source).captions == BOTH
    assert [one.replaces for one in found.values()] == [False, False, True]


def test_a_default_in_the_same_language_is_the_persons_caption() -> None:
    source = merged_xmp(None, {"en": "Mine."}, (), Existing.KEEP).source
    source = source.replace('<rdf:li xml:lang="en">Mine.</rdf:li>', "")
    assert [code for code, _ in read_xmp(source).descriptions] == ["x-default"]

    kept = read_xmp(merged_xmp(source, BOTH, (), Existing.KEEP).source)

    assert dict(kept.descriptions) == {"x-default": "Mine.", "zh-CN": "一只狗。"}


@pytest.mark.parametrize("text", [HARD, "字" * 5000, "line one\nline two", "]]> &amp; {}"])
def test_texts_come_back_as_they_were(text: str) -> None:
    assert dict(read_xmp(merged_xmp(None, {"en": text}, (text[:40],), Existing.KEEP).source).descriptions)["en"] == text


def test_what_xml_cannot_hold_is_dropped_and_counted() -> None:
    assert without_controls("a\0b\x1bc\ufffed\r\ne\ud800") == ("abcd\ne", 4)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("", "not-xml"),
        ("<a><b></a>", "not-xml"),
        ("my notes", "not-xml"),
        ("<html><body/></html>", "not-xmp"),
        (f'<!DOCTYPE a [<!ENTITY x "y">]><rdf:RDF {RDF}/>', "has-dtd"),
        (f'<!DOCTYPE a SYSTEM "file:///etc/passwd"><rdf:RDF {RDF}/>', "has-dtd"),
        (f'<?xml version="1.0" encoding="ISO-8859-1"?><rdf:RDF {RDF}/>', "not-utf8"),
        (f'<rdf:RDF {RDF}><rdf:Description {DC} dc:description="a"/></rdf:RDF>', "unusual-xmp"),
        (
            f"<rdf:RDF {RDF}><rdf:Description {DC}><dc:subject><a/></dc:subject></rdf:Description></rdf:RDF>",
            "unusual-xmp",
        ),
    ],
)
def test_what_is_not_plain_xmp_is_refused(source: str, reason: str) -> None:
    with pytest.raises(InputFault) as caught:
        merged_xmp(source, BOTH, (), Existing.OVERWRITE)

    assert (caught.value.code, caught.value.params["reason"]) == (ErrorCode.SIDECAR_INVALID, reason)
