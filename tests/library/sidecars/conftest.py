"""Packets of XMP as other programs write them, and pictures to put sidecars beside."""

from __future__ import annotations

from pathlib import Path

import pytest

from mmbm_desktop.library.sidecars.described import Described
from mmbm_desktop.protocol.tasks import MediaKind

LIGHTROOM = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<!-- kept by hand -->
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Adobe XMP Core 7.0">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/"
    xmlns:dc="http://purl.org/dc/elements/1.1/"
   xmp:Rating="4"
   crs:Exposure2012="+0.35">
   <dc:subject>
    <rdf:Bag>
     <rdf:li>summer</rdf:li>
     <rdf:li>R&amp;D</rdf:li>
    </rdf:Bag>
   </dc:subject>
   <dc:description>
    <rdf:Alt>
     <rdf:li xml:lang="x-default">Ma légende</rdf:li>
     <rdf:li xml:lang="fr">Ma légende</rdf:li>
    </rdf:Alt>
   </dc:description>
   <crs:ToneCurve>
    <rdf:Seq>
     <rdf:li>0, 0</rdf:li>
     <rdf:li>255, 255</rdf:li>
    </rdf:Seq>
   </crs:ToneCurve>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""
DARKTABLE = """<?xml version="1.0" encoding="UTF-8"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="XMP Core 4.4.0-Exiv2">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:darktable="http://darktable.sf.net/"
   darktable:xmp_version="4"/>
 </rdf:RDF>
</x:xmpmeta>
"""
HARD = 'Two dogs — "Rex" & <Bo> — run 🐕‍🦺 on 草地.'


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """Return a picture's path; sidecars never look into it."""
    file = tmp_path / "照片 1.jpg"
    file.write_bytes(b"\xff\xd8\xff")
    return file


def described(
    path: Path, english: str = "A dog.", chinese: str = "一只狗。", tags: tuple[str, ...] = ("dog",)
) -> Described:
    captions = tuple((language, text) for language, text in (("en", english), ("zh", chinese)) if text)
    return Described(str(path), MediaKind.PHOTO, captions, tags)
