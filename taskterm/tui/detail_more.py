"""The tabs of the detail pane beside the overview: steps and output, comments, history, notes, each of them whole."""

from __future__ import annotations

from taskterm.tui.detail_rows import Sections
from taskterm.tui.rows import BLANK, Row, Span, fit_spans, spread
from taskterm.tui.text import visible, wrap
from taskterm.tui.widgets.bits import when

LINES = 30
"""Lines of one command that are shown at most."""


def rows(tab: str, page: Sections) -> list[Row]:
    """What one of the tabs shows below the title."""
    return {"steps": _steps, "comments": _comments, "history": _history, "notes": _notes}[tab](page)


def _teach(page: Sections, sentence: str, key: str, words: str, command: str) -> list[Row]:
    """An empty tab says what belongs there, and how it comes there."""
    hint = [Span(key, "accent", True), Span(f" {words}   ", "soft")] if key else []
    found = [Row([Span(piece, "soft")]) for piece in wrap(sentence, page.width)]
    return [*found, Row(fit_spans([*hint, Span(command, "mute")], page.width, page.glyphs.ellipsis))]


def _steps(page: Sections) -> list[Row]:
    task, cut = page.task, page.glyphs.ellipsis
    steps = page.snapshot.steps(task.id)
    if not steps:
        return _teach(page, "No steps: a person does this task.", "", "", f"taskterm step add {task.id} -- COMMAND")
    head, *states = page.steps()
    found = [head]
    for step, state in zip(steps, states, strict=True):
        found.append(state)
        lines = step.run.splitlines() or [step.run]
        if len(lines) > 1 or step.run != step.name:
            found += [Row(fit_spans([Span(f"  {visible(line)}", "soft")], page.width, cut)) for line in lines[:LINES]]
        limits = [f"{step.retries} retries" if step.retries else "", f"if {step.condition}" if step.condition else ""]
        limits += [f"at most {step.timeout_seconds:g} s" if step.timeout_seconds else "", step.host or ""]
        if told := ", ".join(limit for limit in limits if limit):
            found.append(Row(fit_spans([Span(f"  {visible(told)}", "mute")], page.width, cut)))
    if page.extra.output:
        found += [BLANK, *page.output(len(page.extra.output))]
        found.append(Row([Span("4", "accent", True), Span(" shows all of it", "mute")]))
    return found


def _comments(page: Sections) -> list[Row]:
    comments = page.snapshot.comments(page.task.id)
    if not comments:
        command = f"taskterm comment {page.task.id} …"
        return _teach(page, "Nobody has said anything yet.", "c", "adds a comment", page.glyphs.words(command))
    found: list[Row] = []
    for comment in comments:
        who = [Span(f"@{visible(comment.created_by)}", "soft", True)]
        found.append(Row(spread(who, [Span(when(comment.created_at, page.now), "mute")], page.width)))
        found += [Row([Span(visible(piece))]) for piece in wrap(comment.text, page.width)]
        found.append(BLANK)
    return [*found, Row([Span("c", "accent", True), Span(" adds one", "mute")])]


def _history(page: Sections) -> list[Row]:
    found: list[Row] = []
    for line in page.extra.story:
        rows = page.dated(line.at, "", page.glyphs.words(line.sentence), "mute" if line.undone else "soft")
        found += [Row([s._replace(strike=line.undone and n > 0) for n, s in enumerate(row.spans)]) for row in rows]
    if page.extra.oldest:
        found.append(Row([Span(f"{page.glyphs.more_down} earlier", "mute")]))
    return found


def _notes(page: Sections) -> list[Row]:
    if not page.task.notes.strip():
        return _teach(page, "No notes yet.", "E", "writes them in your editor", f"taskterm note {page.task.id}")
    from taskterm.tui import markdown_rows

    return markdown_rows.rows(page.task.notes, page.width, page.glyphs)
