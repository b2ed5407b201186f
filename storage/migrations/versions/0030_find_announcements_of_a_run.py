"""Find the announcements of a sync run, so that runs of which nothing came can be dropped."""

from alembic import op

revision = '0030'
down_revision = '0029'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index('ix_announcement_run', 'announcement', ['sync_run_id'])


def downgrade() -> None:
    op.drop_index('ix_announcement_run', 'announcement')
