"""Where the properties that we know stand in an XMP packet, by byte. Reads only; whatever is not plain is refused.

XMP: ISO 16684-1, https://developer.adobe.com/xmp/docs/. A document type is refused before it can define an entity.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

from mmbm_desktop.library.sidecars.encoded import unusable

DC = "http://purl.org/dc/elements/1.1/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XML_LANG = "http://www.w3.org/XML/1998/namespace lang"
_CONTAINERS = {f"{RDF} {name}" for name in ("Alt", "Bag", "Seq")}
_TAG = re.compile(rb"""<([^\s/>"']+)(?:[^"'>]|"[^"]*"|'[^']*')*>""")


@dataclass
class Element:
    """An element's place: from `start`, its start tag up to `inside`, its end tag from `close`, up to `end`.

    Attributes:
        name: as it is written, with its prefix.
        empty: whether it is one tag, `<a/>`.
        outer: namespaces by prefix around the element, "" for the default one.
        scope: namespaces inside it.
    """

    name: str
    start: int
    inside: int
    empty: bool
    outer: dict[str, str]
    scope: dict[str, str]
    close: int = 0
    end: int = 0


@dataclass
class Property:
    """One of our properties: its place and its values, each with its language ("" where it has none)."""

    element: Element
    values: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])


@dataclass
class Packet:
    """What was found: the RDF element, its first description, one that knows Dublin Core if any, and our properties."""

    rdf: Element
    description: Element | None = None
    properties: dict[str, Property] = field(default_factory=dict[str, Property])


def find(source: bytes) -> Packet:
    """Return where things stand in a packet in UTF-8.

    Raises:
        InputFault: SIDECAR_INVALID with `reason`: "not-xml", "has-dtd", "not-xmp", or "unusual-xmp" for a property of
            ours that is written in a way that could lose something.
    """
    reader = _Reader(source)
    if reader.packet is None:
        raise unusable("not-xmp")
    return reader.packet


class _Reader:
    """One pass of expat over a packet."""

    def __init__(self, source: bytes) -> None:
        self.packet: Packet | None = None
        self._source = source
        self._names: list[str] = []
        self._elements: list[Element] = []
        self._bound: dict[str, str] = {}
        self._rdf_depth = 0
        self._property: Property | None = None
        self._language, self._text = "", ""
        self._parser = expat.ParserCreate("UTF-8", " ")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = _refuse_type
        self._parser.StartNamespaceDeclHandler = self._bind
        self._parser.StartElementHandler = self._open
        self._parser.EndElementHandler = self._shut
        self._parser.CharacterDataHandler = self._say
        try:
            self._parser.Parse(source, True)
        except expat.ExpatError as error:
            raise unusable("not-xml", str(error)) from error

    def _bind(self, prefix: str | None, uri: str | None) -> None:
        self._bound[prefix or ""] = uri or ""

    def _open(self, name: str, attributes: dict[str, str]) -> None:
        start = self._parser.CurrentByteIndex
        tag = _TAG.match(self._source, start)
        if tag is None:
            raise unusable("not-xml", f"no tag at byte {start}")
        outer = self._elements[-1].scope if self._elements else {}
        scope, self._bound = {**outer, **self._bound}, {}
        element = Element(tag[1].decode(), start, tag.end(), tag[0].endswith(b"/>"), outer, scope)
        self._elements.append(element)
        self._names.append(name)
        self._note(name, attributes, element)

    def _note(self, name: str, attributes: dict[str, str], element: Element) -> None:
        if self.packet is None:
            if name == f"{RDF} RDF":
                self.packet, self._rdf_depth = Packet(element), len(self._names)
            return
        depth = len(self._names) - self._rdf_depth if not self.packet.rdf.end else 0
        if depth == 1:
            if f"{DC} description" in attributes or f"{DC} subject" in attributes:
                raise unusable("unusual-xmp", "a property as an attribute")
            known = self.packet.description
            better = known is None or (DC not in known.scope.values() and DC in element.scope.values())
            if better and name == f"{RDF} Description":
                self.packet.description = element
        elif depth == 2 and name in (f"{DC} description", f"{DC} subject"):
            self._property = _new_property(self.packet, name.split(" ")[1], attributes, element)
            self._text = ""
        elif self._property is not None:
            self._note_value(depth, name, attributes)

    def _note_value(self, depth: int, name: str, attributes: dict[str, str]) -> None:
        fits = (depth == 3 and name in _CONTAINERS and not attributes) or (
            depth == 4 and name == f"{RDF} li" and set(attributes) <= {_XML_LANG}
        )
        if not fits:
            raise unusable("unusual-xmp", f"{name} inside a property")
        self._language, self._text = attributes.get(_XML_LANG, ""), ""

    def _say(self, text: str) -> None:
        self._text += text

    def _shut(self, name: str) -> None:
        element = self._elements.pop()
        self._names.pop()
        at = self._parser.CurrentByteIndex
        element.close = element.inside if element.empty else at
        element.end = element.inside if element.empty else self._source.index(b">", at) + 1
        if self._property is None:
            return
        if name == f"{RDF} li":
            self._property.values.append((self._language, self._text))
            self._text = ""
        elif element is self._property.element:
            if not self._property.values and self._text.strip():
                self._property.values.append(("", self._text.strip()))
            self._property = None
        elif name in _CONTAINERS:
            self._text = ""


def _new_property(packet: Packet, key: str, attributes: dict[str, str], element: Element) -> Property:
    if key in packet.properties or attributes:
        raise unusable("unusual-xmp", f"{key} twice or with attributes")
    packet.properties[key] = Property(element)
    return packet.properties[key]


def _refuse_type(*declared: object) -> NoReturn:
    raise unusable("has-dtd", str(declared))
