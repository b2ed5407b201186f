"""Find what a member marked done last, and the newest wish for a task."""

from alembic import op

revision = '0050'
down_revision = '0049'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index('ix_completion_task', 'completion', ['task_id', 'id'])
    op.create_index('ix_completion_member', 'completion', ['member_id', 'asked_at'])


def downgrade() -> None:
    op.drop_index('ix_completion_member', 'completion')
    op.drop_index('ix_completion_task', 'completion')
