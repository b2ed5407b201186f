"""Keep clients, terms of projects, rates, and tasks that are not billed."""

import sqlalchemy as sa
import storage.types
from alembic import op

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    id_type = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    moment = storage.types.UtcDateTime(timezone=True)

    def to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
        name = op.f(f'fk_{table}_{column}')
        return sa.ForeignKeyConstraint([column], [f'{target}.id'], name=name)

    op.create_table(
        'client',
        sa.Column('id', id_type, nullable=False),
        sa.Column('team_id', sa.String(), nullable=False),
        sa.Column('name', sa.String(length=200), nullable=False),
        sa.Column('name_folded', sa.String(length=300), nullable=False),
        sa.Column('currency', sa.String(length=3), nullable=False),
        sa.Column('archived_at', moment, nullable=True),
        sa.Column('merged_into', id_type, nullable=True),
        sa.Column('created_by', id_type, nullable=True),
        sa.Column('created_at', moment, nullable=False),
        to('client', 'team_id', 'team'),
        to('client', 'merged_into', 'client'),
        to('client', 'created_by', 'member'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_client')),
    )
    op.create_index(
        'uq_client_name',
        'client',
        ['team_id', 'name_folded'],
        unique=True,
        sqlite_where=sa.text('merged_into IS NULL'),
        postgresql_where=sa.text('merged_into IS NULL'),
    )
    op.create_table(
        'project_terms',
        sa.Column('id', id_type, nullable=False),
        sa.Column('team_id', sa.String(), nullable=False),
        sa.Column('project_id', id_type, nullable=False),
        sa.Column('from_day', sa.Date(), nullable=False),
        sa.Column('client_id', id_type, nullable=True),
        sa.Column('method', sa.String(length=16), nullable=False),
        sa.Column('currency', sa.String(length=3), nullable=False),
        sa.Column('fee', id_type, nullable=True),
        sa.Column('set_by', id_type, nullable=True),
        sa.Column('set_at', moment, nullable=False),
        sa.CheckConstraint(
            "method IN ('none', 'project', 'person', 'fixed')",
            name=op.f('ck_project_terms_method'),
        ),
        to('project_terms', 'team_id', 'team'),
        to('project_terms', 'project_id', 'project'),
        to('project_terms', 'client_id', 'client'),
        to('project_terms', 'set_by', 'member'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_project_terms')),
        sa.UniqueConstraint(
            'project_id', 'from_day', name=op.f('uq_project_terms_project_id_from_day')
        ),
    )
    op.create_index('ix_project_terms_team', 'project_terms', ['team_id'])
    op.create_index('ix_project_terms_client', 'project_terms', ['client_id'])
    op.create_table(
        'rate',
        sa.Column('id', id_type, nullable=False),
        sa.Column('team_id', sa.String(), nullable=False),
        sa.Column('project_id', id_type, nullable=True),
        sa.Column('member_id', id_type, nullable=True),
        sa.Column('currency', sa.String(length=3), nullable=False),
        sa.Column('from_day', sa.Date(), nullable=False),
        sa.Column('per_hour', id_type, nullable=False),
        sa.Column('set_by', id_type, nullable=True),
        sa.Column('set_at', moment, nullable=False),
        to('rate', 'team_id', 'team'),
        to('rate', 'project_id', 'project'),
        to('rate', 'member_id', 'member'),
        to('rate', 'set_by', 'member'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_rate')),
    )
    op.create_index('ix_rate_team', 'rate', ['team_id'])
    op.create_index('ix_rate_project', 'rate', ['project_id'])
    op.create_index('ix_rate_member', 'rate', ['member_id'])
    op.create_table(
        'unbilled_task',
        sa.Column('task_id', id_type, nullable=False),
        sa.Column('team_id', sa.String(), nullable=False),
        sa.Column('set_by', id_type, nullable=True),
        sa.Column('set_at', moment, nullable=False),
        to('unbilled_task', 'task_id', 'task'),
        to('unbilled_task', 'team_id', 'team'),
        to('unbilled_task', 'set_by', 'member'),
        sa.PrimaryKeyConstraint('task_id', name=op.f('pk_unbilled_task')),
    )
    op.create_index('ix_unbilled_task_team', 'unbilled_task', ['team_id'])


def downgrade() -> None:
    op.drop_table('unbilled_task')
    op.drop_table('rate')
    op.drop_table('project_terms')
    op.drop_table('client')
