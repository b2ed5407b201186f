"""Find what points to a task or a member: for each that is erased, databases look for it."""

from alembic import op

revision = '0045'
down_revision = '0044'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index('ix_worklog_task', 'worklog', ['task_id'])
    op.create_index('ix_audit_actor', 'audit', ['actor_id'])


def downgrade() -> None:
    op.drop_index('ix_audit_actor', 'audit')
    op.drop_index('ix_worklog_task', 'worklog')
