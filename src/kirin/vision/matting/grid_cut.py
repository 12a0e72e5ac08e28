"""Minimum cuts of graphs whose nodes are pixels, by pushing what is too much downhill.

Goldberg and Tarjan, "A New Approach to the Maximum-Flow Problem" (J. ACM 1988), with heights that
are measured anew now and then (Cherkassky and Goldberg, "On Implementing the Push-Relabel Method",
Algorithmica 1997). What is pushed from a node to the next changes every cut's cost alike, so it may
stay there. And where only the terminals' edges change, the next cut begins with the flow of the
last one (Kohli and Torr, "Dynamic Graph Cuts", PAMI 2007). Capacities are integers, so that nothing
depends on the order of additions; the smallest of all minimum cuts is returned, which is the same
for every maximum flow.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kirin.vision.compiled import compiled

Ints = NDArray[np.int32]
Nodes = NDArray[np.bool_]

_NEVER: Final = 1 << 30  # height of a node from which nothing can reach the sink
_LIFTS: Final = 0.25  # per node that can reach the sink: then heights are measured anew


class GridGraph(NamedTuple):
    """Pixels, padded by one on every side and numbered by rows, with edges to their 8 neighbours.

    Attributes:
        capacity: left in the edge to each neighbour, shape ``(nodes, 8)``; edge ``7 - d`` goes
            back along ``d``. 0 for those of nodes that take no part.
        excess: left in the edge from the source, or if negative to the sink, shape ``(nodes,)``.
        steps: from a node's number to those of its neighbours, shape ``(8,)``.
    """

    capacity: Ints
    excess: Ints
    steps: NDArray[np.int64]

    @classmethod
    def of(cls, height: int, width: int) -> GridGraph:
        """One without edges."""
        row, count = width + 2, (height + 2) * (width + 2)
        steps = [-row - 1, -row, -row + 1, -1, 1, row - 1, row, row + 1]
        return cls(
            np.zeros((count, 8), np.int32),
            np.zeros(count, np.int32),
            np.array(steps, np.int64),
        )


def cut(graph: GridGraph) -> Nodes:
    """The nodes on the source's side of the smallest minimum cut; the graph keeps the flow."""
    count = len(graph.excess)
    height, order, waiting = (np.empty(count, np.int32) for _ in range(3))
    queued, reached = np.zeros(count, np.bool_), np.zeros(count, np.bool_)
    pushed = True
    while pushed:
        able = _measure_heights(graph, height, order)
        pushed = _push(graph, height, order[:able], waiting, queued)
    _reach(graph, order, reached)
    return reached


@compiled
def _measure_heights(graph: GridGraph, height: Ints, order: Ints) -> int:
    """How many edges each node is away from one that has an edge to the sink.

    Args:
        graph: nodes of the padding have no edges, and no terminals.
        height: filled; :data:`_NEVER` where no way is left.
        order: filled with the nodes that have a way, nearest first.

    Returns:
        how many those are.
    """
    capacity, excess = graph.capacity, graph.excess
    found, done = 0, 0
    for node in range(len(excess)):
        height[node] = _NEVER
        if excess[node] < 0:
            height[node] = 0
            order[found] = node
            found += 1
    while done < found:
        node = order[done]
        done += 1
        for direction in range(8):
            other = node + graph.steps[direction]
            if height[other] == _NEVER and capacity[other, 7 - direction] > 0:
                height[other] = height[node] + 1
                order[found] = other
                found += 1
    return found


@compiled
def _push(graph: GridGraph, height: Ints, able: Ints, waiting: Ints, queued: Nodes) -> bool:
    """Push excess down to the sink, until heights have risen so often that they tell little.

    Args:
        graph: changed.
        height: changed; at most the distance to the sink.
        able: nodes that have a way to the sink, nearest first.
        waiting: room for as many numbers as there are nodes.
        queued: ``False`` for each node, before and after.

    Returns:
        whether there was any excess that has a way.
    """
    excess, size = graph.excess, len(waiting)
    first, last, count = 0, 0, 0
    for k in range(len(able) - 1, -1, -1):  # the farthest first: others pass on what they get
        if excess[able[k]] > 0:
            waiting[last] = able[k]
            queued[able[k]] = True
            last, count = last + 1, count + 1
    pushed, lifts, most = count > 0, 0, _LIFTS * len(able)
    while count > 0:
        node = waiting[first]
        first, count = (first + 1) % size, count - 1
        queued[node] = False
        while lifts <= most and excess[node] > 0 and height[node] < _NEVER:
            lowest = _NEVER
            for direction in range(8):
                left = graph.capacity[node, direction]
                if left <= 0:
                    continue
                other = node + graph.steps[direction]
                if height[other] >= height[node]:
                    lowest = min(lowest, int(height[other]))
                    continue
                part = min(left, excess[node])
                graph.capacity[node, direction] -= part
                graph.capacity[other, 7 - direction] += part
                excess[node] -= part
                excess[other] += part
                if excess[other] > 0 and not queued[other]:
                    queued[other] = True
                    waiting[(first + count) % size] = other
                    count += 1
                if excess[node] == 0:
                    break
            if excess[node] > 0:
                lifts += 1
                height[node] = min(lowest + 1, _NEVER)
    return pushed


@compiled
def _reach(graph: GridGraph, order: Ints, reached: Nodes) -> None:
    """Find the nodes to which a way is left from the source.

    Args:
        graph: of a maximum flow.
        order: room for as many numbers as there are nodes.
        reached: ``False`` for each node; ``True`` is filled in.
    """
    found, done = 0, 0
    for node in range(len(reached)):
        if graph.excess[node] > 0:
            reached[node] = True
            order[found] = node
            found += 1
    while done < found:
        node = order[done]
        done += 1
        for direction in range(8):
            other = node + graph.steps[direction]
            if graph.capacity[node, direction] > 0 and not reached[other]:
                reached[other] = True
                order[found] = other
                found += 1
