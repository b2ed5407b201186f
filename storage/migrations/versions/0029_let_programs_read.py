"""Keep the tokens with which people's own programs read, and find what changed of late."""

import sqlalchemy as sa
import storage.types
from alembic import op

revision = '0029'
down_revision = '0028'
branch_labels = None
depends_on = None


def upgrade() -> None:
    id_type = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    moment = storage.types.UtcDateTime(timezone=True)
    op.create_table(
        'api_token',
        sa.Column('id', id_type, nullable=False),
        sa.Column('team_id', sa.String(), nullable=False),
        sa.Column('member_id', id_type, nullable=False),
        sa.Column('name', sa.String(length=80), nullable=False),
        sa.Column('public', sa.String(length=16), nullable=False),
        sa.Column('sealed_digest', sa.Text(), nullable=False),
        sa.Column('made_at', moment, nullable=False),
        sa.Column('expires_at', moment, nullable=True),
        sa.Column('used_at', moment, nullable=True),
        sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_api_token_team_id')),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_api_token_member_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_api_token')),
        sa.UniqueConstraint('public', name=op.f('uq_api_token_public')),
    )
    op.create_index(op.f('ix_api_token_team_id'), 'api_token', ['team_id'])
    op.create_index(op.f('ix_api_token_member_id'), 'api_token', ['member_id'])
    op.create_index(
        'ix_time_entry_change_at', 'time_entry_change', ['team_id', 'at', 'time_entry_id']
    )


def downgrade() -> None:
    op.drop_index('ix_time_entry_change_at', 'time_entry_change')
    op.drop_table('api_token')
