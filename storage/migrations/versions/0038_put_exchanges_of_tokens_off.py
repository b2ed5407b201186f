"""Count how often in a row a token could not be exchanged, to try less often."""

import sqlalchemy as sa
from alembic import op

revision = '0038'
down_revision = '0037'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        'token_renewal', sa.Column('attempts', sa.Integer(), nullable=False, server_default='0')
    )


def downgrade() -> None:
    op.execute('ALTER TABLE token_renewal DROP COLUMN attempts')
