"""The two share matrices and their solver, against each other and against dense algebra."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ownership.generated import SEEDS, Matrix, random_shares
from peru_asia_graph.errors import NotSolved
from peru_asia_graph.ownership.dict_matrix import DictMatrix
from peru_asia_graph.ownership.matrix import ShareMatrix
from peru_asia_graph.ownership.solver import solve
from peru_asia_graph.ownership.sparse_matrix import SparseMatrix


def both(shares: Matrix) -> tuple[ShareMatrix, ShareMatrix]:
    """Return the shares as both kinds of matrix."""
    owners, assets = np.nonzero(shares)
    small = DictMatrix.from_stakes(len(shares), owners.tolist(), assets.tolist(), shares[owners, assets].tolist())
    return small, SparseMatrix.from_stakes(len(shares), owners, assets, shares[owners, assets])


def dense_cycles(shares: Matrix) -> set[tuple[int, ...]]:
    """Return the members of each cyclic component: nodes that reach each other and themselves."""
    reach = shares > 0
    for _ in range(len(shares)):
        reach = reach | ((reach.astype(int) @ reach.astype(int)) > 0)
    mutual = reach & reach.T
    return {tuple(np.flatnonzero(mutual[node]).tolist()) for node in np.flatnonzero(mutual.any(axis=1)).tolist()}


@given(SEEDS, st.booleans())
def test_solutions_agree_with_dense_algebra(seed: int, downward: bool) -> None:
    shares = random_shares(seed, largest=30)
    start = np.random.default_rng(seed).random(len(shares)) * (np.arange(len(shares)) % 3 == 0)
    system = np.eye(len(shares)) - (shares.T if downward else shares)
    expected = np.linalg.solve(system, start)
    for matrix in both(shares):
        found = solve(matrix, dict(enumerate(start.tolist())), downward=downward)
        assert list(found.total) == sorted(found.total) and 0.0 not in found.total.values()
        assert np.allclose(
            [found.total.get(node, 0.0) for node in range(len(shares))], expected, rtol=1e-10, atol=1e-12
        )
        assert not found.closed


@given(SEEDS)
def test_entries_sums_and_cycles(seed: int) -> None:
    shares = random_shares(seed)
    for matrix in both(shares):
        assert (matrix.size, matrix.stakes) == (len(shares), np.count_nonzero(shares))
        assert list(matrix.columns_over(0.5)) == np.flatnonzero(shares.sum(axis=0) > 0.5).tolist()
        assert np.array_equal(matrix.to_scipy().toarray(), shares)
        for node in range(len(shares)):
            assert dict(matrix.column(node)) == {i: shares[i, node] for i in np.flatnonzero(shares[:, node]).tolist()}
            assert dict(matrix.row(node)) == {j: shares[node, j] for j in np.flatnonzero(shares[node]).tolist()}
        components = matrix.cyclic_components
        assert {tuple(one.members) for one in components} == dense_cycles(shares)
        for one in components:
            assert np.allclose(one.inside, shares[np.ix_(one.members, one.members)].sum(axis=0))


@given(SEEDS)
def test_own_returns_are_the_diagonal_of_the_inverse(seed: int) -> None:
    shares = random_shares(seed)
    diagonal = np.diag(np.linalg.inv(np.eye(len(shares)) - shares))
    for matrix in both(shares):
        components = matrix.cyclic_components
        found = matrix.own_returns(components) if components else {}
        members = [node for one in components for node in one.members]
        assert [found[node] for node in members] == pytest.approx(diagonal[members].tolist(), rel=1e-10)
        for one in components:
            some = matrix.own_returns_of(one, one.members[::2])
            assert list(some.values()) == pytest.approx(diagonal[one.members[::2]].tolist(), rel=1e-10)


@given(SEEDS, st.data())
def test_columns_are_replaced(seed: int, data: st.DataObject) -> None:
    shares = random_shares(seed)
    columns = data.draw(
        st.dictionaries(
            st.integers(0, len(shares) - 1), st.dictionaries(st.integers(0, len(shares) - 1), st.floats(0.01, 1.0))
        )
    )
    expected = shares.copy()
    for asset, column in columns.items():
        expected[:, asset] = 0.0
        for owner, part in column.items():
            expected[owner, asset] = part
    for matrix in both(shares):
        assert np.array_equal(matrix.replace_columns(columns).to_scipy().toarray(), expected)
        assert np.array_equal(matrix.to_scipy().toarray(), shares)


def test_closed_components_are_cut_and_reported() -> None:
    """0 and 1 own each other 100 %; 2 is held by 1 and by the leaking pair 3 and 4."""
    shares = np.zeros((5, 5))
    shares[0, 1] = shares[1, 0] = 1.0
    shares[1, 2], shares[3, 2], shares[4, 3], shares[3, 4] = 0.4, 0.5, 0.9, 1.0
    for matrix in both(shares):
        found = solve(matrix, {2: 1.0})
        assert [list(one) for one in found.closed] == [[0, 1]] and found.cut == {0: 1.0, 1: 1.0}
        assert found.total == pytest.approx({1: 0.4, 2: 1.0, 3: 0.5 / 0.1, 4: 0.45 / 0.1})


def test_over_owned_cycle_is_rejected() -> None:
    """Together, 0 and 1 hold 1.004 of 0 and 0.9999 of 1: more comes back than went out."""
    shares = np.array([[0.504, 0.5], [0.5, 0.4999]])
    for matrix in both(shares):
        with pytest.raises(NotSolved, match="check their shares"):
            solve(matrix, {0: 1.0})
