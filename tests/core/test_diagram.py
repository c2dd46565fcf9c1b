"""The diagram: from the drawn characters alone every line can be followed to exactly what the graph says."""

from __future__ import annotations

import itertools
import json
import random
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taskterm.core import diagram
from taskterm.core.diagram import DOWN_ASCII, Layout, Size
from taskterm.core.diagram.canvas import LIGHT, Canvas, Look, Span, Stroke
from taskterm.core.diagram.fold import bands
from taskterm.core.diagram.strokes import DOWN, LEFT, RIGHT, UP, sign
from taskterm.core.display import cells
from taskterm.core.errors import ClosesCycle
from tests.core.tracing import Drawing

Edges = list[tuple[int, int]]
BOX = Size(23, 5)
LINE = Size(8, 1)


def forward(pairs: Edges) -> Edges:
    """The pairs as edges without a circle: from the smaller to the larger number."""
    return sorted({(min(p), max(p)) for p in pairs if p[0] != p[1]})


def of_seed(seed: int, size: int, density: float, reach: int) -> Edges:
    """A random graph of `size` nodes in which no edge is longer than `reach` in their numbers."""
    dice = random.Random(seed)
    pairs = [(a, a + dice.randint(1, reach)) for a in range(size) for _ in range(dice.choice((0, 1, 1, 2)))]
    some = [pair for pair in pairs if pair[1] < size and dice.random() < density]
    return forward([*some, (0, size - 1)])


small = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=26).map(forward).filter(bool)
large = st.builds(
    of_seed, st.integers(0, 10**6), st.integers(2, 200), st.floats(0.4, 1.0), st.sampled_from([4, 15, 60])
)


def laid_out(edges: Edges, flow: str = "right", ascii_only: bool = False, size: Size = BOX, strong=()) -> Layout:
    ids = sorted({node for edge in edges for node in edge})
    spacing = DOWN_ASCII if ascii_only and flow == "down" else None
    return diagram.layout(ids, edges, dict.fromkeys(ids, size), flow=flow, spacing=spacing, strong=strong)


def canvas_of(layout: Layout, strong=(), ascii_only: bool = False) -> Canvas:
    def look(node: int) -> Look:
        border = ("round", "dashed", "heavy")[node % 3]
        return Look(border, "line2", ((Span(f"{node} 日本語 ╭┼▶─"),), (Span("+--+ |>"),)))

    heavy = Stroke("text", True, 1)
    return Canvas(layout, look, lambda edge: heavy if edge in strong else LIGHT, ascii_only=ascii_only)


def rows_of(canvas: Canvas, x: int = 0, y: int = 0, width: int | None = None, height: int | None = None) -> list[str]:
    layout = canvas.layout
    rows = canvas.window(x, y, width or layout.width, height or layout.height)
    return ["".join(span.text for span in row) for row in rows]


@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize("flow", ["right", "down"])
@settings(max_examples=120)
@given(small, st.integers(0, 3))
def test_lines_lead_from_box_to_box_exactly_as_the_graph_says(
    flow: str, ascii_only: bool, edges: Edges, every: int
) -> None:
    strong = frozenset(edges[:: every + 1]) if every else frozenset()
    canvas = canvas_of(laid_out(edges, flow, ascii_only, strong=strong), strong, ascii_only)
    drawing = Drawing(rows_of(canvas), flow, ascii_only)
    assert set(drawing.boxes) == {node for edge in edges for node in edge}
    assert drawing.edges() == set(edges)


@pytest.mark.parametrize("flow", ["right", "down"])
@settings(max_examples=12)
@given(large)
def test_lines_of_up_to_two_hundred_boxes_can_be_followed(flow: str, edges: Edges) -> None:
    drawing = Drawing(rows_of(canvas_of(laid_out(edges, flow))), flow)
    assert drawing.edges() == set(edges)


