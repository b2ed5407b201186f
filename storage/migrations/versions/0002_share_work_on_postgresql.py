"""Share work on PostgreSQL: Procrastinate's tables."""

from alembic import op

from storage.migrations import task_queue

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == 'postgresql':
        task_queue.install(op.get_bind())


def downgrade() -> None:
    if op.get_bind().dialect.name == 'postgresql':
        task_queue.remove(op.get_bind())
