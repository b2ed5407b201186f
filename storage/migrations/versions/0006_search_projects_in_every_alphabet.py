"""Search and sort projects in every alphabet, sum their time, keep what is ticked in a list."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
import storage.types
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

_PAGE = 1000


def upgrade() -> None:
    id_type = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    with op.batch_alter_table('project') as batch:
        batch.add_column(
            sa.Column('name_folded', sa.String(length=700), nullable=False, server_default='')
        )
    with op.batch_alter_table('provider_project') as batch:
        batch.add_column(
            sa.Column('search_text', sa.String(length=1200), nullable=False, server_default='')
        )
    _fill()
    with op.batch_alter_table('project') as batch:
        batch.alter_column('name_folded', server_default=None)
        batch.drop_index('ix_project_team_name')
        batch.create_index('ix_project_team_name', ['team_id', 'name_folded'])
    with op.batch_alter_table('provider_project') as batch:
        batch.alter_column('search_text', server_default=None)
    op.create_index(
        'ix_time_entry_project',
        'time_entry',
        ['project_id', 'work_date', 'member_id', 'task_id', 'seconds'],
        sqlite_where=sa.text('deleted_at IS NULL'),
        postgresql_where=sa.text('deleted_at IS NULL'),
    )
    op.create_table(
        'selection',
        sa.Column('id', id_type, nullable=False),
        sa.Column('team_id', sa.String(), nullable=False),
        sa.Column('member_id', id_type, nullable=False),
        sa.Column('made_at', storage.types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_selection_member_id')),
        sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_selection_team_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_selection')),
    )
    op.create_index('ix_selection_member', 'selection', ['member_id'])
    op.create_table(
        'selected',
        sa.Column('selection_id', id_type, nullable=False),
        sa.Column('kind', sa.String(length=16), nullable=False),
        sa.Column('item_id', id_type, nullable=False),
        sa.Column('team_id', sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('project', 'provider_project')", name=op.f('ck_selected_kind')
        ),
        sa.ForeignKeyConstraint(
            ['selection_id'], ['selection.id'], name=op.f('fk_selected_selection_id')
        ),
        sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_selected_team_id')),
        sa.PrimaryKeyConstraint('selection_id', 'kind', 'item_id', name=op.f('pk_selected')),
    )


def downgrade() -> None:
    op.drop_table('selected')
    op.drop_table('selection')
    op.drop_index(
        'ix_time_entry_project',
        'time_entry',
        sqlite_where=sa.text('deleted_at IS NULL'),
        postgresql_where=sa.text('deleted_at IS NULL'),
    )
    with op.batch_alter_table('provider_project') as batch:
        batch.drop_column('search_text')
    with op.batch_alter_table('project') as batch:
        batch.drop_index('ix_project_team_name')
        batch.create_index('ix_project_team_name', ['team_id', 'name'])
        batch.drop_column('name_folded')


def _fill() -> None:
    """Neither database folds every alphabet by itself."""
    project = sa.table('project', sa.column('id'), sa.column('name'), sa.column('name_folded'))
    for rows in _pages(project, project.c.id, project.c.name):
        op.get_bind().execute(
            project.update().where(project.c.id == sa.bindparam('row')).values(name_folded=sa.bindparam('text')),
            [{'row': row.id, 'text': _folded(row.name)} for row in rows],
        )
    names = ('id', 'name', 'key', 'workspace_name', 'search_text')
    source = sa.table('provider_project', *(sa.column(name) for name in names))
    columns = (source.c.id, source.c.name, source.c.key, source.c.workspace_name)
    for rows in _pages(source, *columns):
        op.get_bind().execute(
            source.update().where(source.c.id == sa.bindparam('row')).values(search_text=sa.bindparam('text')),
            [
                {
                    'row': row.id,
                    'text': f"{_folded(row.name)} {row.key or ''} {row.workspace_name}".casefold()[:1200],
                }
                for row in rows
            ],
        )


def _pages(of: sa.TableClause, *columns: sa.ColumnClause[Any]) -> Iterator[list[sa.Row[Any]]]:
    last = 0
    while True:
        query = sa.select(*columns).where(of.c.id > last).order_by(of.c.id).limit(_PAGE)
        rows = list(op.get_bind().execute(query))
        if not rows:
            return
        yield rows
        last = rows[-1].id


def _folded(name: str) -> str:
    return ' '.join(name.split()).casefold()[:700]
