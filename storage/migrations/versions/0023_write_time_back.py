"""Keep what is written back, and where each entry's record in its tool stands."""

import sqlalchemy as sa
import storage.types
from alembic import op

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None

_WAITING = sa.text("state NOT IN ('written', 'off')")


def upgrade() -> None:
    _settings()
    id_type = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    moment = storage.types.UtcDateTime(timezone=True)
    op.create_table(
        'worklog',
        sa.Column('id', id_type, nullable=False),
        sa.Column('team_id', sa.String(), nullable=False),
        sa.Column('time_entry_id', id_type, nullable=False),
        sa.Column('integration_id', id_type, nullable=False),
        sa.Column('task_id', id_type, nullable=True),
        sa.Column('state', sa.String(length=16), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('marker', sa.String(length=32), nullable=False),
        sa.Column('revision', sa.Integer(), nullable=False),
        sa.Column('owed_in', sa.String(length=32), nullable=True),
        sa.Column('created_at', moment, nullable=False),
        sa.Column('settled_at', moment, nullable=True),
        sa.Column('author_set', sa.Boolean(), nullable=False),
        sa.Column('author_link_id', id_type, nullable=True),
        sa.Column('author_account', sa.String(length=255), nullable=True),
        sa.Column('task_external', sa.String(length=255), nullable=False),
        sa.Column('external_id', sa.String(length=255), nullable=True),
        sa.Column('version', sa.String(length=255), nullable=False),
        sa.Column('kept_seconds', sa.Integer(), nullable=True),
        sa.Column('kept_day', sa.Date(), nullable=True),
        sa.Column('digest', sa.String(length=32), nullable=False),
        sa.Column('tried_task', sa.String(length=255), nullable=True),
        sa.Column('tried_seconds', sa.Integer(), nullable=True),
        sa.Column('tried_day', sa.Date(), nullable=True),
        sa.Column('tried_digest', sa.String(length=32), nullable=False),
        sa.Column('theirs_id', sa.String(length=255), nullable=True),
        sa.Column('theirs_version', sa.String(length=255), nullable=False),
        sa.Column('theirs_seconds', sa.Integer(), nullable=True),
        sa.Column('theirs_day', sa.Date(), nullable=True),
        sa.CheckConstraint(
            "state IN ('pending', 'written', 'failed', 'conflict', 'off')",
            name=op.f('ck_worklog_state'),
        ),
        sa.ForeignKeyConstraint(['author_link_id'], ['account_link.id'], name=op.f('fk_worklog_author_link_id')),
        sa.ForeignKeyConstraint(['integration_id'], ['integration.id'], name=op.f('fk_worklog_integration_id')),
        sa.ForeignKeyConstraint(['task_id'], ['task.id'], name=op.f('fk_worklog_task_id')),
        sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_worklog_team_id')),
        sa.ForeignKeyConstraint(['time_entry_id'], ['time_entry.id'], name=op.f('fk_worklog_time_entry_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_worklog')),
        sa.UniqueConstraint('time_entry_id', 'integration_id', name=op.f('uq_worklog_time_entry_id_integration_id')),
    )
    op.create_index('ix_worklog_integration_state', 'worklog', ['integration_id', 'state'])
    op.create_index(
        'ix_worklog_waiting',
        'worklog',
        ['team_id', 'state'],
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )


def _settings() -> None:
    columns: tuple[sa.Column[object], ...] = (
        sa.Column('write_mode', sa.String(length=16), nullable=False, server_default='off'),
        sa.Column('write_shortest', sa.Integer(), nullable=False, server_default='0'),
        sa.Column('write_text', sa.String(length=200), nullable=False, server_default=''),
    )
    for column in columns:
        op.add_column('integration', column)
    # Nobody could choose it before, so nothing that is connected begins to write by itself.
    op.execute('ALTER TABLE integration DROP COLUMN write_back')


def downgrade() -> None:
    op.drop_table('worklog')
    op.add_column(
        'integration',
        sa.Column('write_back', sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    for name in ('write_mode', 'write_shortest', 'write_text'):
        op.execute(f'ALTER TABLE integration DROP COLUMN {name}')
