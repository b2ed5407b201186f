"""Know every word of a team's tasks that begins with letters, also ``html5``."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from bot.domain.tasks.task_terms import team_words

revision = '0039'
down_revision = '0038'
branch_labels = None
depends_on = None

_PAGE = 1000
_TASK = sa.table('task', *(sa.column(name) for name in ('id', 'team_id', 'terms')))
_WORD = sa.table('task_word', sa.column('team_id'), sa.column('word'))


def upgrade() -> None:
    connection = op.get_bind()
    known = {tuple(row) for row in connection.execute(sa.select(_WORD.c.team_id, _WORD.c.word))}
    for rows in _pages():
        held = ((row.team_id, row.terms) for row in rows)
        new = {(team, word) for team, terms in held for word in team_words([terms])} - known
        if new:
            known |= new
            connection.execute(
                _WORD.insert(), [{'team_id': team, 'word': word} for team, word in sorted(new)]
            )


def downgrade() -> None:
    """They do no harm."""


def _pages() -> Iterator[list[Any]]:
    last = 0
    while True:
        query = sa.select(_TASK.c.id, _TASK.c.team_id, _TASK.c.terms).where(_TASK.c.id > last)
        rows = list(op.get_bind().execute(query.order_by(_TASK.c.id).limit(_PAGE)))
        if not rows:
            return
        yield rows
        last = rows[-1].id