@pytest.mark.parametrize("flow", ["right", "down"])
def test_recorded_workflows_can_be_followed(flow: str, test_data: Path) -> None:
    files = sorted((test_data / "workflow-executions").glob("*.json"))
    assert files
    for file in files:
        steps = json.loads(file.read_text(encoding="utf-8"))["workflow"]["specification"]["tasks"]
        number = {step["id"]: at for at, step in enumerate(steps)}
        pairs = sorted((number[parent], number[step["id"]]) for step in steps for parent in step["parents"])
        assert Drawing(rows_of(canvas_of(laid_out(pairs, flow))), flow).edges() == set(pairs)


@pytest.mark.parametrize("flow", ["right", "down"])
@given(st.integers(2, 6), st.integers(2, 6), st.integers(0, 10**6))
def test_dense_layers_can_be_followed(flow: str, wide: int, high: int, seed: int) -> None:
    dice = random.Random(seed)
    pairs = [(a, wide + b) for a in range(wide) for b in range(high) if dice.random() < 0.7] or [(0, wide)]
    assert Drawing(rows_of(canvas_of(laid_out(pairs, flow))), flow).edges() == set(pairs)


@pytest.mark.parametrize("flow", ["right", "down"])
@pytest.mark.parametrize("size", [2, 3, 4, 5])
def test_all_that_wait_for_the_same_ones_share_one_line_that_can_be_followed(size: int, flow: str) -> None:
    pairs = [(a, size + b) for a in range(size) for b in range(size)]
    assert Drawing(rows_of(canvas_of(laid_out(pairs, flow))), flow).edges() == set(pairs)


@pytest.mark.parametrize("flow", ["right", "down"])
@given(small)
def test_lines_between_nodes_of_one_row_can_be_followed(flow: str, edges: Edges) -> None:
    """Nodes without a border: they are put into the drawing as boxes would be, known by their places."""
    size = Size(8, 1, 1) if flow == "down" else Size(8, 1)
    layout = laid_out(edges, flow, size=size)
    canvas = Canvas(layout, lambda node: Look("", "", ((Span(f" o {node}"),),)))
    drawing = Drawing(rows_of(canvas), flow)
    drawing.add_boxes(
        {n: {(b.x + i, b.y + j) for i in range(b.width) for j in range(b.height)} for n, b in layout.boxes.items()}
    )
    assert drawing.edges() == set(edges)


@given(small, st.sampled_from(["right", "down"]))
def test_nodes_keep_apart_and_stand_behind_what_they_wait_for(edges: Edges, flow: str) -> None:
    layout = laid_out(edges, flow)
    for (_, a), (_, b) in itertools.combinations(layout.boxes.items(), 2):
        apart_x = a.x + a.width < b.x or b.x + b.width < a.x
        apart_y = a.y + a.height < b.y or b.y + b.height < a.y
        assert apart_x or apart_y
    for u, v in edges:
        a, b = layout.boxes[u], layout.boxes[v]
        assert a.layer < b.layer
        assert a.x + a.width < b.x if flow == "right" else a.y + a.height < b.y
    for box in layout.boxes.values():
        assert box.x >= 0
        assert box.y >= 0
        assert box.x + box.width <= layout.width
        assert box.y + box.height <= layout.height
    assert sorted(node for part in layout.parts for layer in part.layers for node in layer) == sorted(layout.boxes)


@given(small)
def test_the_same_graph_is_drawn_the_same_way_every_time(edges: Edges) -> None:
    assert rows_of(canvas_of(laid_out(edges))) == rows_of(canvas_of(laid_out(edges)))


@given(small, st.integers(-5, 90), st.integers(-5, 40), st.integers(1, 60), st.integers(1, 20))
def test_a_window_shows_what_the_whole_shows_there(edges: Edges, x: int, y: int, width: int, height: int) -> None:
    canvas = canvas_of(laid_out(edges))
    whole = rows_of(canvas, -10, -10, canvas.layout.width + 120, canvas.layout.height + 80)
    for row, line in enumerate(rows_of(canvas, x, y, width, height)):
        assert cells(line) == width
        expected = spread(whole[y + 10 + row])[x + 10 : x + 10 + width]
        # A wide character that the edge of the window cuts is a blank there.
        if expected[0] == "":
            expected[0] = " "
        if x + 10 + width < len(spread(whole[y + 10 + row])) and spread(whole[y + 10 + row])[x + 10 + width] == "":
            expected[-1] = " "
        assert line == "".join(expected)


