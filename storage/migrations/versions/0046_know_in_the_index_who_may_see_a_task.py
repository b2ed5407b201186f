"""Number tasks in SQLite's index by their age and project: most are looked up no more."""

from alembic import op

revision = '0046'
down_revision = '0045'
branch_labels = None
depends_on = None

_PLACE = '-(({0}id << 8) | ({0}provider_project_id & 255))'
_OWN_WORDS = "tokenize=\"ascii tokenchars '@#'\""


def upgrade() -> None:
    _made_anew("content=''", _PLACE)


def downgrade() -> None:
    _made_anew("content='task', content_rowid='id'", '{0}id')


def _made_anew(content: str, place: str) -> None:
    if op.get_bind().dialect.name != 'sqlite':
        return
    op.execute('DROP TRIGGER task_fts_deleted')
    op.execute('DROP TABLE task_fts')
    op.execute(
        'CREATE VIRTUAL TABLE task_fts USING fts5('
        f"terms, {content}, detail=none, columnsize=0, prefix='1 2', {_OWN_WORDS})"
    )
    op.execute(
        'CREATE TRIGGER task_fts_deleted AFTER DELETE ON task BEGIN '
        'INSERT INTO task_fts (task_fts, rowid, terms) '
        f"VALUES ('delete', {place.format('old.')}, old.terms); END"
    )
    # In the order of these numbers, or the index is written out task by task.
    op.execute(
        f'INSERT INTO task_fts (rowid, terms) SELECT {place.format("")}, terms FROM task ORDER BY 1'
    )
