"""Let tasks be frozen: another one has their id in the provider from then on."""

import sqlalchemy as sa
from alembic import op

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in a batch: SQLite would make the whole table anew, without its trigger.
    op.add_column('task', sa.Column('frozen_external_id', sa.String(length=255), nullable=True))


def downgrade() -> None:
    op.execute('ALTER TABLE task DROP COLUMN frozen_external_id')
