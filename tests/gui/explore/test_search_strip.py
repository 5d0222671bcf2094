"""The strip of pictures that answers a search on the Explore page."""

from __future__ import annotations

from mmbm_desktop.engine.fake import FakeEngine
from mmbm_desktop.engine.fake_answers import PICTURES, items
from mmbm_desktop.gui.pages.explore import ExplorePage
from mmbm_desktop.gui.pages.explore.cards.search_card import SearchCard
from mmbm_desktop.protocol.requests import SearchRequest
from mmbm_desktop.protocol.results import Hit, SearchResult


def strip(page: ExplorePage, engine: FakeEngine, *probabilities: float) -> SearchCard:
    engine.hold(SearchRequest)
    page.search_text("a submarine")
    hits = tuple(
        Hit(item, 0.5, (("picture", 0.5),), value) for item, value in zip(items(9), probabilities, strict=False)
    )
    engine.finish(engine.jobs()[0].id, SearchResult(hits, 12, PICTURES, nothing_below=0.1))
    (card,) = (card for card in page.feed.cards if isinstance(card, SearchCard))
    return card


def test_the_strip_shows_probabilities_and_dims_what_is_unlikely(page: ExplorePage, engine: FakeEngine) -> None:
    card = strip(page, engine, 0.7, 0.2, 0.05)
    assert [tile.badge.text() for tile in card.tiles] == ["70%", "20%", "5%"]
    assert [tile.graphicsEffect() is None for tile in card.tiles] == [True, True, False]
    assert "70%: in a test" in card.tiles[0].toolTip()
    assert not card.note.isVisible()


def test_the_strip_says_that_probably_nothing_matches_and_still_shows_it(page: ExplorePage, engine: FakeEngine) -> None:
    card = strip(page, engine, 0.05, 0.01)
    assert card.note.isVisible()
    assert card.note.text() == "Probably nothing here matches"
    assert [tile.isVisible() for tile in card.tiles] == [True, True]
