"""Find the active links of a project by one index, also before the database has statistics."""

from alembic import op

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index('ix_project_link_project_state', 'project_link', ['project_id', 'state'])
    op.drop_index('ix_project_link_project', 'project_link')


def downgrade() -> None:
    op.create_index('ix_project_link_project', 'project_link', ['project_id'])
    op.drop_index('ix_project_link_project_state', 'project_link')
