"""Mark accounts that are gone in their tool, and those missing from its list of people."""

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None

_COLUMNS = ('gone_at', 'unlisted_at')


def upgrade() -> None:
    for name in _COLUMNS:
        op.add_column('provider_account', sa.Column(name, UtcDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('provider_account') as batch:
        for name in _COLUMNS:
            batch.drop_column(name)
