"""The matrix of vectors gives what a plain comparison gives, whatever came, went and was replaced before."""

from __future__ import annotations

import numpy as np

from mmbm_desktop.library.vectors import VectorMatrix


def test_the_matrix_agrees_with_a_plain_comparison_after_any_changes() -> None:
    rng = np.random.default_rng(3)
    matrix, plain = VectorMatrix(8, 0), dict[int, np.ndarray]()

    for version in range(1, 60):
        gone = rng.choice(5000, 40).tolist()
        new = {int(n): rng.standard_normal(8).astype(np.float32) for n in rng.choice(5000, 60, replace=False)}
        matrix.follow(gone, new, version)
        for number in gone:
            plain.pop(number, None)
        plain.update(new)

    assert (len(matrix), matrix.version) == (len(plain), 59)
    query = rng.standard_normal(8).astype(np.float32)
    expected = sorted(((float(vector @ query), -number) for number, vector in plain.items()), reverse=True)
    found, searched = matrix.search(query, 25)
    assert searched == len(plain)
    assert [number for number, _ in found] == [-number for _, number in expected[:25]]
    only = np.array(list(plain)[::3])
    found, searched = matrix.search(query, 10_000, only)
    assert searched == len(found) == len(only)


def test_equal_scores_come_in_the_order_of_ids() -> None:
    matrix = VectorMatrix(2, 0)
    matrix.append(np.array([9, 4, 7]), np.ones((3, 2)))

    assert [number for number, _ in matrix.search(np.ones(2, np.float32), 3)[0]] == [4, 7, 9]
    assert matrix.search(np.ones(2, np.float32), -1) == ([], 3)
    assert VectorMatrix(2, 0).search(np.ones(2, np.float32), 3) == ([], 0)
