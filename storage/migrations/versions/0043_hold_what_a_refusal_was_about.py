"""Let what was refused point at tools, tasks and projects that there are, as all other rows do."""

from alembic import op

revision = '0043'
down_revision = '0042'
branch_labels = None
depends_on = None

_TABLES = ('integration', 'task', 'project')


def upgrade() -> None:
    for table in _TABLES:
        # Nobody misses what is kept for a day; a row that points at nothing stops PostgreSQL.
        op.execute(
            f'DELETE FROM pending_entry WHERE {table}_id IS NOT NULL '
            f'AND {table}_id NOT IN (SELECT id FROM {table})'
        )
    with op.batch_alter_table('pending_entry') as batch:
        for table in _TABLES:
            batch.create_foreign_key(_name(table), table, [f'{table}_id'], ['id'])


def downgrade() -> None:
    with op.batch_alter_table('pending_entry') as batch:
        for table in _TABLES:
            batch.drop_constraint(_name(table), type_='foreignkey')


def _name(table: str) -> str:
    return f'fk_pending_entry_{table}_id_{table}'
