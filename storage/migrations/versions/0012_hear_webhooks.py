"""Keep webhooks, and what they have told until it is read again."""

import sqlalchemy as sa
import storage.types
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    moment = storage.types.UtcDateTime(timezone=True)
    op.create_table(
        'hook',
        sa.Column('integration_id', BIG_ID, sa.ForeignKey('integration.id'), nullable=False),
        sa.Column('team_id', sa.String(), sa.ForeignKey('team.id'), nullable=False),
        sa.Column('sealed_secrets', sa.Text(), nullable=False),
        sa.Column('asked_until', moment, nullable=True),
        sa.Column('watched', sa.String(length=64), nullable=False),
        sa.Column('renew_at', moment, nullable=True),
        sa.Column('problem', sa.Text(), nullable=True),
        sa.Column('heard_at', moment, nullable=True),
        sa.PrimaryKeyConstraint('integration_id'),
    )
    op.create_table(
        'hook_news',
        sa.Column('id', BIG_ID, nullable=False),
        sa.Column('team_id', sa.String(), sa.ForeignKey('team.id'), nullable=False),
        sa.Column('integration_id', BIG_ID, sa.ForeignKey('integration.id'), nullable=False),
        sa.Column('project', sa.String(length=255), nullable=False),
        sa.Column('task', sa.String(length=255), nullable=False),
        sa.Column('heard_at', moment, nullable=False),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index(
        'uq_hook_news_integration_id_project_task',
        'hook_news',
        ['integration_id', 'project', 'task'],
        unique=True,
    )
    with op.batch_alter_table('sync_run') as batch:
        batch.add_column(
            sa.Column('heard', sa.Boolean(), nullable=False, server_default=sa.false())
        )


def downgrade() -> None:
    with op.batch_alter_table('sync_run') as batch:
        batch.drop_column('heard')
    op.drop_table('hook_news')
    op.drop_table('hook')
