"""Know where several people were asked, so that one's answer shows in the others' messages."""

import sqlalchemy as sa
import storage.types
from alembic import op


revision = '0052'
down_revision = '0051'
branch_labels = None
depends_on = None


def upgrade() -> None:
    id_type = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    moment = storage.types.UtcDateTime(timezone=True)
    op.create_table(
        'asked_message',
        sa.Column('id', id_type, nullable=False),
        sa.Column('team_id', sa.String(), nullable=False),
        sa.Column('subject', sa.String(length=100), nullable=False),
        sa.Column('member_id', id_type, nullable=False),
        sa.Column('channel_id', sa.String(length=32), nullable=False),
        sa.Column('ts', sa.String(length=32), nullable=False),
        sa.Column('asked_at', moment, nullable=False),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_asked_message_member_id')),
        sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_asked_message_team_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_asked_message')),
    )
    op.create_index(
        'uq_asked_message', 'asked_message', ['team_id', 'subject', 'member_id'], unique=True
    )
    op.create_index('ix_asked_message_member', 'asked_message', ['member_id'])
    op.create_index(op.f('ix_asked_message_asked_at'), 'asked_message', ['asked_at'])


def downgrade() -> None:
    op.drop_table('asked_message')
