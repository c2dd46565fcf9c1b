"""Tracks across the flow: what a track joins, and the order of tracks that makes few lines cross."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Demand = tuple[int, int, bool]


class Track:
    """One stroke across the flow: lines come in from the left in the rows of `left`, and go on in those of `right`."""

    __slots__ = ("high", "left", "low", "right")

    def __init__(self, left: Sequence[int], right: Sequence[int]) -> None:
        self.left = left
        self.right = right
        self.low = min(*left, *right)
        self.high = max(*left, *right)

    def touches(self, row: int) -> bool:
        """Whether a line in this row ends here or begins here."""
        return row in self.left or row in self.right

    def joins(self, source: int, target: int) -> bool:
        """Whether it leads from one row to the other."""
        return source in self.left and target in self.right


def tracks_of(left: Sequence[int], right: Sequence[int]) -> list[Track]:
    """The tracks that lead every row of `left` to every row of `right`: none for one straight line, mostly one.

    Two where a single line goes straight on and also has to turn both up and down: one stroke for both would have lines
    to all four sides, which is how a crossing looks.
    """
    if len(left) == 1 or len(right) == 1:
        centre = left[0] if len(left) == 1 else right[0]
        others = right if len(left) == 1 else left
        upper = [row for row in others if row < centre]
        lower = [row for row in others if row > centre]
        parts = [part for part in (upper, lower) if part]
        if centre in others and len(parts) == 2:
            return [Track([centre], part) if len(left) == 1 else Track(part, [centre]) for part in parts]
        if not parts:
            return []
    return [Track(left, right)]


def stuck(tracks: Sequence[Track], demands: Iterable[Demand]) -> list[int]:
    """A circle of tracks each of which must be left of the next; empty where there is none."""
    after: list[list[int]] = [[] for _ in tracks]
    for a, b, _ in demands:
        after[a].append(b)
    state = [0] * len(tracks)  # 1: on the path that is being followed, 2: known to lead into no circle
    for start in range(len(tracks)):
        path, stack = [], [start]
        while stack:
            track = stack[-1]
            if state[track] == 0:
                state[track] = 1
                path.append(track)
                for other in after[track]:
                    if state[other] == 1:
                        return path[path.index(other) :]
                    if state[other] == 0:
                        stack.append(other)
            else:
                stack.pop()
                if state[track] == 1 and path and path[-1] == track:
                    state[track] = 2
                    path.pop()
    return []


def in_order(tracks: Sequence[Track], demands: Sequence[Demand], spread: int) -> list[int]:
    """The column of each track, from 0. Demands hold; among what is left, an order with few crossings.

    Tracks that have no row in common may share a column. Two lines in one row turn at least `spread`
    columns apart.
    """
    count = len(tracks)
    needs: list[list[tuple[int, bool]]] = [[] for _ in range(count)]
    waits = [0] * count
    follows: list[list[int]] = [[] for _ in range(count)]
    for a, b, shared in demands:
        needs[b].append((a, shared))
        follows[a].append(b)
        waits[b] += 1
    weight = _weights(tracks)
    # What it costs to take a track now, before all that are still to come.
    cost = [sum(weights.values()) for weights in weight]
    free = [t for t in range(count) if not waits[t]]
    columns = [0] * count
    taken: list[list[int]] = []  # by column
    while free:
        track = min(free, key=lambda t: (cost[t], tracks[t].high - tracks[t].low, t))
        free.remove(track)
        columns[track] = _column(
            tracks, track, taken, [columns[t] + (spread if shared else 1) for t, shared in needs[track]]
        )
        while len(taken) <= columns[track]:
            taken.append([])
        taken[columns[track]].append(track)
        for other in weight[track]:
            cost[other] -= weight[other][track]
        for other in follows[track]:
            waits[other] -= 1
            if not waits[other]:
                free.append(other)
    return columns


def _column(tracks: Sequence[Track], track: int, taken: Sequence[Sequence[int]], least: Sequence[int]) -> int:
    """The first column behind all tracks so far that share a row with this one."""
    low, high = tracks[track].low - 1, tracks[track].high + 1
    found = max(least, default=0)
    for column in range(len(taken) - 1, found - 1, -1):
        if any(tracks[t].low <= high and low <= tracks[t].high for t in taken[column]):
            return column + 1
    return found


def _weights(tracks: Sequence[Track]) -> list[dict[int, int]]:
    """For each track, by other track: crossings if it comes before the other less those if it comes after."""
    found: list[dict[int, int]] = [{} for _ in tracks]
    order = sorted(range(len(tracks)), key=lambda t: tracks[t].low)
    for index, a in enumerate(order):
        one = tracks[a]
        for b in order[index + 1 :]:
            two = tracks[b]
            if two.low > one.high:
                break
            before = _inside(one.right, two) + _inside(two.left, one)
            after = _inside(two.right, one) + _inside(one.left, two)
            found[a][b] = before - after
            found[b][a] = after - before
    return found


def _inside(rows: Sequence[int], track: Track) -> int:
    low, high = track.low, track.high
    return sum([low < row < high for row in rows])