def spread(row: str) -> list[str]:
    """One entry for each cell; the second cell of a wide character is empty."""
    found: list[str] = []
    for char in row:
        found += [char, ""] if unicodedata.east_asian_width(char) in "WF" else [char]
    return found


def test_right_to_left_text_that_a_window_cuts_reorders_nothing_beside_it() -> None:
    layout = laid_out([(1, 2)])
    canvas = Canvas(layout, lambda node: Look("round", "", ((Span("1 \u2068שלום עולם\u2069"),),)))
    for width in range(1, layout.width):
        for row in rows_of(canvas, 0, 0, width, layout.height):
            assert row.count("\u2068") == row.count("\u2069")
            assert cells(row) == width


def test_a_click_finds_the_node_under_it() -> None:
    layout = laid_out([(1, 2)])
    canvas = canvas_of(layout)
    box = layout.boxes[2]
    assert canvas.node_at(box.x, box.y) == canvas.node_at(box.x + 22, box.y + 4) == 2
    assert canvas.node_at(box.x - 1, box.y + 2) is None


def test_other_looks_and_strokes_are_drawn_on_the_same_places() -> None:
    canvas = canvas_of(laid_out([(1, 2), (2, 3)]))
    before = canvas.window(0, 0, canvas.layout.width, canvas.layout.height)
    canvas.redraw(lambda node: Look("dashed", "run", ((Span(f"new {node}"),),)), lambda _: Stroke("accent", True, 1))
    row = canvas.window(0, 2, canvas.layout.width, 1)[0]
    assert {span.role for span in row if "━" in span.text} == {"accent"}
    assert "new 2" in rows_of(canvas)[1]
    assert before != canvas.window(0, 0, canvas.layout.width, canvas.layout.height)


@settings(max_examples=60)
@given(small, st.integers(0, 120), st.integers(20, 60))
def test_what_a_window_cuts_is_known_by_both_ends(edges: Edges, x: int, width: int) -> None:
    canvas = canvas_of(laid_out(edges))
    left, right = canvas.ends(x, 0, width, canvas.layout.height)
    boxes = canvas.layout.boxes
    assert all(boxes[node].x + boxes[node].width <= x for ids in left.values() for node in ids)
    assert all(boxes[node].x >= x + width for ids in right.values() for node in ids)
    flat = [edge for edge in edges if boxes[edge[0]].y == boxes[edge[1]].y and edge[1] == edge[0] + 1]
    for u, v in flat:
        start, end = boxes[u].x + boxes[u].width, boxes[v].x - 1
        if start < x <= end and len(canvas.layout.lines[u, v]) == 2:
            assert u in left[boxes[u].y + 2]


def test_a_cut_line_bears_the_name_of_its_other_end_where_it_runs_straight() -> None:
    canvas = canvas_of(laid_out([(1, 2), (2, 3), (1, 3)]))
    width = canvas.layout.boxes[2].x + 12
    rows = canvas.window(0, 0, width, canvas.layout.height, lambda ids: "to " + " ".join(map(str, ids)))
    texts = ["".join(span.text for span in row) for row in rows]
    assert any(text.endswith("─ to 3") for text in texts)
    assert all(cells(text) == width for text in texts)
    unnamed = canvas.window(0, 0, width, canvas.layout.height, lambda _: "")
    assert unnamed == canvas.window(0, 0, width, canvas.layout.height)


def test_a_chain_is_one_straight_line_even_beside_other_edges() -> None:
    chain = [(n, n + 1) for n in range(1, 8)]
    layout = laid_out([*chain, (1, 5), (2, 8), (9, 4), (3, 10)], strong=frozenset(chain))
    assert {box.y for node, box in layout.boxes.items() if node < 9} == {layout.boxes[1].y}


