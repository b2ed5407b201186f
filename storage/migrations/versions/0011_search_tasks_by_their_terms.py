"""Search tasks by their terms: an index on each database, and the words of all titles."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from bot.domain.tasks.task_terms import index_terms, spoken_words

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

_PAGE = 1000
_READ = ('id', 'team_id', 'integration_id', 'provider_project_id', 'key', 'title')
_WRITTEN = ('search_text', 'terms')
_TASK = sa.table(
    'task',
    *(sa.column(name) for name in (*_READ, *_WRITTEN)),
    sa.column('assignee_ids', sa.JSON()),
)
_WORD = sa.table('task_word', sa.column('team_id'), sa.column('word'))


def upgrade() -> None:
    op.add_column('task', sa.Column('terms', sa.Text(), nullable=False, server_default=''))
    op.create_table(
        'task_word',
        sa.Column('team_id', sa.String(), nullable=False),
        sa.Column('word', sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_task_word_team_id')),
        sa.PrimaryKeyConstraint('team_id', 'word', name=op.f('pk_task_word')),
    )
    _fill()
    # Not in a batch: SQLite would make the whole table anew.
    op.execute('ALTER TABLE task DROP COLUMN search_text')
    if op.get_bind().dialect.name == 'sqlite':
        _index_sqlite()
    else:
        _index_postgresql()


def downgrade() -> None:
    if op.get_bind().dialect.name == 'sqlite':
        op.execute('DROP TRIGGER task_fts_deleted')
        op.execute('DROP TABLE task_fts')
    else:
        op.execute('DROP INDEX ix_task_search')
        op.execute('ALTER TABLE task DROP COLUMN search_vector')
    op.drop_table('task_word')
    op.add_column(
        'task', sa.Column('search_text', sa.String(length=700), nullable=False, server_default='')
    )
    op.get_bind().execute(
        _TASK.update().values(search_text=sa.func.substr(sa.func.lower(_TASK.c.key + ' ' + _TASK.c.title), 1, 700))
    )
    op.execute('ALTER TABLE task DROP COLUMN terms')


def _index_sqlite() -> None:
    op.execute(
        'CREATE VIRTUAL TABLE task_fts USING fts5('
        "terms, content='task', content_rowid='id', detail=none, columnsize=0, prefix='1 2', "
        'tokenize="ascii tokenchars \'@#\'")'
    )
    op.execute(
        'CREATE TRIGGER task_fts_deleted AFTER DELETE ON task BEGIN '
        'INSERT INTO task_fts (task_fts, rowid, terms) '
        "VALUES ('delete', old.id, old.terms); END"
    )
    op.execute("INSERT INTO task_fts (task_fts) VALUES ('rebuild')")


def _index_postgresql() -> None:
    op.execute(
        'ALTER TABLE task ADD COLUMN search_vector tsvector '
        "GENERATED ALWAYS AS (array_to_tsvector(string_to_array(terms, ' '))) STORED"
    )
    op.execute('CREATE INDEX ix_task_search ON task USING gin (search_vector)')


def _fill() -> None:
    """Gives what was synced before its terms; tasks that are written anew get them anyway."""
    connection = op.get_bind()
    known: set[tuple[str, str]] = set()
    for rows in _pages():
        filled = [
            {
                'row': row.id,
                'found_by': index_terms(
                    key=row.key,
                    title=row.title,
                    provider_project_id=row.provider_project_id,
                    integration_id=row.integration_id,
                    assignee_ids=row.assignee_ids or (),
                ),
            }
            for row in rows
        ]
        connection.execute(
            _TASK.update()
            .where(_TASK.c.id == sa.bindparam('row'))
            .values(terms=sa.bindparam('found_by')),
            filled,
        )
        words = {
            (row.team_id, word)
            for row, one in zip(rows, filled, strict=True)
            for word in spoken_words(one["found_by"].split())
        } - known
        if words:
            known |= words
            connection.execute(
                _WORD.insert(), [{'team_id': team, 'word': word} for team, word in sorted(words)]
            )


def _pages() -> Iterator[list[sa.Row[Any]]]:
    last = 0
    while True:
        query = sa.select(*(_TASK.c[name] for name in (*_READ, 'assignee_ids')))
        page = query.where(_TASK.c.id > last).order_by(_TASK.c.id).limit(_PAGE)
        rows = list(op.get_bind().execute(page))
        if not rows:
            return
        yield rows
        last = rows[-1].id
