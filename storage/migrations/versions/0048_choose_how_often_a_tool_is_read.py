"""Let admins choose for each tool how often it is read."""

import sqlalchemy as sa
from alembic import op

revision = '0048'
down_revision = '0047'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('integration') as batch:
        batch.add_column(sa.Column('sync_minutes', sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('integration') as batch:
        batch.drop_column('sync_minutes')
