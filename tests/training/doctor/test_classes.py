"""What is said about how many items classes have and how they are called."""

from __future__ import annotations

from pathlib import Path

import pytest

from mmbm_desktop.protocol.dataset import ClassCount, Severity
from mmbm_desktop.protocol.finding_codes import FindingCode
from mmbm_desktop.training.doctor.classes import about_classes, about_splits, problem_of
from mmbm_desktop.training.doctor.survey import Item
from tests.training.doctor.drawings import examined, only, write_class


def of_counts(counts: dict[str, int]) -> list[Item]:
    return [Item(f"{label}/{number}", label=label) for label, count in counts.items() for number in range(count)]


def test_one_class_and_two_pictures_block(tmp_path: Path) -> None:
    write_class(tmp_path, "ash", 2)

    report = examined(tmp_path)

    assert only(report, FindingCode.ONE_CLASS).severity is Severity.BLOCKER
    assert only(report, FindingCode.TOO_FEW).params == {"items": 2, "needed": 4}
    assert [one.severity for one in report.findings[:2]] == [Severity.BLOCKER] * 2


def test_small_and_unequal_classes_are_warned_of() -> None:
    found = {one.code: one for one in about_classes(of_counts({"ash": 60, "beech": 12, "cedar": 4, "oak": 3}), {})}

    assert found[FindingCode.CLASS_SMALL].params == {"count": 2, "label": "oak", "items": 3, "wanted": 10}
    assert found[FindingCode.IMBALANCED].params == {"largest": "ash", "most": 60, "smallest": "oak", "fewest": 3}


def test_equal_classes_are_not() -> None:
    assert list(about_classes(of_counts({"ash": 20, "beech": 30}), {"ash": "", "beech": ""})) == []


def test_names_that_differ_only_in_capitals_or_encoding_are_alike() -> None:
    items = of_counts({"caf\u00e9": 20, "Cafe\u0301": 20, "tea": 20})

    found = list(about_classes(items, {item.label: "" for item in items}))

    assert [one.code for one in found] == [FindingCode.NAMES_ALIKE]
    assert {found[0].params["first"], found[0].params["second"]} == {"caf\u00e9", "Cafe\u0301"}


@pytest.mark.parametrize(
    ("label", "problem"),
    [
        ("cat", ""),
        ("猫和狗", ""),
        ("Egyptian cat, tabby", ""),
        (".cat", "hidden"),
        ("c" * 300, "long"),
        ("cat/dog", "slash"),
        (" cat", "spaces"),
        ("cat\u200b", "control"),
        ("cat\n", "control"),
        ("caf\udce9", "not-text"),
    ],
)
def test_strange_names(label: str, problem: str) -> None:
    assert problem_of(label) == problem


def test_splits_that_no_recipe_knows() -> None:
    splits = [ClassCount("train", 5), ClassCount("fold3", 5), ClassCount("extra", 2)]

    assert [one.params["split"] for one in about_splits(splits)] == ["extra"]
