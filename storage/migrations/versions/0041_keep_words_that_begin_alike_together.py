"""Keep the words of a team's tasks in the order of their bytes: what begins alike is one range."""

import sqlalchemy as sa
from alembic import op

revision = '0041'
down_revision = '0040'
branch_labels = None
depends_on = None


def upgrade() -> None:
    _sort('C')


def downgrade() -> None:
    _sort('default')


def _sort(collation: str) -> None:
    if op.get_bind().dialect.name != 'sqlite':  # whose text is sorted like that
        op.alter_column('task_word', 'word', type_=sa.String(length=40, collation=collation))
