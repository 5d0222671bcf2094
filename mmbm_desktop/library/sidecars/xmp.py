"""XMP sidecars: descriptions in several languages (dc:description) and tags (dc:subject), read, made and merged.

Merging puts bytes into the packet that is there and touches nothing else: other properties, other namespaces, comments
and the packet's wrapper stay as they are. ISO 16684-1, 8.2.2.4: a language alternative begins with its default.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from mmbm_desktop.library.sidecars.described import main_language, one_line, same_text
from mmbm_desktop.library.sidecars.encoded import unusable
from mmbm_desktop.library.sidecars.xmp_source import DC, RDF, find
from mmbm_desktop.protocol.sidecars import Existing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mmbm_desktop.library.sidecars.xmp_source import Element, Packet

DEFAULT = "x-default"
CODES = {"en": "en", "zh": "zh-CN"}
"""How languages are named in XMP (RFC 3066)."""
_EMPTY = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="MMBM Desktop">\n'
    f' <rdf:RDF xmlns:rdf="{RDF}">\n'
    f'  <rdf:Description rdf:about="" xmlns:dc="{DC}">\n'
    "  </rdf:Description>\n"
    " </rdf:RDF>\n"
    "</x:xmpmeta>\n"
    '<?xpacket end="w"?>\n'
)
_DECLARED = re.compile(r"""^\s*<\?xml[^>]*encoding\s*=\s*["']([^"']+)""")

Values = list[tuple[str, str]]


@dataclass(frozen=True)
class Merged:
    """A packet, and whether something that was there before is no longer in it."""

    source: str
    replaces: bool


@dataclass(frozen=True)
class XmpWords:
    """What a packet says: descriptions as (language of XMP, text), and tags."""

    descriptions: tuple[tuple[str, str], ...]
    tags: tuple[str, ...]

    @property
    def captions(self) -> dict[str, str]:
        """The descriptions by our languages; the default one where its language has no other."""
        found: dict[str, str] = {}
        for code, text in sorted(self.descriptions, key=lambda one: one[0] in (DEFAULT, "")):
            language = _language(code, text, self.descriptions)
            if language in CODES and text.strip():
                found.setdefault(language, text.strip())
        return found


def read_xmp(source: str) -> XmpWords:
    """Return what a packet says.

    Raises:
        InputFault: SIDECAR_INVALID, see `xmp_source.find`.
    """
    packet = find(_bytes_of(source))
    values = {name: found.values for name, found in packet.properties.items()}
    tags = tuple(one_line(text) for _, text in values.get("subject", ()) if text.strip())
    return XmpWords(tuple(values.get("description", ())), tags)


def merged_xmp(source: str | None, captions: Mapping[str, str], tags: Sequence[str], existing: Existing) -> Merged:
    """Return a packet with captions (by language) and tags put in; None: into a new one.

    Tags are only ever added. KEEP adds captions in languages that have none, APPEND adds lines to those that are there,
    OVERWRITE replaces them; other languages stay.

    Raises:
        InputFault: SIDECAR_INVALID, see `xmp_source.find`.
    """
    old = _EMPTY if source is None else source
    data, replaces = _bytes_of(old), False
    packet = find(data)
    home = packet.description
    if home is None:
        data = _with_description(data, packet.rdf)
        return merged_xmp(data.decode(), captions, tags, existing)
    if captions:
        before = packet.properties["description"].values if "description" in packet.properties else []
        after = _descriptions(before, captions, existing)
        replaces = existing is Existing.OVERWRITE and not all(
            any(same_text(text, kept) for _, kept in after) for _, text in before
        )
        if after != before:
            data = _with_property(data, packet, home, "description", after)
            packet = find(data)
            home = packet.description or home
    known = packet.properties["subject"].values if "subject" in packet.properties else []
    has = {one_line(text).casefold() for _, text in known}
    new = [("", tag) for tag in tags if tag.casefold() not in has]
    if new:
        data = _with_property(data, packet, home, "subject", [*known, *new])
    return Merged(data.decode(), replaces)


def _bytes_of(source: str) -> bytes:
    declared = _DECLARED.match(source)
    if declared and declared[1].lower().replace("_", "-") not in ("utf-8", "utf8", "utf-16", "us-ascii"):
        raise unusable("not-utf8", declared[1])
    return source.encode()


def _descriptions(before: Values, captions: Mapping[str, str], existing: Existing) -> Values:
    values = [(code or DEFAULT, text) for code, text in before]
    for language, text in captions.items():
        _put(values, language, text, existing)
    preferred = next((captions[one] for one in CODES if one in captions), "")
    place = next((n for n, (code, _) in enumerate(values) if code == DEFAULT), None)
    if place is None:
        values.insert(0, (DEFAULT, preferred))
    elif existing is Existing.OVERWRITE or not values[place][1].strip():
        values[place] = (DEFAULT, preferred)
    return values


def _put(values: Values, language: str, text: str, existing: Existing) -> None:
    """Put a caption among values, in place."""
    fitting = [n for n, (code, said) in enumerate(values) if said and _language(code, said, values) == language]
    default = next((n for n in fitting if values[n][0] == DEFAULT), None)
    own = next((n for n, (code, _) in enumerate(values) if code.split("-")[0].lower() == language), None)
    place = default if own is None and existing is not Existing.OVERWRITE else own
    if place is None:
        values.append((CODES[language], text))
        return
    code, old = values[place]
    if existing is Existing.KEEP and old.strip():
        return
    grown = existing is Existing.APPEND and old.strip()
    if grown and any(same_text(text, line) for line in (old, *old.splitlines())):
        return
    values[place] = (code, f"{old}\n{text}" if grown else text)
    if default is not None and default != place and values[default][1] == old and grown:
        values[default] = (DEFAULT, values[place][1])


def _language(code: str, text: str, values: Sequence[tuple[str, str]]) -> str:
    """Return the language of a description, "en" for "en-GB"; of a default one, that of its twin, else of its words."""
    if code in (DEFAULT, ""):
        code = next((one for one, said in values if one not in (DEFAULT, "") and said == text), main_language(text))
    return code.split("-")[0].lower()


def _with_property(data: bytes, packet: Packet, home: Element, name: str, values: Values) -> bytes:
    """Return the packet with a property that has these values, in place of its old one or as a new one."""
    known, newline = packet.properties.get(name), _newline(data)
    if known is not None:
        block = _block(name, values, known.element.outer, _indent(data, known.element), newline)
        return data[: known.element.start] + block.encode() + data[known.element.end :]
    indent = _indent(data, home)
    block = _block(name, values, home.scope, f"{indent} ", newline)
    return _inside(data, home, f"{newline}{indent} {block}{newline}{indent}")


def _with_description(data: bytes, rdf: Element) -> bytes:
    """Return a packet that has no description with an empty one."""
    prefix, newline, indent = _prefix(rdf.scope, RDF), _newline(data), _indent(data, rdf)
    name, declared = (prefix, "") if prefix else ("rdf", f' xmlns:rdf="{RDF}"')
    tag = f'<{name}:Description{declared} {name}:about="">{newline}{indent} </{name}:Description>'
    return _inside(data, rdf, f"{newline}{indent} {tag}{newline}{indent}")


def _inside(data: bytes, home: Element, text: str) -> bytes:
    """Put text at the end of an element's content, opening an empty one."""
    if home.empty:
        tag = data[home.start : home.inside - 2].rstrip()
        return data[: home.start] + tag + b">" + text.encode() + f"</{home.name}>".encode() + data[home.inside :]
    content = data[home.inside : home.close].rstrip()
    return data[: home.inside] + content + text.encode() + data[home.close :]


def _block(name: str, values: Values, scope: Mapping[str, str], indent: str, newline: str) -> str:
    prefixes = {"dc": (_prefix(scope, DC), DC), "rdf": (_prefix(scope, RDF), RDF)}
    declared = "".join(f' xmlns:{own}="{uri}"' for own, (known, uri) in prefixes.items() if known is None)
    dc, rdf = (known or own for own, (known, _) in prefixes.items())
    kind = "Alt" if name == "description" else "Bag"
    lines = [f"<{dc}:{name}{declared}>", f"{indent} <{rdf}:{kind}>"]
    for code, text in values:
        language = f" xml:lang={quoteattr(code)}" if code else ""
        written = escape(text, {"\r": "&#13;"}).replace("\n", newline)
        lines.append(f"{indent}  <{rdf}:li{language}>{written}</{rdf}:li>")
    lines += [f"{indent} </{rdf}:{kind}>", f"{indent}</{dc}:{name}>"]
    return newline.join(lines)


def _prefix(scope: Mapping[str, str], uri: str) -> str | None:
    return next((prefix for prefix, bound in scope.items() if prefix and bound == uri), None)


def _newline(data: bytes) -> str:
    return "\r\n" if b"\r\n" in data else "\n"


def _indent(data: bytes, element: Element) -> str:
    """Return the white space before an element on its line."""
    line = data[data.rfind(b"\n", 0, element.start) + 1 : element.start]
    return "" if line.strip() else line.decode()
