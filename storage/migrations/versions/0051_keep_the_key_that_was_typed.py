"""Keep the key that was typed, so that a task that is read later is found once it is there."""

import sqlalchemy as sa
from alembic import op

revision = '0051'
down_revision = '0050'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The version of before goes on writing rows without it.
    op.add_column(
        'pending_entry', sa.Column('wanted_key', sa.Text(), nullable=False, server_default='')
    )


def downgrade() -> None:
    with op.batch_alter_table('pending_entry') as batch:
        batch.drop_column('wanted_key')
