"""One message to each person about time that could not be written."""

import sqlalchemy as sa
import storage.types
from alembic import op

revision = '0032'
down_revision = '0031'
branch_labels = None
depends_on = None


def upgrade() -> None:
    identity = storage.types.BigId
    op.create_table(
        'worklog_notice',
        sa.Column('id', identity, nullable=False),
        sa.Column('team_id', sa.String(), nullable=False),
        sa.Column('member_id', identity, nullable=False),
        sa.Column('integration_id', identity, nullable=False),
        sa.Column('channel_id', sa.String(length=32), nullable=False),
        sa.Column('message_ts', sa.String(length=32), nullable=False),
        sa.Column('posted_at', storage.types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['integration_id'], ['integration.id']),
        sa.ForeignKeyConstraint(['member_id'], ['member.id']),
        sa.ForeignKeyConstraint(['team_id'], ['team.id']),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('member_id', 'integration_id'),
    )


def downgrade() -> None:
    op.drop_table('worklog_notice')
