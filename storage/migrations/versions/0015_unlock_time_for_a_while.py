"""Keep which locked time is open, and who asked for it."""

import sqlalchemy as sa
import storage.types
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    id_type = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    moment = storage.types.UtcDateTime(timezone=True)
    op.create_table(
        'unlock',
        sa.Column('id', id_type, nullable=False),
        sa.Column('team_id', sa.String(), nullable=False),
        sa.Column('member_id', id_type, nullable=False),
        sa.Column('project_id', id_type, nullable=True),
        sa.Column('first_day', sa.Date(), nullable=False),
        sa.Column('last_day', sa.Date(), nullable=False),
        sa.Column('state', sa.String(length=16), nullable=False),
        sa.Column('wish', sa.Text(), nullable=False),
        sa.Column('asked_at', moment, nullable=True),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('decided_by', id_type, nullable=True),
        sa.Column('decided_at', moment, nullable=True),
        sa.Column('until', moment, nullable=True),
        sa.CheckConstraint(
            "state IN ('asked', 'granted', 'refused', 'ended')", name=op.f('ck_unlock_state')
        ),
        sa.ForeignKeyConstraint(['decided_by'], ['member.id'], name=op.f('fk_unlock_decided_by')),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_unlock_member_id')),
        sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_unlock_project_id')),
        sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_unlock_team_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_unlock')),
    )
    op.create_index('ix_unlock_member', 'unlock', ['member_id', 'state'])
    op.create_index('ix_unlock_team', 'unlock', ['team_id', 'state'])


def downgrade() -> None:
    op.drop_table('unlock')
