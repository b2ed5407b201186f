"""Choose whether written time is taken off the estimates in a tool."""

import sqlalchemy as sa
from alembic import op

revision = '0034'
down_revision = '0033'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        'integration',
        sa.Column(
            'write_reduces_estimate', sa.Boolean(), nullable=False, server_default=sa.false()
        ),
    )


def downgrade() -> None:
    op.execute('ALTER TABLE integration DROP COLUMN write_reduces_estimate')
