"""Keep reports that are sent again and again."""

import sqlalchemy as sa
import storage.types
from alembic import op

revision = '0031'
down_revision = '0030'
branch_labels = None
depends_on = None


def upgrade() -> None:
    id_type = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    moment = storage.types.UtcDateTime(timezone=True)

    def to(column: str, target: str) -> sa.ForeignKeyConstraint:
        name = op.f(f'fk_report_schedule_{column}')
        return sa.ForeignKeyConstraint([column], [f'{target}.id'], name=name)

    op.create_table(
        'report_schedule',
        sa.Column('id', id_type, nullable=False),
        sa.Column('team_id', sa.String(), nullable=False),
        sa.Column('member_id', id_type, nullable=False),
        sa.Column('beat', sa.String(length=8), nullable=False),
        sa.Column('on_day', sa.Integer(), nullable=False),
        sa.Column('at', sa.String(length=5), nullable=False),
        sa.Column('period', sa.String(length=80), nullable=False),
        sa.Column('report_group', sa.String(length=10), nullable=True),
        sa.Column('filters', sa.Text(), nullable=False),
        sa.Column('for_team', sa.Boolean(), nullable=False),
        sa.Column('forms', sa.JSON(), nullable=False),
        sa.Column('reach', sa.String(length=8), nullable=False),
        sa.Column('channel_id', sa.String(length=20), nullable=True),
        sa.Column('to_member_id', id_type, nullable=True),
        sa.Column('due_at', moment, nullable=True),
        sa.Column('paused', sa.String(length=10), nullable=True),
        sa.Column('created_at', moment, nullable=False),
        sa.CheckConstraint("beat IN ('day', 'week', 'month')", name=op.f('ck_report_schedule_beat')),
        sa.CheckConstraint(
            "reach IN ('own', 'managed', 'all')", name=op.f('ck_report_schedule_reach')
        ),
        to('team_id', 'team'),
        to('member_id', 'member'),
        to('to_member_id', 'member'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_report_schedule')),
    )
    op.create_index('ix_report_schedule_member', 'report_schedule', ['team_id', 'member_id'])
    op.create_index(
        'ix_report_schedule_due',
        'report_schedule',
        ['due_at'],
        sqlite_where=sa.text('due_at IS NOT NULL'),
        postgresql_where=sa.text('due_at IS NOT NULL'),
    )


def downgrade() -> None:
    op.drop_table('report_schedule')
