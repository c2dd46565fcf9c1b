"""The lines between two neighbouring layers: which track each turns in, so that every line can be followed by eye.

Sources that lead to the same targets share one track (a *bus*), lines that reach the same target are gathered in a
track of that target. So whatever enters a track from the left goes to everything that leaves it to the right, and no
cell ever belongs to two lines except where one crosses the other at a right angle. Track order follows the hyperedge
routing of Sander (2004): what must not overlap in a row decides first, then the number of crossings; a circle of such
demands is broken by leading one line through a row of its own.

Here a *row* is a line along the flow and a *track* one across it, whichever way the diagram is turned.
"""

from __future__ import annotations

from taskterm.core.diagram.tracks import Track, in_order, stuck, tracks_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from taskterm.core.diagram.layers import Layered

    Hops = tuple[tuple[int, int], ...]


def route(
    graph: Layered, layer: Sequence[int], at: Sequence[int], spread: int, step: int
) -> tuple[int, dict[tuple[int, int], Hops]]:
    """The lines from the items of `layer` to those of the next one.

    Answers how many tracks are needed, and for each joined pair its hops: (track, the row that it goes on in), empty
    for a straight line. `at` is the row of every item; two lines in one row are at least `spread` tracks apart, and a
    line that needs a row of its own looks for it in steps of `step`.
    """
    channel = _Channel(graph, layer, at, step)
    while True:
        tracks, apart = channel.tracks()
        circle = stuck(tracks, apart)
        if not circle:
            break
        channel.relieve(circle)
    columns = in_order(tracks, apart, spread)
    hops: dict[tuple[int, int], Hops] = {}
    for source in layer:
        for target in graph.after[source]:
            hops[source, target] = channel.hops(source, target, columns)
    return max(columns, default=-1) + 1, hops


