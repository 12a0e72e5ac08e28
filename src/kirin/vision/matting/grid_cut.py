"""Minimum cuts of graphs whose nodes are pixels, by trees that grow from both terminals.

Boykov and Kolmogorov, "An Experimental Comparison of Min-Cut/Max-Flow Algorithms for Energy
Minimization in Vision" (PAMI 2004). Where only the terminals' edges change, the next cut begins
with the flow of the last one (Kohli and Torr, "Dynamic Graph Cuts", PAMI 2007): nearly nothing is
left to do. Capacities are integers, so that nothing depends on the order of additions.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kirin.vision.compiled import compiled, inlined

Ints = NDArray[np.int32]

_TERMINAL: Final = 8  # parent of a tree's root
_NOBODY: Final = 9  # parent of a node that is in no tree, or was just cut off from it
_FREE, _SOURCE, _SINK = 0, 1, 2  # trees


class GridGraph(NamedTuple):
    """Pixels, padded by one on every side and numbered by rows, with edges to their 8 neighbours.

    Attributes:
        capacity: left in the edge to each neighbour, shape ``(nodes, 8)``; edge ``7 - d`` goes
            back along ``d``. 0 for those of nodes that take no part.
        excess: left in the edge from the source, or if negative to the sink, shape ``(nodes,)``.
        steps: from a node's number to those of its neighbours, shape ``(8,)``.
        tree, parent, stamp, distance: of each node.
    """

    capacity: Ints
    excess: Ints
    steps: NDArray[np.int64]
    tree: NDArray[np.uint8]
    parent: NDArray[np.uint8]
    stamp: Ints
    distance: Ints

    @classmethod
    def of(cls, height: int, width: int) -> GridGraph:
        """One without edges."""
        row, count = width + 2, (height + 2) * (width + 2)
        steps = [-row - 1, -row, -row + 1, -1, 1, row - 1, row, row + 1]
        return cls(
            np.zeros((count, 8), np.int32),
            np.zeros(count, np.int32),
            np.array(steps, np.int64),
            np.zeros(count, np.uint8),
            np.zeros(count, np.uint8),
            np.zeros(count, np.int32),
            np.zeros(count, np.int32),
        )


class Queue(NamedTuple):
    """A ring of nodes; ``ends`` counts what was taken and what was added."""

    nodes: Ints
    ends: NDArray[np.int64]


def cut(graph: GridGraph) -> NDArray[np.bool_]:
    """The nodes on the source's side of a minimum cut; the graph keeps the flow."""
    count = len(graph.excess)
    active, orphans = (Queue(np.zeros(count + 1, np.int32), np.zeros(2, np.int64)) for _ in "ab")
    _maximise(graph, active, orphans, np.zeros(count, np.uint8))
    return np.asarray(graph.tree == _SOURCE)


@inlined
def _add(queue: Queue, node: int) -> None:
    queue.nodes[queue.ends[1] % len(queue.nodes)] = node
    queue.ends[1] += 1


@inlined
def _take(queue: Queue) -> int:
    node = queue.nodes[queue.ends[0] % len(queue.nodes)]
    queue.ends[0] += 1
    return np.int64(node)  # type: ignore[return-value]


@inlined
def _activate(active: Queue, queued: NDArray[np.uint8], node: int) -> None:
    if not queued[node]:
        queued[node] = 1
        _add(active, node)


@compiled
def _maximise(graph: GridGraph, active: Queue, orphans: Queue, queued: NDArray[np.uint8]) -> None:
    """Send as much flow as possible from the source to the sink."""
    for node in range(len(graph.excess)):
        graph.stamp[node], graph.distance[node] = 0, 1
        graph.tree[node], graph.parent[node] = _FREE, _NOBODY
        if graph.excess[node] != 0:
            graph.tree[node] = _SOURCE if graph.excess[node] > 0 else _SINK
            graph.parent[node] = _TERMINAL
            _activate(active, queued, node)
    time, node = 0, -1
    while True:
        if node < 0:
            if active.ends[0] == active.ends[1]:
                return
            node = _take(active)
            queued[node] = 0
        if graph.tree[node] == _FREE:
            node = -1
            continue
        start, direction = _grow(graph, active, queued, node)
        if start < 0:
            node = -1
            continue
        time += 1
        _augment(graph, orphans, start, direction)
        while orphans.ends[0] != orphans.ends[1]:
            _adopt(graph, orphans, active, queued, _take(orphans), time)


