"""What one line of words says about a task, and what stays its title."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskterm.core.capture import Capture, Span, parse_capture, tokenize
from taskterm.core.errors import UsageError
from taskterm.core.recurrence import parse_repeat
from taskterm.core.tokens import KEYS

NOW = datetime(2026, 11, 23, 14, 32, tzinfo=ZoneInfo("Europe/Berlin"))  # a Monday
LINE = (
    'Deploy the web shop +ops @ana project:site.web due:"fri 17:00" after:12,13 est:2h pri:H run:"make deploy"'
    " scheduled:tomorrow wait:2026-11-24T08:00 repeat:weekly before:#21"
)
WHOLE = Capture(
    title="Deploy the web shop",
    tags=("ops",),
    assignee="ana",
    project="site.web",
    due="2026-11-27T16:00:00Z",
    scheduled="2026-11-23T23:00:00Z",
    wait="2026-11-24T07:00:00Z",
    estimate_minutes=120,
    priority="H",
    recurrence="FREQ=WEEKLY",
    after=("12", "13"),
    before=("#21",),
    run=("make deploy",),
)


def read(*words: str, **options: bool) -> Capture:
    """The capture of command line arguments."""
    return parse_capture(words, NOW, **options)


def line(text: str, **options: bool) -> Capture:
    """The capture of a typed line, without its spans."""
    return parse_capture(text, NOW, **options)._replace(spans=())


def error(text: str, **options: bool) -> UsageError:
    with pytest.raises(UsageError) as raised:
        parse_capture(text, NOW, **options)
    return raised.value


def test_one_line_fills_every_field_of_a_task():
    assert line(LINE) == WHOLE


def test_the_arguments_of_a_shell_say_the_same_as_the_typed_line():
    words = ["Deploy", "the", "web", "shop", "+ops", "@ana", "project:site.web", "due:fri 17:00", "after:12,13"]
    words += ["est:2h", "pri:H", "run:make deploy", "scheduled:tomorrow", "wait:2026-11-24T08:00", "repeat:weekly"]
    assert read(*words, "before:#21") == WHOLE


def test_a_whole_line_in_one_argument_is_read_like_a_typed_line():
    assert read(LINE) == WHOLE
    assert read("Write docs +web due:fri") == line("Write docs +web due:fri")


def test_an_argument_that_begins_with_a_key_is_that_item_with_all_its_spaces():
    assert read("after:Write docs,12,Order laptop").after == ("Write docs", "12", "Order laptop")
    assert read("run:'./my tool' --all +x").run == ("'./my tool' --all +x",)
    assert read("project:my site").project == "my site"


def test_an_argument_whose_value_still_has_its_quotes_is_a_typed_line():
    assert read('due:"fri 17:00" Write docs') == Capture(title="Write docs", due="2026-11-27T16:00:00Z")
    assert read('after:"Review, legal",12').after == ("Review, legal", "12")


@pytest.mark.parametrize(
    "title",
    [
        "Read https://example.com/a?b=c:80 at 17:00",
        "Re: offer for the C++ course",
        "Give it +1 and ask a+b or + alone",
        "Mail ana@example.com or @ her",
        "+2 people, @1 o'clock, -5 degrees, --verbose",
        "Don't stop 'til \"done\"",
        'Ask "who +me" or not',
        "Tell +a+b and @x@y",
        "[@click=app.quit]x Fix [/foo] $(touch pwned)",
        "日本語 🚀 и עברית",
        "note:me DUEL:x due due;fri",
        "-old stays without an edit",
        "Two  spaces and a no-break\u00a0space",
    ],
)
def test_what_is_no_syntax_stays_in_the_title_as_typed(title):
    assert line(title) == Capture(title=title)
    assert read(title) == Capture(title=title)


def test_cutting_an_item_out_leaves_one_space_and_keeps_the_others():
    assert line("  Deploy   the +ops  shop  due:fri ").title == "Deploy   the shop"
    assert read("Deploy  the", "+ops", " shop ").title == "Deploy  the shop"
    assert read("Deploy", "", "  ", "now").title == "Deploy now"


def test_two_dashes_end_the_syntax():
    assert line("+a Learn -- +b  due:fri -- @me") == Capture(title="Learn +b  due:fri -- @me", tags=("a",))
    assert read("+a", "Learn", "--", "+b", "due:fri", "--") == Capture(title="Learn +b due:fri --", tags=("a",))
    assert read("Write -- +draft", "+web") == Capture(title="Write +draft", tags=("web",))


def test_the_title_may_be_empty_for_whoever_edits():
    assert line("+ops due:fri").title == ""
    assert read() == Capture()


def test_tags_and_people_are_names_in_any_script():
    capture = line("+v1.2 +a/b_c-d +_x +größe +日本 +हिन्दी +v1.2 @zoë")
    assert capture.tags == ("v1.2", "a/b_c-d", "_x", "größe", "日本", "हिन्दी")
    assert capture.assignee == "zoë"


def test_keys_may_be_short_and_in_any_case():
    assert line("PRO:a.b DUE:fri Sched:fri Estimate:30m priority:l") == line(
        "project:a.b due:fri scheduled:fri est:30m pri:L"
    )
    assert line("proj:a sch:fri") == line("project:a scheduled:fri")


def test_quotes_group_only_behind_a_key():
    assert line("run:'echo \"it is\" done' Go").run == ('echo "it is" done',)
    assert line('after:"Review, legal",12,\'Ask "Bo"\' Go').after == ("Review, legal", "12", 'Ask "Bo"')
    assert line("after:don't,12").after == ("don't", "12")
    assert line("run:echo +x") == Capture(tags=("x",), run=("echo",))
    assert line('run:touch,a due:"Nov 27, 2026"') == Capture(run=("touch,a",), due="2026-11-27T22:59:59Z")


def test_lists_and_steps_add_up_and_a_command_may_run_twice():
    capture = line("after:1,2,, after:2,#3 run:make run:make +a +a")
    assert (capture.after, capture.run, capture.tags) == (("1", "2", "#3"), ("make", "make"), ("a",))


def test_a_due_day_ends_it_and_a_scheduled_or_wait_day_begins_it():
    capture = line("due:fri scheduled:fri wait:fri")
    assert capture.due == "2026-11-27T22:59:59Z"
    assert capture.scheduled == capture.wait == "2026-11-26T23:00:00Z"


def test_an_edit_can_take_tags_people_and_values_away():
    assert line("New title -old +new -@ana due: pri:", edit=True) == Capture(
        title="New title", tags=("new",), remove_tags=("old",), cleared=("assignee", "due", "priority")
    )
    assert read("-@", "est:", "repeat:", "after:", edit=True).cleared == (
        *("assignee", "estimate_minutes", "recurrence", "after"),
    )
    assert line("-5 degrees - --x", edit=True).title == "-5 degrees - --x"


def test_none_takes_a_value_away_in_an_edit_and_is_no_value_of_a_new_task():
    edited = read("due:none", "project:none", "pri:None", "est:none", edit=True)
    assert edited == Capture(cleared=("due", "project", "priority", "estimate_minutes"))
    for word in ("due:none", "project:none", "repeat:none"):
        with pytest.raises(UsageError, match="is not a value"):
            read("Write", word)


def test_a_title_with_a_key_in_front_of_it_is_refused_in_an_edit():
    for words in (["title:New"], ["title:New name"], ["description:New"]):
        with pytest.raises(UsageError, match="did you mean New"):
            read(*words, edit=True)
    assert line("Write title:New").title == "Write title:New"


@pytest.mark.parametrize(
    ("text", "rrule"),
    [
        ("daily", "FREQ=DAILY"),
        ("Weekly", "FREQ=WEEKLY"),
        ("monthly", "FREQ=MONTHLY"),
        ("yearly", "FREQ=YEARLY"),
        ("weekdays", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
        ("every weekday", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
        ("every 2 weeks", "FREQ=WEEKLY;INTERVAL=2"),
        ("2w", "FREQ=WEEKLY;INTERVAL=2"),
        ("2 weeks", "FREQ=WEEKLY;INTERVAL=2"),
        ("every day", "FREQ=DAILY"),
        ("1m", "FREQ=MONTHLY"),
        ("every quarter", "FREQ=MONTHLY;INTERVAL=3"),
        ("every fri", "FREQ=WEEKLY;BYDAY=FR"),
        ("3y", "FREQ=YEARLY;INTERVAL=3"),
    ],
)
def test_a_repetition_becomes_an_rrule(text, rrule):
    assert parse_repeat(text) == rrule
    assert line(f'repeat:"{text}"').recurrence == rrule


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("due:fryday", "fryday is not a date; did you mean friday?"),
        ("due:soonish", "soonish is not a date"),
        ("due:2026-02-30", "there is no 30 February 2026"),
        ("due: fri", "due: has no value"),
        ('due:"" x', "due: has no value"),
        ('due:"fri 17:00', "the quote behind due: is not closed"),
        ('after:12,"Write', "the quote behind after: is not closed"),
        ("after:,", "after: has no value"),
        ("due:fri due:sat", "due:sat is the second of its kind, and a task has only one"),
        ("@ana @bo", "@bo is the second of its kind, and a task has only one"),
        ("pri:urgent", "urgent is not a priority"),
        ("pri:high", "high is not a priority; did you mean pri:H?"),
        ("est:soon", "soon is not a length of time"),
        ("est:2x", "2x is not a length of time: x is not a unit of time here"),
        ("est:0", "0 is not an estimate: it takes no time"),
        ("repeat:wekly", "wekly is not a repetition; did you mean weekly?"),
        ("repeat:0w", "0w does not repeat: the number must be from 1 to 999"),
        ("repeat:w", "w is not a repetition"),
        ("project:site..web", "site..web is not a project: a part between the dots is empty"),
        ("due:\x1b[31m", "\ufffd[31m is not a date"),
        ("Ring\x07 it", "the title holds a control character (BEL) at position 5; remove it"),
        ("Fix \x1b[31m", "the title holds a control character (ESC) at position 5; remove it"),
        ("a\0b", "the title holds a control character (NUL) at position 2; remove it"),
        ("one\ntwo", "the title holds a control character (line break) at position 4; remove it"),
        ("one\x85two", "the title holds a control character (U+0085) at position 4; remove it"),
        ("x\udcffy", "the title is not valid text at position 2; write it in UTF-8"),
        ("project:a\x1bb", "project: holds a control character (ESC) at position 2; remove it"),
        ("after:a\x1bb", "after: holds a control character (ESC) at position 2; remove it"),
        ("run:a\0b", "run: holds a control character (NUL) at position 2; remove it"),
        ("run:a\udcff", "run: is not valid text at position 2; write it in UTF-8"),
    ],
)
def test_what_is_meant_as_syntax_and_not_understood_is_refused_by_name(text, message):
    assert error(text).message == message


def test_a_refused_value_says_what_to_write():
    assert "due:fri" in error("due: fri").hint
    assert error("pri:urgent").hint == "use H, M or L"
    assert "in 3 days" in error("due:soonish").hint


def test_a_step_may_have_several_lines():
    assert read("run:make\n\tmake install").run == ("make\n\tmake install",)


def test_tokens_name_their_place_in_the_line():
    text = 'Go +ops due:"fri 17:00" -- end'
    assert [(token.kind, text[token.start : token.end]) for token in tokenize(text)] == [
        *(("title", "Go"), ("tag", "+ops"), ("key", 'due:"fri 17:00"'), ("end", "--"), ("title", "end")),
    ]


def test_a_typed_line_knows_what_to_highlight_and_where():
    text = 'Deploy +ops @ana project:site due:"fri 17:00" after:15,mir run:make'
    spans = parse_capture(text, NOW).spans
    assert [(span.kind, text[span.start : span.end]) for span in spans] == [
        ("title", "Deploy"),
        ("tag", "+ops"),
        ("person", "@ana"),
        ("key", "project:"),
        ("key", "site"),
        ("key", "due:"),
        ("date", '"fri 17:00"'),
        ("key", "after:"),
        ("ref", "15"),
        ("ref", "mir"),
        ("key", "run:"),
        ("run", "make"),
    ]
    assert all(span.ok for span in spans)


def test_a_line_still_being_typed_keeps_what_is_understood_and_marks_the_rest():
    text = 'Deploy due:fryday pri:M est: @ana @bo after:"Wri'
    capture = parse_capture(text, NOW, strict=False)
    assert (capture.title, capture.priority, capture.assignee, capture.due) == ("Deploy", "M", "ana", None)
    assert [text[span.start : span.end] for span in capture.spans if not span.ok] == [
        *("fryday", "est:", "@bo", 'after:"Wri'),
    ]
    assert {span.kind for span in capture.spans if not span.ok} == {"bad"}
    assert [problem.message for problem in capture.problems][:2] == [
        "fryday is not a date; did you mean friday?",
        "est: has no value",
    ]
    assert len(capture.problems) == 4


pieces = st.sampled_from(
    [
        *(f"{key}:" for key in KEYS),
        *"+@-\"', .:",
        "--",
        "fri",
        "12",
        "é",
        "\n",
        "\0",
        "\x1b",
        "\ud800",
        "2h",
        "H",
        "weekly",
    ]
)
anything = st.text(st.characters()) | st.lists(pieces, max_size=12).map("".join)
plain_words = st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1), min_size=1)


@given(anything, st.booleans())
def test_no_text_raises_anything_but_a_usage_error_that_can_be_printed(text, edit):
    for words in (text, [text], text.split(" ")):
        try:
            parse_capture(words, NOW, edit=edit)
        except UsageError as raised:
            f"{raised.message} {raised.hint}".encode()


@given(anything, st.booleans())
def test_a_line_being_typed_never_raises_and_its_spans_cover_every_word_once(text, edit):
    capture = parse_capture(text, NOW, edit=edit, strict=False)
    ends = [0, *(span.end for span in capture.spans)]
    assert all(before <= span.start < span.end for before, span in zip(ends, capture.spans, strict=False))
    covered = {at for span in capture.spans for at in range(span.start, span.end)}
    left = {text[at] for at in range(len(text)) if at not in covered}
    assert all(char.isspace() or char == "," for char in left)


@given(plain_words, st.sampled_from([" ", "  ", "\u3000"]))
def test_plain_words_come_back_exactly_as_the_title(words, space):
    typed = space.join(words)
    assert parse_capture(typed, NOW) == Capture(title=typed, spans=parse_capture(typed, NOW).spans)
    assert parse_capture([typed], NOW) == Capture(title=typed)
    assert parse_capture(words, NOW) == Capture(title=" ".join(words))
    assert parse_capture(["--", *words], NOW) == Capture(title=" ".join(words))


def test_spans_are_only_given_for_a_line():
    assert parse_capture("Go", NOW).spans == (Span(0, 2, "title"),)
    assert parse_capture(["Go"], NOW).spans == ()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("prio:H", "pri:H"),
        ("Prior:h", "pri:h"),
        ("prioirty:H", "pri:H"),
        ("dua:fri", "due:fri"),
        ("deu:tomorrow", "due:tomorrow"),
        ("dua:fryday", "due:fryday"),
        ("deadline:fri", "due:fri"),
        ("projekt:site.web", "project:site.web"),
        ("sheduled:mon", "scheduled:mon"),
        ("wiat:mon", "wait:mon"),
        ("esst:2h", "est:2h"),
        ("affter:12", "after:12"),
        ("depends:12", "after:12"),
        ("recur:weekly", "repeat:weekly"),
        ("assignee:ana", "@ana"),
        ("tags:ops,web", "+ops +web"),
    ],
)
def test_a_near_miss_of_a_key_is_refused_and_its_key_suggested(typed, meant):
    for text in (f"Write {typed}", f"{typed} Write"):
        assert error(text).message == f"{typed} is no fact of a task; did you mean {meant}?"
        assert "--" in error(text).hint
    assert read("Write", "--", typed).title == f"Write {typed}"
    assert line(f"Write -- {typed}").title == f"Write {typed}"


@pytest.mark.parametrize(
    "title",
    [
        "Re: offer",
        "Sue: call back",
        "prio: is no fact with a blank behind it",
        "note:me test:unit best:of west:side",
        "https://due.example/pri:x ftp:x",
        "file:///etc 12:30 a:b:c",
        "dune:2 east:side duo:lingo",  # near three letters, but what follows is neither date nor time
        "pros:cons port:8080",
        "fun:fair test:2h hue:tomorrow",  # the first letter is another
    ],
)
def test_words_with_a_colon_that_resemble_no_key_stay_in_the_title(title):
    assert line(title) == Capture(title=title)


def test_an_edit_refuses_whatever_resembles_a_key_and_a_title_of_unknown_keys_alone():
    assert error("projct:x", edit=True).message == "projct:x is no fact of a task; did you mean project:x?"
    assert error("deu:", edit=True).message == "deu: is no fact of a task; did you mean due:?"
    assert error("owner:bo", edit=True).message == "owner:bo is no fact of a task; did you mean @bo?"
    assert error("status:done", edit=True).message == "status:done is no fact of a task: there is no status:"
    assert line("Ask Jo about status:done", edit=True).title == "Ask Jo about status:done"
    assert read("--", "status:done", edit=True).title == "status:done"


def test_a_time_behind_a_date_that_is_left_in_the_title_is_pointed_out():
    capture = line("Call Ana due:fri 17:00")
    assert (capture.title, capture.due) == ("Call Ana 17:00", "2026-11-27T22:59:59Z")
    assert capture.notes == ('17:00 is part of the title; if it belongs to the date, write due:"fri 17:00"',)
    assert line("due:nov 27 Party").notes
    assert line("Call Ana due:fri soon").notes == ()
    assert line('Call Ana due:"fri 17:00" at 18:00').notes == ()


plain_word = (
    st.text(st.characters(exclude_categories=("C", "Z"), exclude_characters=":"), min_size=1, max_size=8)
    .filter(lambda word: word[0] not in "+@" and word != "--" and not any(c.isspace() for c in word))
    .filter(lambda word: word.isprintable())
)
item = st.sampled_from(["+ops", "@ana", "due:fri", "est:2h", "pri:H", "after:12", "project:a.b", "repeat:weekly"])


@given(st.lists(plain_word, min_size=1, max_size=6), st.lists(item, max_size=5, unique=True), st.randoms())
def test_the_words_of_a_title_come_back_exactly_whatever_stands_between_them(words, items, random):
    mixed = list(words)
    for one in items:
        mixed.insert(random.randint(0, len(mixed)), one)
    assert line(" ".join(mixed)).title == " ".join(words)
    assert read(*mixed).title == " ".join(words)


@given(st.text(max_size=30))
def test_every_word_with_a_colon_is_a_fact_an_error_or_part_of_the_title(text):
    for edit in (False, True):
        capture = parse_capture(f"Write {text}:x", NOW, edit=edit, strict=False)
        assert capture.problems or "Write" in capture.title
