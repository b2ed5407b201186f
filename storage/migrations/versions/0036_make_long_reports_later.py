"""Make long reports in the background."""

import sqlalchemy as sa
import storage.types
from alembic import op

revision = '0036'
down_revision = '0035'
branch_labels = None
depends_on = None


def upgrade() -> None:
    id_type = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    moment = storage.types.UtcDateTime(timezone=True)
    op.create_table(
        'report_run',
        sa.Column('id', id_type, nullable=False),
        sa.Column('team_id', sa.String(), nullable=False),
        sa.Column('member_id', id_type, nullable=False),
        sa.Column('period', sa.String(length=24), nullable=False),
        sa.Column('grouped_by', sa.String(length=16), nullable=False),
        sa.Column('filters', sa.String(length=2000), nullable=False),
        sa.Column('for_team', sa.Boolean(), nullable=False),
        sa.Column('page', sa.Integer(), nullable=False),
        sa.Column('form', sa.String(length=8), nullable=False),
        sa.Column('state', sa.String(length=16), nullable=False),
        sa.Column('asked_at', moment, nullable=False),
        sa.Column('ended_at', moment, nullable=True),
        sa.Column('channel_id', sa.String(length=32), nullable=True),
        sa.Column('message_ts', sa.String(length=32), nullable=True),
        sa.CheckConstraint(
            "state IN ('under_way', 'done', 'cancelled', 'failed')",
            name=op.f('ck_report_run_state'),
        ),
        sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_report_run_team_id')),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_report_run_member_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_report_run')),
    )
    op.create_index('ix_report_run_member', 'report_run', ['member_id', 'state'])
    op.create_index('ix_report_run_team', 'report_run', ['team_id'])


def downgrade() -> None:
    op.drop_table('report_run')
