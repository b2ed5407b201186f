"""Remember when time was sent to a tool, so that it is not looked for too early."""

import sqlalchemy as sa
import storage.types
from alembic import op

revision = '0028'
down_revision = '0027'
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = storage.types.UtcDateTime(timezone=True)
    op.add_column('worklog', sa.Column('tried_at', moment, nullable=True))
    op.execute("UPDATE worklog SET tried_at = created_at WHERE tried_task IS NOT NULL")


def downgrade() -> None:
    op.execute('ALTER TABLE worklog DROP COLUMN tried_at')
