"""Keep the address of the Slack message that time was tracked from."""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ('time_entry', 'pending_entry'):
        with op.batch_alter_table(name) as batch:
            batch.add_column(sa.Column('permalink', sa.Text(), nullable=False, server_default=''))


def downgrade() -> None:
    for name in ('time_entry', 'pending_entry'):
        with op.batch_alter_table(name) as batch:
            batch.drop_column('permalink')
