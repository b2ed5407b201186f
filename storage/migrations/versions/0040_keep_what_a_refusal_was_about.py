"""Keep for which tool's account, and on which task, what was refused waits."""

import sqlalchemy as sa
from alembic import op

revision = '0040'
down_revision = '0039'
branch_labels = None
depends_on = None

_COLUMNS = ('integration_id', 'task_id', 'project_id')


def upgrade() -> None:
    id_type = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    with op.batch_alter_table('pending_entry') as batch:
        for name in _COLUMNS:
            batch.add_column(sa.Column(name, id_type, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('pending_entry') as batch:
        for name in _COLUMNS:
            batch.drop_column(name)
