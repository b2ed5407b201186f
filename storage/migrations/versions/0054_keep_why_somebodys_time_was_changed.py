"""Keep what a manager said when they stopped somebody's timer."""

import sqlalchemy as sa
from alembic import op

revision = '0054'
down_revision = '0053'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The version of before goes on writing rows without it.
    op.add_column(
        'time_entry_change', sa.Column('reason', sa.Text(), nullable=False, server_default='')
    )


def downgrade() -> None:
    with op.batch_alter_table('time_entry_change') as batch:
        batch.drop_column('reason')
