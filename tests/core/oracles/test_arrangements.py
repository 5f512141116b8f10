"""Cells and faces of central arrangements: against linear programs over all sign vectors, counts, and sampling."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from convexviz.core.oracles.arrangements import activation_patterns, face_bound, faces, pattern_bound, sampled_patterns
from convexviz.core.oracles.patterns import PatternOracle
from convexviz.core.rank import reduce_rank

INTERIOR = 1e-7  # a cell this thin is none: the linear program's own tolerance


def rows_of(patterns):
    return {tuple(row) for row in patterns.tolist()}


def has_inside(X, pattern):
    """Is there a u with x_i . u > 0 for the active rows, < 0 for the others; rows of zeros count as inactive?"""
    zero = ~X.any(axis=1)
    if pattern[zero].any():
        return False
    A = np.where(pattern, 1.0, -1.0)[~zero, None] * X[~zero]
    cost = np.append(np.zeros(X.shape[1]), -1.0)
    box = [(-1, 1)] * X.shape[1] + [(None, 1)]
    answer = linprog(cost, A_ub=np.column_stack([-A, np.ones(len(A))]), b_ub=np.zeros(len(A)), bounds=box)
    return -answer.fun > INTERIOR


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 5), st.integers(1, 4))
def test_the_cells_are_the_sign_vectors_that_a_linear_program_finds(seed, n, d):
    X = np.random.default_rng(seed).integers(-1, 2, size=(n, d)).astype(float)  # full of parallel and zero rows
    feasible = {p for p in product([False, True], repeat=n) if has_inside(X, np.array(p))}
    listed = activation_patterns(X)
    assert rows_of(listed) == feasible
    assert len(listed) == len(feasible)


@pytest.mark.parametrize(("n", "d"), [(1, 1), (4, 1), (7, 2), (5, 3), (9, 3), (6, 4), (8, 5), (3, 5), (6, 6)])
def test_in_general_position_there_are_as_many_as_the_formula_says(n, d):
    X = np.random.default_rng(n + 10 * d).normal(size=(n, d))
    listed = activation_patterns(X)
    assert len(rows_of(listed)) == len(listed) == pattern_bound(n, min(n, d))
    if n <= d:
        assert len(listed) == 2**n


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 9), st.integers(1, 4), st.booleans())
def test_every_sampled_pattern_is_listed(seed, n, d, affine):
    rng = np.random.default_rng(seed)
    X = np.round(1.5 * rng.normal(size=(n, d)))
    drawn = sampled_patterns(X, 500, rng, affine=affine)
    assert rows_of(drawn) <= rows_of(activation_patterns(X, affine=affine))
    assert len(drawn) == len(rows_of(drawn)) <= 500


def test_in_the_plane_neighbours_differ_in_one_row():
    patterns = activation_patterns(np.random.default_rng(0).normal(size=(9, 2)))
    assert ((patterns != np.roll(patterns, 1, axis=0)).sum(axis=1) == 1).all()


def test_with_biases_points_on_a_line_are_cut_between_neighbours():
    x = np.array([[0.3], [-1.0], [2.0], [0.9]])
    order = np.argsort(x[:, 0])
    right = [tuple(bool(r >= k) for r in np.argsort(order)) for k in range(5)]
    assert rows_of(activation_patterns(x, affine=True)) == {*right, *(tuple(not a for a in p) for p in right)}


def test_a_plane_in_five_dimensions_has_the_patterns_of_the_plane():
    rng = np.random.default_rng(1)
    Z = rng.normal(size=(7, 2))
    lifted = Z @ np.linalg.qr(rng.normal(size=(5, 2)))[0].T
    assert rows_of(activation_patterns(lifted)) == rows_of(activation_patterns(Z))


def test_too_many_are_refused_with_a_remedy_before_they_are_listed():
    X = np.random.default_rng(2).normal(size=(60, 8))
    with pytest.raises(ValueError, match=r"At most 8192 .* 60 different rows of rank 8 .*sampled_patterns"):
        activation_patterns(X)
    with pytest.raises(ValueError, match=r"At most 20000 faces .*activation_patterns"):
        faces(X)
    with pytest.raises(ValueError, match=r"PatternOracle|At most 8192"):
        PatternOracle(X)
    assert len(activation_patterns(X[:, :2])) == 120


@pytest.mark.parametrize("X", [np.ones(3), np.empty((0, 2)), np.ones((2, 2, 2))])
def test_other_shapes_are_refused(X):
    with pytest.raises(ValueError, match=r"X must (have shape \(n, d\).*reshape|hold at least one point)"):
        activation_patterns(X)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 7), st.integers(1, 4))
def test_faces_make_up_a_sphere_and_hold_their_patterns(seed, n, d):
    rng = np.random.default_rng(seed)
    Z = reduce_rank(np.round(1.5 * rng.normal(size=(n, d))), centred=False).Z
    strata, r = faces(Z), Z.shape[1]
    if not Z.any():
        return
    assert [stratum.dimension for stratum in strata] == list(range(r, 0, -1))
    assert sum(len(s.patterns) for s in strata) <= face_bound(n, r)
    euler = sum((-1) ** (s.dimension - 1) * len(s.patterns) for s in strata)
    assert euler == 1 + (-1) ** (r - 1)  # of the sphere of dimension r - 1, which the faces cut into cells
    for stratum in strata:
        square = stratum.bases.transpose(0, 2, 1) @ stratum.bases
        np.testing.assert_allclose(square, np.broadcast_to(np.eye(stratum.dimension), square.shape), atol=1e-12)
        _check_patterns(Z, stratum, rng)


def _check_patterns(Z, stratum, rng):
    """Random directions of a face's subspace show patterns that the stratum lists for that subspace, and only those."""
    for basis in stratum.bases[:: max(1, len(stratum.bases) // 4)]:
        same = [np.allclose(other @ other.T, basis @ basis.T) for other in stratum.bases]
        known = rows_of(stratum.patterns[same])
        z = rng.standard_normal((200, stratum.dimension)) @ (Z @ basis).T
        assert rows_of(z > 1e-9) <= known


def test_general_position_has_all_faces():
    Z = np.random.default_rng(3).normal(size=(5, 3))
    assert [len(s.patterns) for s in faces(Z)] == [22, 40, 20]
    assert face_bound(5, 3) == 82
    assert face_bound(4, 4) == 3**4 - 1
