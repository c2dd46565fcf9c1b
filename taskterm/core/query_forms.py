"""Every form of the query language with its meaning, for the help; a test reads each of them."""

FORMS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "States",
        (
            ("ready", "can be started now: todo, waiting for no task and for no date"),
            ("blocked", "todo, and a task it waits for is still open"),
            ("waiting", "todo, and put off to a later date (wait:)"),
            ("doing", "in progress"),
            ("done", "finished"),
            ("cancelled", "will not be done"),
            ("open", "neither done nor cancelled"),
            ("overdue", "open, and its due date has passed; late is the same"),
            ("running", "one of its steps runs at this moment"),
            ("failed", "open, and its last run did not succeed"),
        ),
    ),
    (
        "Names",
        (
            ("+ops", "has the tag ops; tag:ops is the same"),
            ("-ops", "does not have it"),
            ("@ana", "assigned to Ana; assignee:ana is the same"),
            ("-@ana", "not assigned to her, but to somebody else or nobody"),
            ("@me", "assigned to you; mine is the same"),
            ("@none", "assigned to nobody; unassigned is the same"),
            ("project:site", "of the project site, or of one below it such as site.web"),
            ("project:", "of no project; project:none is the same"),
            ("12", "the task 12; 12,15 both, 12..20 from 12 to 20, 12.. from 12 on"),
        ),
    ),
    (
        "Text, in titles and notes; letter case never matters",
        (
            ("word", "holds word, as a part of a longer one too"),
            ('"two words"', "holds them side by side; single quotes do the same"),
            ("text:ready", "holds ready, which alone would be a state"),
            ("/colou?r/", "fits the regular expression; ^ and $ are the ends of a line"),
        ),
    ),
    (
        "Dates",
        (
            ("due:fri", "due on the next Friday, at whatever time"),
            ("due.before:fri", "before Friday begins; due<fri in the screen, or quoted in a shell"),
            ("due.by:fri", "before Friday has ended; due<=fri"),
            ("due.from:fri", "when Friday begins, or later; due>=fri"),
            ("due.after:fri", "when Friday has ended; due>fri"),
            ("due:none", "without a due date"),
            ('due.by:"fri 17:00"', "a date of several words is put in quotes"),
            ("scheduled.by:today", "the same for scheduled, wait, created, modified, started and completed"),
        ),
    ),
    (
        "Amounts",
        (
            ("pri:H", "of that priority, H, M or L; pri:none of none"),
            ("pri.min:M", "M or H; pri>=M"),
            ("pri.max:M", "M or L; pri<=M"),
            ("pri.over:M", "H; pri>M"),
            ("pri.under:M", "L; pri<M"),
            ("est.max:2h", "takes two hours at most; the same for est with min, over and under"),
            ("urgency.min:8", "the same for the urgency, which taskterm why explains"),
        ),
    ),
    (
        "What waits for what",
        (
            ("after:12", "waits for 12, directly or through others; after:12,13 for one of them"),
            ("before:12", "holds up 12, directly or through others; before:12,13 one of them"),
            ("after:none", "waits for no task, not even a finished one; before:none holds up none"),
        ),
    ),
    (
        "What a task has",
        (
            ("has:notes", "has notes"),
            ("has:steps", "has commands that run"),
            ("not has:due", "has no due date"),
            ("has:comments", "also tags project assignee pri est due scheduled wait repeat runs workflow"),
            ("has:predecessors", "waits for a task, done or not; has:successors holds one up"),
        ),
    ),
    (
        "Together",
        (
            ("ready +ops", "both hold; ready and +ops is the same"),
            ("ready or @ana", "one of them holds; it binds looser than and"),
            ("not late", "it does not hold"),
            ("(+ops or +web) @ana", "brackets, which a shell wants in quotes"),
            ("view:urgent", "what the saved view urgent asks for; taskterm help view"),
        ),
    ),
    (
        "Order",
        (
            ("sort:due,-urgency", "by due date, among equals the most urgent first; - sorts downwards"),
            ("sort:-pri", "H before M before L; what a task lacks comes last either way"),
            ("sort:title", "also project assignee est id scheduled wait created modified started completed"),
        ),
    ),
)
"""The forms in groups, each as (spelling, meaning)."""

RULES = (
    "Blanks part the words of a query. Quotes at the beginning of a word, or right behind a key: and its sign, hold "
    "what has blanks or brackets, or would mean something else; the same quote twice inside them stands for one.",
    "Your shell takes one pair of quotes away before TaskTerm sees them, so on a command line a phrase needs two: "
    'list \'"release notes"\'. An argument that is one key with a date needs no second pair: list "due.by:fri '
    '17:00". Every other argument is a piece of query, blanks and all: list "+ops or @ana".',
    "What a task lacks fits no comparison: pri.max:M leaves tasks without priority out.",
    "A word that is none of these forms is text. On a command line these are errors: a key that does not exist but "
    "resembles one (due.befor:fri), a value that is none (pri.min:X), a date that is none (due:fryday), and a word "
    "that no task holds and that is nearly a state (redy).",
    "How dates are written is explained by: taskterm help dates",
)
"""How a query is cut and read, in sentences."""
