"""Remember with each worklog whether it was taken off its task's remaining estimate."""

import sqlalchemy as sa
from alembic import op

revision = '0037'
down_revision = '0036'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('worklog', sa.Column('reduces_estimate', sa.Boolean(), nullable=True))
    # How each was written was not kept: what is chosen now is the likeliest.
    op.execute(
        'UPDATE worklog SET reduces_estimate = (SELECT write_reduces_estimate FROM integration'
        ' WHERE integration.id = worklog.integration_id) WHERE author_set'
    )


def downgrade() -> None:
    op.execute('ALTER TABLE worklog DROP COLUMN reduces_estimate')