def test_two_that_join_in_one_stand_evenly_above_and_below_it() -> None:
    boxes = laid_out([(1, 3), (2, 3)]).boxes
    assert boxes[3].y - boxes[1].y == boxes[2].y - boxes[3].y == 3


def test_a_graph_that_can_be_drawn_without_a_crossing_has_none() -> None:
    tree = [(n, 2 * n + k) for n in range(1, 16) for k in (0, 1)]
    text = "".join(rows_of(canvas_of(laid_out(tree)))).replace("╭┼▶─", "")
    assert "┼" not in text


def test_parts_are_drawn_one_under_another_in_the_order_of_their_first_nodes() -> None:
    layout = diagram.layout([5, 6, 1, 2, 9], [(5, 6), (1, 2)], dict.fromkeys((1, 2, 5, 6, 9), BOX))
    assert [part.layers for part in layout.parts] == [((5,), (6,)), ((1,), (2,)), ((9,),)]
    assert [part.y for part in layout.parts] == [0, 6, 12]


def test_nothing_is_an_empty_diagram() -> None:
    layout = diagram.layout([], [], {})
    assert (layout.width, layout.height) == (0, 0)
    assert canvas_of(layout).window(0, 0, 3, 1) == [[Span("   ")]]


def test_a_circle_is_refused_with_its_path() -> None:
    with pytest.raises(ClosesCycle):
        diagram.layout([1, 2, 3], [(1, 2), (2, 3), (3, 1)], dict.fromkeys((1, 2, 3), BOX))


def test_ten_thousand_nodes_in_a_row_page_like_ten() -> None:
    layout = laid_out([(n, n + 1) for n in range(10_000)])
    asked: list[int] = []

    def look(node: int) -> Look:
        asked.append(node)
        return Look("round", "line2", ((Span(str(node)),),))

    rows = rows_of(Canvas(layout, look), layout.boxes[5000].x, 0, 100, 5)
    assert "5000" in rows[1]
    assert len(asked) < 12  # only what is in sight has been asked for


@given(
    st.lists(
        st.tuples(st.sampled_from((UP, RIGHT, DOWN, LEFT)), st.integers(1, 2)), min_size=1, unique_by=lambda a: a[0]
    )
)
def test_every_sign_has_exactly_the_arms_that_were_asked_for(arms: list[tuple[int, int]]) -> None:
    found = sign(sum(weight << side for side, weight in arms))
    words = unicodedata.name(found).removeprefix("BOX DRAWINGS ").split()
    sides = {"UP": {UP}, "DOWN": {DOWN}, "LEFT": {LEFT}, "RIGHT": {RIGHT}}
    sides |= {"VERTICAL": {UP, DOWN}, "HORIZONTAL": {LEFT, RIGHT}}
    drawn = set().union(*(sides.get(word, set()) for word in words))
    assert drawn == {side for side, _ in arms}
    weights = {weight for _, weight in arms}
    assert ("HEAVY" in words) == (2 in weights)
    assert ("LIGHT" in words or "ARC" in words) == (1 in weights)


@given(small, st.integers(30, 90))
def test_bands_of_a_folded_diagram_name_both_ends_of_every_cut_line(edges: Edges, width: int) -> None:
    layout = laid_out(edges, size=LINE)
    for part in layout.parts:
        found = bands(layout, part, width, lambda ids: 3 * len(ids))
        assert [layer for band in found for layer in range(band.first, band.last + 1)] == list(range(len(part.layers)))
        for before, after in itertools.pairwise(found):
            cut = {
                (u, v)
                for u, v in edges
                if u in itertools.chain(*part.layers)
                and layout.boxes[u].layer <= before.last
                and layout.boxes[v].layer >= after.first
            }
            named = {(u, v) for row in after.left for u in after.left[row] for v in before.right[row]}
            assert cut <= named
            assert {u for u, _ in named} == {u for u, _ in cut}
            assert {v for _, v in named} == {v for _, v in cut}
        for band in found:
            margins = max((3 * len(i) for i in band.left.values()), default=0)
            margins += max((3 * len(i) for i in band.right.values()), default=0)
            assert band.width + margins <= width or band.first == band.last
