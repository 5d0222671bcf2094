"""Planted duplicates, mislabels and broken files are found, and only those."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NoReturn

import pytest
from PIL import Image, ImageEnhance

from mmbm_desktop.base.errors import Cancelled, EnvironmentFault, ErrorCode
from mmbm_desktop.base.progress import CancelToken
from mmbm_desktop.protocol.dataset import Severity
from mmbm_desktop.protocol.finding_codes import FindingCode
from mmbm_desktop.training.doctor.examination import examine
from mmbm_desktop.training.doctor.looking import SAMPLE, sample_of
from mmbm_desktop.training.doctor.survey import GROUPS_TOLD, PATHS_TOLD, Item, finding
from tests.training.doctor.drawings import ColourSeer, drawn, examined, named, of_code, only, write_class


@pytest.fixture
def trees(tmp_path: Path) -> Path:
    """Return train and val pictures of two classes, all different."""
    for split, first in (("train", 0), ("val", 50)):
        write_class(tmp_path / split, "ash", 12, first)
        write_class(tmp_path / split, "beech", 12, first + 100)
    return tmp_path


def test_a_clean_folder_has_no_findings(trees: Path) -> None:
    report = examined(trees, seer=ColourSeer())

    assert report.findings == ()
    assert report.items == 48


def test_exact_copies_are_told_apart_by_what_they_spoil(trees: Path) -> None:
    ash, beech = trees / "train" / "ash", trees / "train" / "beech"
    shutil.copy(ash / "ash-0.png", ash / "twin.png")
    shutil.copy(ash / "ash-1.png", beech / "wrong.png")
    shutil.copy(ash / "ash-2.png", trees / "val" / "ash" / "leak.png")

    report = examined(trees)

    assert named(only(report, FindingCode.SAME)) == [{"ash-0.png", "twin.png"}]
    assert named(only(report, FindingCode.SAME_ACROSS_CLASSES)) == [{"ash-1.png", "wrong.png"}]
    assert named(only(report, FindingCode.SAME_ACROSS_SPLITS)) == [{"ash-2.png", "leak.png"}]
    assert not of_code(report, FindingCode.ALIKE)


def test_changed_copies_are_found_and_lead_to_the_same_findings(trees: Path) -> None:
    ash, beech = trees / "train" / "ash", trees / "train" / "beech"
    first = Image.open(ash / "ash-0.png")
    first.save(ash / "again.jpg", quality=60)
    first.resize((90, 70)).save(ash / "larger.png")
    ImageEnhance.Brightness(Image.open(ash / "ash-1.png")).enhance(1.05).save(beech / "wrong.png")
    Image.open(ash / "ash-2.png").save(trees / "val" / "ash" / "leak.webp", quality=70)

    report = examined(trees)

    assert named(only(report, FindingCode.ALIKE)) == [{"ash-0.png", "again.jpg", "larger.png"}]
    assert named(only(report, FindingCode.ALIKE_ACROSS_CLASSES)) == [{"ash-1.png", "wrong.png"}]
    assert named(only(report, FindingCode.ALIKE_ACROSS_SPLITS)) == [{"ash-2.png", "leak.webp"}]


def test_unreadable_pictures_are_grouped_by_reason(trees: Path) -> None:
    ash = trees / "train" / "ash"
    (ash / "ash-0.png").write_bytes(b"")
    (ash / "ash-1.png").write_bytes(b"just words")
    whole = (ash / "ash-2.png").read_bytes()
    (ash / "ash-2.png").write_bytes(whole[: len(whole) // 2])

    report = examined(trees)

    told = {one.params["reason"]: named(one) for one in of_code(report, FindingCode.UNREADABLE)}
    assert told == {"file-empty": [{"ash-0.png"}], "image-broken": [{"ash-1.png"}, {"ash-2.png"}]}
    assert report.items == 45


def test_mislabelled_pictures_are_named_with_what_they_look_like(trees: Path) -> None:
    for number in (0, 1):
        (trees / "train" / "ash" / f"ash-{number}.png").rename(trees / "train" / "beech" / f"moved-{number}.png")

    report = examined(trees, seer=ColourSeer())

    found = only(report, FindingCode.MISLABELLED)
    assert (found.severity, found.params["label"], found.params["other"]) == (Severity.WARNING, "beech", "ash")
    assert sorted(map(min, named(found))) == ["moved-0.png", "moved-1.png"]


def test_without_a_model_labels_are_not_judged(trees: Path) -> None:
    report = examined(trees)

    assert only(report, FindingCode.MISLABELS_UNCHECKED).params == {"reason": "no-model"}


def test_a_model_that_fails_costs_only_the_comparison_of_labels(trees: Path) -> None:
    class Failing(ColourSeer):
        def vectors(self, pictures: object) -> NoReturn:
            raise EnvironmentFault(ErrorCode.BUNDLE_INVALID, name="failing")

    report = examined(trees, seer=Failing())

    assert only(report, FindingCode.MISLABELS_UNCHECKED).params == {"reason": "no-model"}
    assert report.items == 48


def test_few_pictures_are_not_judged(tmp_path: Path) -> None:
    write_class(tmp_path, "ash", 5)
    write_class(tmp_path, "beech", 5)

    report = examined(tmp_path, seer=ColourSeer())

    assert only(report, FindingCode.MISLABELS_UNCHECKED).params == {"reason": "few"}


def test_the_sample_of_a_large_folder_has_as_many_of_each_class() -> None:
    items = [Item(f"{label}/{number}", label=label) for label in "ab" for number in range(SAMPLE)]

    sample = sample_of(items)

    assert len(sample) == SAMPLE
    assert sum(name.startswith("a/") for name in sample) == SAMPLE // 2


def test_many_groups_are_named_in_part() -> None:
    groups = [["a"] * (PATHS_TOLD + 1)] * (GROUPS_TOLD + 5)

    told = finding(FindingCode.SAME, Severity.WARNING, groups, count=len(groups))

    assert told.params["count"] == GROUPS_TOLD + 5
    assert len(told.groups) == GROUPS_TOLD
    assert len(told.groups[0]) == PATHS_TOLD


def test_a_cancelled_examination_ends(trees: Path) -> None:
    token = CancelToken()

    def stop_soon(done: int, total: int | None) -> None:
        if total is not None:
            assert done <= 1
            token.cancel()

    with pytest.raises(Cancelled):
        examine(trees, token, stop_soon, seer=lambda: None)


def test_progress_counts_every_file_once(trees: Path) -> None:
    told: list[tuple[int, int | None]] = []

    examine(trees, CancelToken(), lambda done, total: told.append((done, total)), seer=lambda: None)

    assert told == [(0, None), *((number, 48) for number in range(1, 49))]


def test_nothing_in_the_folder_changes(trees: Path) -> None:
    before = {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in trees.rglob("*")}

    examined(trees)

    assert {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in trees.rglob("*")} == before


def test_a_file_with_two_labels_contradicts_itself(tmp_path: Path) -> None:
    for number in range(4):
        drawn("ash", number).save(tmp_path / f"{number}.png")
    rows = [f'{{"file_name": "{number}.png", "label": "{label}"}}' for number, label in enumerate("abab")]
    (tmp_path / "metadata.jsonl").write_text("\n".join([*rows, '{"file_name": "0.png", "label": "b"}']), "utf-8")

    assert named(only(examined(tmp_path), FindingCode.SAME_ACROSS_CLASSES)) == [{"0.png"}]
