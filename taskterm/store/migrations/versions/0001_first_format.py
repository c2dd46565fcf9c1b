"""Revision 1: the first format of the file. Frozen: it says what was, whatever tables.py says today."""

from alembic import op

revision = "0001"
down_revision = None

DDL = (
    """
CREATE TABLE board_column (
	"key" VARCHAR NOT NULL,
	name VARCHAR NOT NULL,
	position INTEGER NOT NULL,
	kind VARCHAR NOT NULL,
	wip_limit INTEGER,
	PRIMARY KEY ("key"),
	CONSTRAINT known_kind CHECK ("kind" IN ('blocked', 'ready', 'stage', 'done'))
)
""",
    """
CREATE TABLE counter (
	name VARCHAR NOT NULL,
	value INTEGER NOT NULL,
	PRIMARY KEY (name)
)
""",
    """
CREATE TABLE meta (
	"key" VARCHAR NOT NULL,
	value VARCHAR NOT NULL,
	PRIMARY KEY ("key")
)
""",
    """
CREATE TABLE operation (
	id INTEGER NOT NULL,
	uuid VARCHAR NOT NULL,
	at VARCHAR NOT NULL,
	actor VARCHAR NOT NULL,
	host VARCHAR NOT NULL,
	verb VARCHAR NOT NULL,
	kind VARCHAR NOT NULL,
	args VARCHAR NOT NULL,
	revision INTEGER NOT NULL,
	undoes INTEGER,
	redoes INTEGER,
	undone_by INTEGER,
	touched VARCHAR NOT NULL,
	PRIMARY KEY (id),
	CONSTRAINT known_kind CHECK ("kind" IN ('user', 'system')),
	CONSTRAINT utc_at CHECK (at LIKE '____-__-__T__:__:__Z'),
	UNIQUE (uuid)
)
""",
    """
CREATE INDEX operation_actor ON operation (actor, kind)
""",
    """
CREATE TABLE template (
	name VARCHAR NOT NULL,
	text VARCHAR NOT NULL,
	created_at VARCHAR NOT NULL,
	created_by VARCHAR NOT NULL,
	PRIMARY KEY (name)
)
""",
    """
CREATE TABLE "view" (
	name VARCHAR NOT NULL,
	"query" VARCHAR NOT NULL,
	position INTEGER NOT NULL,
	created_by VARCHAR NOT NULL,
	PRIMARY KEY (name)
)
""",
    """
CREATE TABLE workflow (
	id INTEGER NOT NULL,
	uuid VARCHAR NOT NULL,
	name VARCHAR NOT NULL,
	params VARCHAR NOT NULL,
	source VARCHAR,
	created_at VARCHAR NOT NULL,
	created_by VARCHAR NOT NULL,
	PRIMARY KEY (id),
	CONSTRAINT utc_created_at CHECK (created_at LIKE '____-__-__T__:__:__Z'),
	UNIQUE (uuid)
)
""",
    """
CREATE TABLE change (
	operation_id INTEGER NOT NULL,
	seq INTEGER NOT NULL,
	"table" VARCHAR NOT NULL,
	row_key VARCHAR NOT NULL,
	task_id INTEGER,
	"before" VARCHAR,
	"after" VARCHAR,
	PRIMARY KEY (operation_id, seq),
	FOREIGN KEY(operation_id) REFERENCES operation (id)
)
""",
    """
CREATE INDEX change_row ON change ("table", row_key)
""",
    """
CREATE INDEX change_task ON change (task_id)
""",
    """
CREATE TABLE task (
	id INTEGER NOT NULL,
	uuid VARCHAR NOT NULL,
	title VARCHAR NOT NULL,
	notes VARCHAR DEFAULT '' NOT NULL,
	status VARCHAR NOT NULL,
	"column" VARCHAR,
	priority VARCHAR,
	project VARCHAR,
	assignee VARCHAR,
	due VARCHAR,
	scheduled VARCHAR,
	wait VARCHAR,
	estimate_minutes INTEGER,
	recurrence VARCHAR,
	workflow_id INTEGER,
	workflow_key VARCHAR,
	extra VARCHAR,
	created_at VARCHAR NOT NULL,
	created_by VARCHAR NOT NULL,
	modified_at VARCHAR NOT NULL,
	modified_by VARCHAR NOT NULL,
	started_at VARCHAR,
	started_by VARCHAR,
	completed_at VARCHAR,
	completed_by VARCHAR,
	open_predecessors INTEGER DEFAULT 0 NOT NULL,
	inherited_urgency FLOAT DEFAULT 0 NOT NULL,
	inherited_due VARCHAR,
	run_state VARCHAR,
	PRIMARY KEY (id),
	CONSTRAINT known_status CHECK ("status" IN ('todo', 'doing', 'done', 'cancelled')),
	CONSTRAINT known_priority CHECK ("priority" IN ('H', 'M', 'L')),
	CONSTRAINT titled CHECK (length(title) > 0),
	CONSTRAINT column_only_while_doing CHECK ("column" IS NULL OR status = 'doing'),
	CONSTRAINT utc_due CHECK (due LIKE '____-__-__T__:__:__Z'),
	CONSTRAINT utc_scheduled CHECK (scheduled LIKE '____-__-__T__:__:__Z'),
	CONSTRAINT utc_wait CHECK (wait LIKE '____-__-__T__:__:__Z'),
	CONSTRAINT utc_created_at CHECK (created_at LIKE '____-__-__T__:__:__Z'),
	CONSTRAINT utc_modified_at CHECK (modified_at LIKE '____-__-__T__:__:__Z'),
	CONSTRAINT utc_started_at CHECK (started_at LIKE '____-__-__T__:__:__Z'),
	CONSTRAINT utc_completed_at CHECK (completed_at LIKE '____-__-__T__:__:__Z'),
	UNIQUE (uuid),
	FOREIGN KEY(workflow_id) REFERENCES workflow (id)
)
""",
    """
CREATE INDEX task_next ON task (status, open_predecessors)
""",
    """
CREATE INDEX task_workflow ON task (workflow_id)
""",
    """
CREATE TABLE comment (
	id INTEGER NOT NULL,
	task_id INTEGER NOT NULL,
	text VARCHAR NOT NULL,
	created_at VARCHAR NOT NULL,
	created_by VARCHAR NOT NULL,
	PRIMARY KEY (id),
	CONSTRAINT utc_created_at CHECK (created_at LIKE '____-__-__T__:__:__Z'),
	FOREIGN KEY(task_id) REFERENCES task (id)
)
""",
    """
CREATE INDEX comment_task ON comment (task_id)
""",
    """
CREATE TABLE dependency (
	predecessor_id INTEGER NOT NULL,
	successor_id INTEGER NOT NULL,
	PRIMARY KEY (predecessor_id, successor_id),
	CONSTRAINT no_loop CHECK (predecessor_id <> successor_id),
	FOREIGN KEY(predecessor_id) REFERENCES task (id),
	FOREIGN KEY(successor_id) REFERENCES task (id)
)
""",
    """
CREATE INDEX dependency_successor ON dependency (successor_id)
""",
    """
CREATE TABLE run (
	id INTEGER NOT NULL,
	uuid VARCHAR NOT NULL,
	title VARCHAR NOT NULL,
	task_id INTEGER,
	workflow_id INTEGER,
	state VARCHAR NOT NULL,
	jobs INTEGER NOT NULL,
	force INTEGER NOT NULL,
	created_at VARCHAR NOT NULL,
	created_by VARCHAR NOT NULL,
	started_at VARCHAR,
	ended_at VARCHAR,
	host VARCHAR,
	boot_id VARCHAR,
	pid INTEGER,
	pid_started VARCHAR,
	user VARCHAR,
	fence INTEGER NOT NULL,
	stop_requested_by VARCHAR,
	PRIMARY KEY (id),
	CONSTRAINT known_state CHECK ("state" IN ('planned', 'running', 'waiting', 'succeeded', 'failed', 'stopped', 'lost')),
	CONSTRAINT utc_created_at CHECK (created_at LIKE '____-__-__T__:__:__Z'),
	CONSTRAINT utc_started_at CHECK (started_at LIKE '____-__-__T__:__:__Z'),
	CONSTRAINT utc_ended_at CHECK (ended_at LIKE '____-__-__T__:__:__Z'),
	UNIQUE (uuid),
	FOREIGN KEY(task_id) REFERENCES task (id),
	FOREIGN KEY(workflow_id) REFERENCES workflow (id)
)
""",
    """
CREATE INDEX run_state ON run (state)
""",
    """
CREATE TABLE step (
	id INTEGER NOT NULL,
	task_id INTEGER NOT NULL,
	position INTEGER NOT NULL,
	name VARCHAR NOT NULL,
	run VARCHAR NOT NULL,
	shell VARCHAR,
	cwd VARCHAR,
	env VARCHAR,
	timeout_seconds FLOAT,
	retries INTEGER NOT NULL,
	backoff_seconds FLOAT NOT NULL,
	condition VARCHAR,
	continue_on_error INTEGER NOT NULL,
	interactive INTEGER NOT NULL,
	host VARCHAR,
	repeatable INTEGER NOT NULL,
	trusts VARCHAR,
	PRIMARY KEY (id),
	CONSTRAINT has_command CHECK (length(run) > 0),
	FOREIGN KEY(task_id) REFERENCES task (id)
)
""",
    """
CREATE INDEX step_task ON step (task_id, position)
""",
    """
CREATE TABLE task_tag (
	task_id INTEGER NOT NULL,
	tag VARCHAR NOT NULL,
	PRIMARY KEY (task_id, tag),
	FOREIGN KEY(task_id) REFERENCES task (id)
)
""",
    """
CREATE INDEX task_tag_tag ON task_tag (tag)
""",
    """
CREATE TABLE attempt (
	id INTEGER NOT NULL,
	run_id INTEGER NOT NULL,
	task_id INTEGER NOT NULL,
	step_id INTEGER,
	number INTEGER NOT NULL,
	name VARCHAR NOT NULL,
	command VARCHAR NOT NULL,
	state VARCHAR NOT NULL,
	started_at VARCHAR NOT NULL,
	host VARCHAR NOT NULL,
	fence INTEGER NOT NULL,
	ended_at VARCHAR,
	duration_ms INTEGER,
	exit_code INTEGER,
	log_path VARCHAR,
	log_bytes INTEGER,
	log_lines INTEGER,
	PRIMARY KEY (id),
	CONSTRAINT known_state CHECK ("state" IN ('running', 'succeeded', 'failed', 'timeout', 'skipped', 'stopped', 'lost')),
	CONSTRAINT utc_started_at CHECK (started_at LIKE '____-__-__T__:__:__Z'),
	CONSTRAINT utc_ended_at CHECK (ended_at LIKE '____-__-__T__:__:__Z'),
	UNIQUE (run_id, step_id, number),
	FOREIGN KEY(run_id) REFERENCES run (id),
	FOREIGN KEY(task_id) REFERENCES task (id)
)
""",
    """
CREATE UNIQUE INDEX attempt_claim ON attempt (step_id) WHERE state = 'running'
""",
    """
CREATE INDEX attempt_task ON attempt (task_id)
""",
    """
CREATE TABLE lease (
	run_id INTEGER NOT NULL,
	fence INTEGER NOT NULL,
	counter INTEGER NOT NULL,
	PRIMARY KEY (run_id),
	FOREIGN KEY(run_id) REFERENCES run (id)
)
""",
    """
CREATE TABLE run_task (
	run_id INTEGER NOT NULL,
	task_id INTEGER NOT NULL,
	position INTEGER NOT NULL,
	state VARCHAR NOT NULL,
	started_at VARCHAR,
	ended_at VARCHAR,
	duration_ms INTEGER,
	reason VARCHAR,
	PRIMARY KEY (run_id, task_id),
	CONSTRAINT known_state CHECK ("state" IN ('planned', 'running', 'person', 'untrusted', 'succeeded', 'failed', 'skipped', 'stopped', 'lost')),
	CONSTRAINT utc_started_at CHECK (started_at LIKE '____-__-__T__:__:__Z'),
	CONSTRAINT utc_ended_at CHECK (ended_at LIKE '____-__-__T__:__:__Z'),
	FOREIGN KEY(run_id) REFERENCES run (id),
	FOREIGN KEY(task_id) REFERENCES task (id)
)
""",
    """
CREATE UNIQUE INDEX run_task_claim ON run_task (task_id) WHERE state = 'running'
""",
    """
CREATE INDEX run_task_task ON run_task (task_id)
""",
    """
CREATE TABLE log (
	attempt_id INTEGER NOT NULL,
	data BLOB NOT NULL,
	times BLOB NOT NULL,
	dropped_bytes INTEGER NOT NULL,
	PRIMARY KEY (attempt_id),
	FOREIGN KEY(attempt_id) REFERENCES attempt (id)
)
""",
)


def upgrade() -> None:
    """Makes every table and index of the first format."""
    for statement in DDL:
        op.execute(statement.strip())