class _Channel:
    """The space between two layers, and how each line of it is led; `relieve` changes that until all can be drawn."""

    def __init__(self, graph: Layered, layer: Sequence[int], at: Sequence[int], step: int) -> None:
        self._at = at
        self._step = step
        bundles: dict[tuple[int, ...], list[int]] = {}
        for source in layer:
            if graph.after[source]:
                bundles.setdefault(tuple(sorted(graph.after[source])), []).append(source)
        self._targets = list(bundles)
        self._sources = list(bundles.values())
        self._bundle = {source: n for n, sources in enumerate(self._sources) for source in sources}
        self._feeds: dict[int, list[int]] = {}
        for number, targets in enumerate(self._targets):
            for target in targets:
                self._feeds.setdefault(target, []).append(number)
        self._left = {at[source]: source for source in self._bundle}
        self._right = {at[target]: target for target in self._feeds}
        # A target's own bundle ends in the track of the target; other bundles reach it in a row, their own or its.
        self._merged = {targets[0]: n for n, targets in enumerate(self._targets) if len(targets) == 1}
        self._rows: dict[tuple[int, int], int] = {}  # (bundle, target): row between bus and the target's track
        self._taken: set[int] = set()
        for target, bundles_in in self._feeds.items():
            if len(bundles_in) > 1:
                for number in sorted(bundles_in, key=lambda n: self._distance(n, target)):
                    if self._merged.get(target) != number:
                        self._give_row(number, target)
        for number in range(len(self._targets)):
            self._avoid_fours(number)

    def _distance(self, number: int, target: int) -> int:
        return min(abs(self._at[source] - self._at[target]) for source in self._sources[number])

    # ── rows
    def _give_row(self, number: int, target: int) -> None:
        """Gives a bundle a row of its own to the track of the target, the free one nearest to the target."""
        home = self._at[target]
        sources = [self._at[source] for source in self._sources[number]]
        down = 2 * home < min(sources) + max(sources)
        reach = 0
        while True:
            for row in (home + reach, home - reach) if down else (home - reach, home + reach):
                if self._is_free(row, number, target):
                    self._rows[number, target] = row
                    self._taken.add(row)
                    return
            reach += self._step

    def _is_free(self, row: int, number: int, target: int) -> bool:
        source = self._left.get(row)
        if source is not None and (self._bundle[source] != number or len(self._sources[number]) > 1):
            return False
        return row not in self._taken and self._right.get(row, target) == target

    def _avoid_fours(self, number: int) -> None:
        """Where a bus of several sources and targets would have lines to all four sides, a target gets another row."""
        while len(self._sources[number]) > 1 and len(self._targets[number]) > 1:
            rows_in = {self._at[source] for source in self._sources[number]}
            rows_out = {self._row(number, target): target for target in self._targets[number]}
            rows = rows_in | rows_out.keys()
            inside = [row for row in rows_in & rows_out.keys() if min(rows) < row < max(rows)]
            if not inside:
                return
            self._give_row(number, rows_out[inside[0]])

    def _is_direct(self, number: int, target: int) -> bool:
        return (number, target) not in self._rows and self._merged.get(target) != number

    def _row(self, number: int, target: int) -> int:
        return self._rows.get((number, target), self._at[target])

    # ── tracks
    def tracks(self) -> tuple[list[Track], list[tuple[int, int, bool]]]:
        """All tracks, and pairs of their numbers of which the first must be left of the second; true where two
        lines share a row without being joined there."""
        self._buses: dict[int, list[int]] = {}
        self._gathers: dict[int, list[int]] = {}
        tracks: list[Track] = []
        for number, targets in enumerate(self._targets):
            if self._merged.get(targets[0]) != number:
                rows_in = [self._at[source] for source in self._sources[number]]
                made = tracks_of(rows_in, [self._row(number, target) for target in targets])
                self._buses[number] = list(range(len(tracks), len(tracks) + len(made)))
                tracks += made
        for target, bundles in self._feeds.items():
            rows_in = [row for n in bundles if (row := self._rows.get((n, target))) is not None]
            if target in self._merged:
                rows_in += [self._at[source] for source in self._sources[self._merged[target]]]
            if rows_in:
                made = tracks_of(rows_in, [self._at[target]])
                self._gathers[target] = list(range(len(tracks), len(tracks) + len(made)))
                tracks += made
        self._tracks = tracks
        return tracks, self._demands()

    def _demands(self) -> list[tuple[int, int, bool]]:
        tracks = self._tracks
        apart: dict[tuple[int, int], bool] = {}
        self._why: dict[tuple[int, int], int] = {}  # target whose line asks for the order of two tracks
        for (number, target), row in self._rows.items():
            for bus in self._buses[number]:
                for gather in self._gathers[target]:
                    if tracks[bus].touches(row) and tracks[gather].touches(row):
                        apart[bus, gather] = False
        for row, target in self._right.items():
            source = self._left.get(row)
            if source is None or self._is_through(source, target, row):
                continue
            first, last = self._first(source), self._last(target)
            for a in first:
                for b in last:
                    if a != b and tracks[a].touches(row) and tracks[b].touches(row):
                        apart[a, b] = True
                        self._why[a, b] = target
        return [(a, b, tight) for (a, b), tight in apart.items()]

    def _is_through(self, source: int, target: int, row: int) -> bool:
        """Whether the line of a source goes on in its own row as the line of the target there."""
        number = self._bundle[source]
        if target not in self._targets[number]:
            return False
        return self._row(number, target) == row

    def _first(self, source: int) -> list[int]:
        """The tracks that the line of a source may turn in first."""
        number = self._bundle[source]
        target = self._targets[number][0]
        return self._gathers[target] if self._merged.get(target) == number else self._buses[number]

    def _last(self, target: int) -> list[int]:
        """The tracks that lines to a target may come from."""
        return self._gathers.get(target) or self._buses[self._feeds[target][0]]

    def relieve(self, circle: Sequence[int]) -> None:
        """Breaks a circle of demands: one line of it is led through a row of its own."""
        for a, b in zip(circle, [*circle[1:], circle[0]], strict=True):
            target = self._why.get((a, b))
            if target is None:
                continue
            number = self._merged.pop(target, None)
            if number is None:
                number = self._feeds[target][0]
            if (number, target) not in self._rows:
                self._give_row(number, target)
                self._avoid_fours(number)
                return
        raise AssertionError("every circle holds a line that has no row of its own yet")

    def hops(self, source: int, target: int, columns: Sequence[int]) -> Hops:
        """The way of one line, see `route`."""
        number = self._bundle[source]
        row, goal = self._at[source], self._at[target]
        if self._merged.get(target) == number:
            stages = [(self._gathers[target], goal)]
        elif self._is_direct(number, target):
            stages = [(self._buses[number], goal)]
        else:
            own = self._rows[number, target]
            stages = [(self._buses[number], own), (self._gathers[target], goal)]
        found = []
        for tracks, goes_on in stages:
            if goes_on != row:
                track = next(t for t in tracks if self._tracks[t].joins(row, goes_on))
                found.append((columns[track], goes_on))
                row = goes_on
        return tuple(found)
