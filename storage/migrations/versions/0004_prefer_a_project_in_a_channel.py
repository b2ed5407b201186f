"""Let a channel prefer a project."""

import sqlalchemy as sa
import storage.types
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'channel_default',
        sa.Column('team_id', sa.String(), nullable=False),
        sa.Column('channel_id', sa.String(length=32), nullable=False),
        sa.Column('project_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
        sa.Column('chosen_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
        sa.Column('chosen_at', storage.types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['chosen_by'], ['member.id'], name=op.f('fk_channel_default_chosen_by')),
        sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_channel_default_project_id')),
        sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_channel_default_team_id')),
        sa.PrimaryKeyConstraint('team_id', 'channel_id', name=op.f('pk_channel_default')),
    )


def downgrade() -> None:
    op.drop_table('channel_default')
