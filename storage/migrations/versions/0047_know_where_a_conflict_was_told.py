"""Know where its owner was asked about a conflict, so that the message can say how it ended."""

import sqlalchemy as sa
from alembic import op

revision = '0047'
down_revision = '0046'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('worklog') as batch:
        batch.add_column(sa.Column('asked_channel', sa.String(length=32), nullable=True))
        batch.add_column(sa.Column('asked_ts', sa.String(length=32), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('worklog') as batch:
        batch.drop_column('asked_ts')
        batch.drop_column('asked_channel')