@inlined
def _grow(graph: GridGraph, active: Queue, queued: NDArray[np.uint8], node: int) -> tuple[int, int]:
    """Let a tree grow at a node; return the edge, from the source's side, where two trees meet."""
    own = graph.tree[node]
    for direction in range(8):
        other = node + graph.steps[direction]
        back = 7 - direction
        there = graph.capacity[other, back]
        left = graph.capacity[node, direction] if own == _SOURCE else there
        if left <= 0:
            continue
        if graph.tree[other] == _FREE:
            graph.tree[other], graph.parent[other] = own, back
            graph.stamp[other] = graph.stamp[node]
            graph.distance[other] = graph.distance[node] + 1
            _activate(active, queued, other)
        elif graph.tree[other] != own:
            return (node, direction) if own == _SOURCE else (other, back)
        elif (
            graph.stamp[other] <= graph.stamp[node] and graph.distance[other] > graph.distance[node]
        ):
            graph.parent[other] = back  # a shorter way to the terminal
            graph.stamp[other] = graph.stamp[node]
            graph.distance[other] = graph.distance[node] + 1
    return -1, 0


@inlined
def _augment(graph: GridGraph, orphans: Queue, start: int, direction: int) -> None:
    """Send flow along the path through an edge; nodes that are cut off by it become orphans."""
    end = start + graph.steps[direction]
    most = graph.capacity[start, direction]
    for side in range(2):
        node = end if side else start
        while graph.parent[node] != _TERMINAL:
            way = graph.parent[node]
            above = node + graph.steps[way]
            most = min(most, graph.capacity[node, way] if side else graph.capacity[above, 7 - way])
            node = above
        most = min(most, abs(graph.excess[node]))
    graph.capacity[start, direction] -= most
    graph.capacity[end, 7 - direction] += most
    for side in range(2):
        node = end if side else start
        while graph.parent[node] != _TERMINAL:
            way = graph.parent[node]
            above = node + graph.steps[way]
            sign = -most if side else most
            graph.capacity[node, way] += sign
            graph.capacity[above, 7 - way] -= sign
            if (graph.capacity[node, way] if side else graph.capacity[above, 7 - way]) == 0:
                graph.parent[node] = _NOBODY
                _add(orphans, node)
            node = above
        graph.excess[node] += most if side else -most
        if graph.excess[node] == 0:
            graph.parent[node] = _NOBODY
            _add(orphans, node)


@inlined
def _adopt(
    graph: GridGraph,
    orphans: Queue,
    active: Queue,
    queued: NDArray[np.uint8],
    node: int,
    time: int,
) -> None:
    """Find a new parent for a node that was cut off; without any it leaves its tree."""
    own = graph.tree[node]
    nearest, best = 1 << 40, -1
    for direction in range(8):
        other = node + graph.steps[direction]
        if graph.tree[other] != own or not _joined(graph, own, node, direction):
            continue
        far = _distance(graph, other, time)
        if 0 <= far < nearest:
            nearest, best = far, direction
    if best >= 0:
        graph.parent[node], graph.stamp[node] = best, time
        graph.distance[node] = nearest + 1
        return
    for direction in range(8):
        other = node + graph.steps[direction]
        if graph.tree[other] != own:
            continue
        if _joined(graph, own, node, direction):
            _activate(active, queued, other)
        if graph.parent[other] == 7 - direction:
            graph.parent[other] = _NOBODY
            _add(orphans, other)
    graph.tree[node] = _FREE


@inlined
def _joined(graph: GridGraph, own: int, node: int, direction: int) -> bool:
    """Whether a node could hang below its neighbour."""
    if own == _SOURCE:
        return bool(graph.capacity[node + graph.steps[direction], 7 - direction] > 0)
    return bool(graph.capacity[node, direction] > 0)


@inlined
def _distance(graph: GridGraph, node: int, time: int) -> int:
    """Of a node from its terminal; -1 if it hangs below an orphan."""
    far, above = np.int64(0), node
    while graph.stamp[above] != time:
        far += 1
        if graph.parent[above] == _TERMINAL:
            break
        if graph.parent[above] == _NOBODY:
            return -1
        above += graph.steps[graph.parent[above]]
    else:
        far += graph.distance[above]
    found, above = far, node
    while graph.stamp[above] != time:
        graph.stamp[above], graph.distance[above] = time, far
        if graph.parent[above] == _TERMINAL:
            break
        far -= 1
        above += graph.steps[graph.parent[above]]
    return found  # type: ignore[return-value]
