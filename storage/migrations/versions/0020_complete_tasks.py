"""Keep who wanted which task done, and what its provider said."""

import sqlalchemy as sa
import storage.types
from alembic import op

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade() -> None:
    id_type = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.create_table(
        'completion',
        sa.Column('id', id_type, nullable=False),
        sa.Column('team_id', sa.String(), nullable=False),
        sa.Column('task_id', id_type, nullable=False),
        sa.Column('project_id', id_type, nullable=False),
        sa.Column('member_id', id_type, nullable=False),
        sa.Column('is_done', sa.Boolean(), nullable=False),
        sa.Column('state', sa.String(length=16), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('asked_at', storage.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column('ended_at', storage.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column('channel_id', sa.String(length=32), nullable=True),
        sa.Column('message_ts', sa.String(length=32), nullable=True),
        sa.CheckConstraint(
            "state IN ('pending', 'done', 'refused', 'unknown')", name=op.f('ck_completion_state')
        ),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_completion_member_id')),
        sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_completion_project_id')),
        sa.ForeignKeyConstraint(['task_id'], ['task.id'], name=op.f('fk_completion_task_id')),
        sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_completion_team_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_completion')),
    )
    op.create_index(
        'uq_completion_pending',
        'completion',
        ['task_id'],
        unique=True,
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )


def downgrade() -> None:
    op.drop_table('completion')
