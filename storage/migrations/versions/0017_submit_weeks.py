"""Keep submitted weeks, their parts, and up to when people were reminded."""

import sqlalchemy as sa
import storage.types
from alembic import op

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    id_type = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    moment = storage.types.UtcDateTime(timezone=True)
    op.create_table(
        'week_sheet',
        sa.Column('id', id_type, nullable=False),
        sa.Column('team_id', sa.String(), nullable=False),
        sa.Column('member_id', id_type, nullable=False),
        sa.Column('first_day', sa.Date(), nullable=False),
        sa.Column('state', sa.String(length=16), nullable=False),
        sa.Column('submitted_at', moment, nullable=True),
        sa.Column('round', sa.Integer(), nullable=False),
        sa.Column('comment', sa.Text(), nullable=False),
        sa.Column('wish', sa.Text(), nullable=False),
        sa.Column('moved_by', id_type, nullable=True),
        sa.Column('moved_at', moment, nullable=True),
        sa.Column('reminded_at', moment, nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'submitted', 'returned', 'approved')",
            name=op.f('ck_week_sheet_state'),
        ),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_week_sheet_member_id')),
        sa.ForeignKeyConstraint(['moved_by'], ['member.id'], name=op.f('fk_week_sheet_moved_by')),
        sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_week_sheet_team_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_week_sheet')),
        sa.UniqueConstraint(
            'member_id', 'first_day', name=op.f('uq_week_sheet_member_id_first_day')
        ),
    )
    op.create_index('ix_week_sheet_team_state', 'week_sheet', ['team_id', 'state'])
    op.create_table(
        'week_sheet_part',
        sa.Column('week_sheet_id', id_type, nullable=False),
        sa.Column('project_id', id_type, nullable=False),
        sa.Column('team_id', sa.String(), nullable=False),
        sa.Column('seconds', sa.Integer(), nullable=False),
        sa.Column('state', sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'returned', 'approved')",
            name=op.f('ck_week_sheet_part_state'),
        ),
        sa.ForeignKeyConstraint(
            ['project_id'], ['project.id'], name=op.f('fk_week_sheet_part_project_id')
        ),
        sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_week_sheet_part_team_id')),
        sa.ForeignKeyConstraint(
            ['week_sheet_id'], ['week_sheet.id'], name=op.f('fk_week_sheet_part_week_sheet_id')
        ),
        sa.PrimaryKeyConstraint(
            'week_sheet_id', 'project_id', name=op.f('pk_week_sheet_part')
        ),
    )
    op.create_index(
        'ix_week_sheet_part_project', 'week_sheet_part', ['project_id', 'state']
    )
    op.create_table(
        'week_watch',
        sa.Column('team_id', sa.String(), nullable=False),
        sa.Column('looked_at', moment, nullable=False),
        sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_week_watch_team_id')),
        sa.PrimaryKeyConstraint('team_id', name=op.f('pk_week_watch')),
    )
    op.create_index('ix_week_watch_looked_at', 'week_watch', ['looked_at'])


def downgrade() -> None:
    op.drop_table('week_watch')
    op.drop_table('week_sheet_part')
    op.drop_table('week_sheet')
