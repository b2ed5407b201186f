"""Keep budgets of projects, their warnings, and which of them to look at."""

import sqlalchemy as sa
import storage.types
from alembic import op

revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None


def upgrade() -> None:
    id_type = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    moment = storage.types.UtcDateTime(timezone=True)

    def to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
        name = op.f(f'fk_{table}_{column}')
        return sa.ForeignKeyConstraint([column], [f'{target}.id'], name=name)

    op.create_table(
        'budget',
        sa.Column('project_id', id_type, nullable=False),
        sa.Column('team_id', sa.String(), nullable=False),
        sa.Column('kind', sa.String(length=8), nullable=False),
        sa.Column('amount', id_type, nullable=False),
        sa.Column('currency', sa.String(length=3), nullable=True),
        sa.Column('every', sa.String(length=8), nullable=False),
        sa.Column('thresholds', sa.JSON(), nullable=False),
        sa.Column('set_by', id_type, nullable=True),
        sa.Column('set_at', moment, nullable=False),
        sa.CheckConstraint("kind IN ('hours', 'money')", name=op.f('ck_budget_kind')),
        sa.CheckConstraint("every IN ('once', 'week', 'month')", name=op.f('ck_budget_every')),
        to('budget', 'project_id', 'project'),
        to('budget', 'team_id', 'team'),
        to('budget', 'set_by', 'member'),
        sa.PrimaryKeyConstraint('project_id', name=op.f('pk_budget')),
    )
    op.create_index('ix_budget_team', 'budget', ['team_id'])
    op.create_table(
        'budget_warning',
        sa.Column('id', id_type, nullable=False),
        sa.Column('team_id', sa.String(), nullable=False),
        sa.Column('project_id', id_type, nullable=False),
        sa.Column('first_day', sa.Date(), nullable=False),
        sa.Column('threshold', sa.Integer(), nullable=False),
        sa.Column('spent', id_type, nullable=False),
        sa.Column('seen_at', moment, nullable=False),
        to('budget_warning', 'team_id', 'team'),
        to('budget_warning', 'project_id', 'project'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_budget_warning')),
        sa.UniqueConstraint(
            'project_id',
            'first_day',
            'threshold',
            name=op.f('uq_budget_warning_project_id_first_day_threshold'),
        ),
    )
    op.create_table(
        'budget_look',
        sa.Column('id', id_type, nullable=False),
        sa.Column('team_id', sa.String(), nullable=False),
        sa.Column('project_id', id_type, nullable=False),
        sa.Column('day', sa.Date(), nullable=False),
        to('budget_look', 'team_id', 'team'),
        to('budget_look', 'project_id', 'project'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_budget_look')),
    )
    op.create_index('ix_budget_look_team', 'budget_look', ['team_id'])


def downgrade() -> None:
    op.drop_table('budget_look')
    op.drop_table('budget_warning')
    op.drop_table('budget')
