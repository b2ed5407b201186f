"""Give projects a colour, know which tasks' keys are made from a code, count and sum by index."""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('project') as batch:
        batch.add_column(sa.Column('colour', sa.String(length=16), nullable=True))
    with op.batch_alter_table('task') as batch:
        batch.add_column(
            sa.Column('key_is_ours', sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table('task') as batch:
        batch.drop_index('ix_task_provider_project')
        batch.create_index('ix_task_provider_project', ['provider_project_id', 'gone_at'])
    op.drop_index('ix_time_entry_task', 'time_entry')
    op.create_index('ix_time_entry_task', 'time_entry', ['task_id', 'deleted_at', 'seconds'])
    # The next sweep writes every task again and learns whose its key is.
    op.execute("UPDATE task SET row_hash = ''")


def downgrade() -> None:
    op.drop_index('ix_time_entry_task', 'time_entry')
    op.create_index('ix_time_entry_task', 'time_entry', ['task_id'])
    with op.batch_alter_table('task') as batch:
        batch.drop_index('ix_task_provider_project')
        batch.create_index('ix_task_provider_project', ['provider_project_id'])
    with op.batch_alter_table('task') as batch:
        batch.drop_column('key_is_ours')
    with op.batch_alter_table('project') as batch:
        batch.drop_column('colour')
