"""Find rates by whose they are and since when."""

from alembic import op

revision = '0027'
down_revision = '0026'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index('ix_rate_project', 'rate')
    op.drop_index('ix_rate_member', 'rate')
    op.create_index(
        'ix_rate_whose', 'rate', ['project_id', 'member_id', 'currency', 'from_day', 'per_hour']
    )


def downgrade() -> None:
    op.drop_index('ix_rate_whose', 'rate')
    op.create_index('ix_rate_member', 'rate', ['member_id'])
    op.create_index('ix_rate_project', 'rate', ['project_id'])
