"""Let a refresh be asked for some projects of a tool."""

import sqlalchemy as sa
from alembic import op

revision = '0049'
down_revision = '0048'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('sync_wish') as batch:
        batch.add_column(sa.Column('projects', sa.JSON(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('sync_wish') as batch:
        batch.drop_column('projects')
