"""Keep who took a member off a project, so that no policy adds them again."""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    id_type = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    with op.batch_alter_table('project_member') as batch:
        batch.add_column(sa.Column('removed_by', id_type, nullable=True))
        batch.create_foreign_key('fk_project_member_removed_by', 'member', ['removed_by'], ['id'])


def downgrade() -> None:
    with op.batch_alter_table('project_member') as batch:
        batch.drop_constraint('fk_project_member_removed_by', type_='foreignkey')
        batch.drop_column('removed_by')
