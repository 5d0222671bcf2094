"""Typed text becomes words to look for and terms to leave out."""

from __future__ import annotations

import pytest

from mmbm_desktop.gui.state.library_query import LibraryQuery, split_finished_minus, split_minus
from mmbm_desktop.protocol.filters import Filters
from mmbm_desktop.protocol.requests import BrowseRequest
from mmbm_desktop.protocol.tasks import MediaKind


@pytest.mark.parametrize(
    ("typed", "text", "minus"),
    [
        ("beach sunset", "beach sunset", ()),
        ("beach -people", "beach", ("people",)),
        ("-people  beach   sunset ", "beach sunset", ("people",)),
        ('beach -"many people" -cars', "beach", ("many people", "cars")),
        ("black-and-white dog", "black-and-white dog", ()),
        ("beach - sunset", "beach - sunset", ()),
        ("海滩 －人", "海滩", ("人",)),
        ("海滩 −人 –狗", "海滩", ("人", "狗")),
        ("-", "-", ()),
        ("", "", ()),
    ],
)
def test_a_dash_before_a_word_leaves_it_out(typed, text, minus):
    assert split_minus(typed) == (text, minus)


@pytest.mark.parametrize(
    ("typed", "text", "minus"),
    [
        ("beach -peo", "beach -peo", ()),
        ("beach -people ", "beach ", ("people",)),
        ("beach  with  two spaces ", "beach  with  two spaces ", ()),
        ("-people sun", "sun", ("people",)),
        ('beach -"many peo', 'beach -"many peo', ()),
    ],
)
def test_a_term_that_is_still_being_typed_stays_in_the_text(typed, text, minus):
    assert split_finished_minus(typed) == (text, minus)


def test_terms_alone_are_no_query():
    assert not LibraryQuery(minus=("people",)).ranks
    assert not LibraryQuery(text="kind:photo").ranks
    assert LibraryQuery(text="beach").ranks
    assert LibraryQuery(image_path="/a.jpg").ranks


def test_a_term_is_left_out_once():
    query = LibraryQuery("beach").with_minus(("people", "cars")).with_minus(("people",))
    assert query.minus == ("people", "cars")
    assert query.without_minus("people").minus == ("cars",)


def test_the_request_holds_the_whole_query():
    request = LibraryQuery("beach", ("people", "cars"), "/a.jpg").request(folder="/photos", top=7)
    assert request is not None
    assert (request.text, request.minus, request.image_path) == ("beach", "people cars", "/a.jpg")
    assert (request.filters, request.top) == (Filters("/photos"), 7)


def test_what_is_typed_narrows_what_was_clicked():
    query = LibraryQuery('dog^2 "red car" kind:recording folder:trip -people', ("cars",))
    request = query.request(folder="/photos", kind=MediaKind.PHOTO)
    assert request is not None
    assert (request.text, request.weighted, request.minus) == ("red car", (("dog", 2.0),), "cars people")
    assert request.filters == Filters("/photos", "trip", "photo", words=("red car",))


def test_filters_alone_list():
    query = LibraryQuery("kind:recording")
    assert query.request(folder=None) is None
    assert query.listing(500, 100) == BrowseRequest(500, 100, Filters(kind="recording"))
