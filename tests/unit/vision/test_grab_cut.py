"""That cuts are minimal, and that pictures are cut as OpenCV cuts them."""

from itertools import product

import cv2
import numpy as np
import pytest

from kirin.vision.matting.grab_cut import grab_cut
from kirin.vision.matting.grid_cut import GridGraph, cut


def random_graph(seed, height=3, width=4, ends=30, edges=20):
    rng = np.random.default_rng(seed)
    graph = GridGraph.of(height, width)
    inside = np.zeros((height + 2, width + 2), bool)
    inside[1:-1, 1:-1] = True
    nodes = np.flatnonzero(inside)
    graph.excess[nodes] = rng.integers(-ends, ends, len(nodes))
    for node in nodes:
        for direction, step in enumerate(graph.steps[:4]):
            if inside.flat[node + step]:
                weight = rng.integers(0, edges)
                graph.capacity[node, direction] = graph.capacity[node + step, 7 - direction] = (
                    weight
                )
    return graph, nodes


def cost(graph, source):
    """Of the edges from the source's side to the other, of an untouched graph."""
    ends = np.where(source, -np.minimum(graph.excess, 0), np.maximum(graph.excess, 0)).sum()
    across = [
        np.where(source & ~np.roll(source, -step), graph.capacity[:, d], 0).sum()
        for d, step in enumerate(graph.steps)
    ]
    return int(ends + sum(across))


def least(graph, nodes):
    costs = []
    for sides in product((False, True), repeat=len(nodes)):
        source = np.zeros(len(graph.excess), bool)
        source[nodes] = sides
        costs.append(cost(graph, source))
    return min(costs)


@pytest.mark.parametrize("seed", range(6))
def test_no_cut_is_cheaper(seed):
    graph, nodes = random_graph(seed)
    untouched = GridGraph(*(each.copy() for each in graph))
    assert cost(untouched, cut(graph)) == least(untouched, nodes)


def test_a_cut_after_the_terminals_have_changed_is_minimal_too():
    graph, nodes = random_graph(7)
    untouched = GridGraph(*(each.copy() for each in graph))
    cut(graph)
    change = np.random.default_rng(8).integers(-25, 25, len(nodes))
    graph.excess[nodes] += change
    untouched.excess[nodes] += change
    assert cost(untouched, cut(graph)) == least(untouched, nodes)


def test_of_all_minimum_cuts_it_is_the_smallest():
    graph, nodes = random_graph(8, ends=4, edges=2)
    untouched = GridGraph(*(each.copy() for each in graph))
    cheapest, best = least(untouched, nodes), []
    for sides in product((False, True), repeat=len(nodes)):
        source = np.zeros(len(graph.excess), bool)
        source[nodes] = sides
        if cost(untouched, source) == cheapest:
            best.append(sides)
    assert len(best) > 1
    assert np.array_equal(cut(graph)[nodes], np.all(best, axis=0))


@pytest.mark.parametrize("seed", range(3))
def test_nothing_is_left_in_the_edges_across_a_large_cut(seed):
    graph, nodes = random_graph(seed, 60, 90, ends=80)
    source = cut(graph)
    assert 500 < source.sum() < len(nodes) - 500
    assert (graph.excess[source] >= 0).all()
    assert (graph.excess[~source] <= 0).all()
    for direction, step in enumerate(graph.steps):
        assert not graph.capacity[source & ~np.roll(source, -step), direction].any()


def scene(seed):
    """A blob before stripes, noisy, and what is sure of both."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:90, 0:120]
    away = np.hypot((x - 60) / 1.4, y - 45) + 4 * np.sin(np.arctan2(y - 45, x - 60) * 5)
    rgb = np.where((x // 9 % 2 > 0)[..., None], (90, 120, 60), (130, 140, 110))
    rgb = np.where((away < 25)[..., None], (150, 110, 70), rgb)
    rgb = np.clip(rgb + rng.normal(0, 14, rgb.shape), 0, 255).astype(np.uint8)
    labels = np.full((90, 120), cv2.GC_PR_BGD, np.uint8)
    labels[away < 30], labels[away < 12], labels[away > 42] = cv2.GC_PR_FGD, cv2.GC_FGD, cv2.GC_BGD
    return rgb, labels


@pytest.mark.parametrize("seed", range(3))
def test_a_picture_is_cut_as_opencv_cuts_it(seed):
    rgb, labels = scene(seed)
    found = grab_cut(rgb, labels, 3)
    cv2.setRNGSeed(0)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(rgb, labels, (0, 0, 0, 0), *models, 3, cv2.GC_INIT_WITH_MASK)
    expected = (labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD)
    assert (found > 0).sum() > 1500
    assert ((found > 0) != expected).sum() <= 3


def test_the_colours_of_a_large_picture_are_learnt_from_some_of_its_pixels():
    rgb, labels = (cv2.resize(each, None, fx=3, fy=3, interpolation=0) for each in scene(0))
    rgb = np.clip(rgb + np.random.default_rng(5).normal(0, 4, rgb.shape), 0, 255).astype(np.uint8)
    found = grab_cut(rgb, labels, 3) > 0
    cv2.setRNGSeed(0)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(rgb, labels, (0, 0, 0, 0), *models, 3, cv2.GC_INIT_WITH_MASK)
    expected = labels % 2 > 0
    assert expected.sum() > 9 * 1500
    assert (found != expected).sum() <= 0.005 * expected.sum()


def test_rounds_that_would_change_nothing_are_left_out(monkeypatch):
    rgb, labels = scene(0)
    rounds = list[GridGraph]()

    def counted(graph):
        rounds.append(graph)
        return cut(graph)

    monkeypatch.setattr("kirin.vision.matting.grab_cut.cut", counted)
    found = grab_cut(rgb, labels, 50)
    assert 2 <= len(rounds) < 20
    assert np.array_equal(found, grab_cut(rgb, labels, len(rounds)))


def test_what_is_sure_stays_and_the_labels_are_left_alone():
    rgb, labels = scene(0)
    before = labels.copy()
    found = grab_cut(rgb, labels, 2)
    assert np.array_equal(labels, before)
    assert found[labels == cv2.GC_FGD].all()
    assert not found[labels == cv2.GC_BGD].any()


def test_one_colour_ends_somewhere():
    labels = np.full((20, 20), cv2.GC_PR_BGD, np.uint8)
    labels[8:12, 8:12], labels[:3] = cv2.GC_FGD, cv2.GC_BGD
    assert grab_cut(np.full((20, 20, 3), 128, np.uint8), labels, 3).sum() >= 16
