"""Keep which provider projects an integration lets in, and read them in the order of their names."""

import sqlalchemy as sa
import storage.types
from alembic import op
from bot.domain.linking.link_search import search_text

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

INDEX = 'ix_provider_project_team_search'
NAMES = ('id', 'name', 'key', 'workspace_name', 'search_text')


def upgrade() -> None:
    with op.batch_alter_table('integration') as batch:
        batch.add_column(sa.Column('rules', sa.JSON(), nullable=False, server_default='[]'))
        batch.add_column(
            sa.Column('disconnected_at', storage.types.UtcDateTime(timezone=True), nullable=True)
        )
    with op.batch_alter_table('provider_project') as batch:
        batch.add_column(
            sa.Column('left_out', sa.Boolean(), nullable=False, server_default=sa.false())
        )
    _fill()
    if op.get_bind().dialect.name == 'postgresql':
        op.alter_column(
            'provider_project', 'search_text', type_=sa.String(length=1200, collation='C')
        )
    op.drop_index('ix_provider_project_team_name', 'provider_project')
    op.create_index(INDEX, 'provider_project', ['team_id', 'search_text'])


def _fill() -> None:
    projects = sa.table('provider_project', *map(sa.column, NAMES))
    columns = projects.c
    rows = op.get_bind().execute(
        sa.select(columns.id, columns.name, columns.key, columns.workspace_name)
    )
    found = [
        {'row': row.id, 'text': search_text(row.name, row.key, row.workspace_name)} for row in rows
    ]
    if found:
        op.get_bind().execute(
            sa.update(projects)
            .where(columns.id == sa.bindparam('row'))
            .values(search_text=sa.bindparam('text')),
            found,
        )


def downgrade() -> None:
    op.drop_index(INDEX, 'provider_project')
    op.create_index('ix_provider_project_team_name', 'provider_project', ['team_id', 'name'])
    if op.get_bind().dialect.name == 'postgresql':
        op.alter_column(
            'provider_project', 'search_text', type_=sa.String(length=1200, collation='default')
        )
    with op.batch_alter_table('provider_project') as batch:
        batch.drop_column('left_out')
    with op.batch_alter_table('integration') as batch:
        batch.drop_column('disconnected_at')
        batch.drop_column('rules')
