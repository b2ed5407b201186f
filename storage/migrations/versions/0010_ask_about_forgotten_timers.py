"""Keep when a running timer is asked about, and the questions."""

import sqlalchemy as sa
import storage.types
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    id_type = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    moment = storage.types.UtcDateTime(timezone=True)
    op.add_column('time_entry', sa.Column('ask_at', moment, nullable=True))
    op.execute(
        'UPDATE time_entry SET ask_at = started_at WHERE seconds IS NULL AND deleted_at IS NULL'
    )
    op.create_index(
        'ix_time_entry_ask_at',
        'time_entry',
        ['ask_at'],
        sqlite_where=sa.text('ask_at IS NOT NULL'),
        postgresql_where=sa.text('ask_at IS NOT NULL'),
    )
    op.create_table(
        'timer_question',
        sa.Column('id', id_type, nullable=False),
        sa.Column('team_id', sa.String(), nullable=False),
        sa.Column('member_id', id_type, nullable=False),
        sa.Column('time_entry_id', id_type, nullable=False),
        sa.Column('state', sa.String(length=16), nullable=False),
        sa.Column('asked_at', moment, nullable=False),
        sa.Column('ends_at', moment, nullable=False),
        sa.Column('is_delivered', sa.Boolean(), nullable=False),
        sa.Column('answered_at', moment, nullable=True),
        sa.Column('again_at', moment, nullable=True),
        sa.CheckConstraint(
            "state IN ('asked', 'working', 'snoozed', 'stopped', 'unanswered', 'overtaken')",
            name=op.f('ck_timer_question_state'),
        ),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_timer_question_member_id')),
        sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_timer_question_team_id')),
        sa.ForeignKeyConstraint(
            ['time_entry_id'], ['time_entry.id'], name=op.f('fk_timer_question_time_entry_id')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_timer_question')),
    )
    op.create_index('ix_timer_question_entry', 'timer_question', ['time_entry_id'])
    op.create_index(
        'uq_timer_question_open',
        'timer_question',
        ['time_entry_id'],
        unique=True,
        sqlite_where=sa.text("state = 'asked'"),
        postgresql_where=sa.text("state = 'asked'"),
    )


def downgrade() -> None:
    op.drop_table('timer_question')
    op.drop_index('ix_time_entry_ask_at', table_name='time_entry')
    op.drop_column('time_entry', 'ask_at')
