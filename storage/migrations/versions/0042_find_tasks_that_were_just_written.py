"""Put tasks into PostgreSQL's index soon: each search reads what is not in it yet."""

from alembic import op

revision = '0042'
down_revision = '0041'
branch_labels = None
depends_on = None

_KILOBYTES = 512
"""Of entries that wait. By default it is 4096, and nobody puts fewer in but a vacuum."""


def upgrade() -> None:
    if op.get_bind().dialect.name != 'sqlite':
        op.execute(f'ALTER INDEX ix_task_search SET (gin_pending_list_limit = {_KILOBYTES})')


def downgrade() -> None:
    if op.get_bind().dialect.name != 'sqlite':
        op.execute('ALTER INDEX ix_task_search RESET (gin_pending_list_limit)')
