"""Revision 2: an index that holds what makes a ready task urgent, so that the first ones are found without the others."""

from alembic import op

revision = "0002"
down_revision = "0001"

INDEX = """
CREATE INDEX task_ready ON task (status, open_predecessors, wait, priority, inherited_urgency, due, inherited_due, created_at) WHERE status = 'todo' AND open_predecessors = 0
"""


def upgrade() -> None:
    op.execute(INDEX.strip())
