"""Remember which task was unfurled in which channel, and when."""

import sqlalchemy as sa
from alembic import op

import storage.types

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    id_type = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.create_table(
        'unfurl',
        sa.Column('team_id', sa.String(), nullable=False),
        sa.Column('channel_id', sa.String(length=32), nullable=False),
        sa.Column('task_id', id_type, nullable=False),
        sa.Column('at', storage.types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['task_id'], ['task.id'], name='fk_unfurl_task_id'),
        sa.ForeignKeyConstraint(['team_id'], ['team.id'], name='fk_unfurl_team_id'),
        sa.PrimaryKeyConstraint('team_id', 'channel_id', 'task_id', name='pk_unfurl'),
    )
    op.create_index('ix_unfurl_at', 'unfurl', ['at'])


def downgrade() -> None:
    op.drop_table('unfurl')
