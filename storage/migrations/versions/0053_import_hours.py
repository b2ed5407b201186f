"""Take in hours that were tracked elsewhere, and know them again."""

import sqlalchemy as sa
import storage.types
from alembic import op


revision = '0053'
down_revision = '0052'
branch_labels = None
depends_on = None

_IMPORTED = sa.text('import_id IS NOT NULL')


def upgrade() -> None:
    id_type = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    moment = storage.types.UtcDateTime(timezone=True)
    op.create_table(
        'time_import',
        sa.Column('id', id_type, nullable=False),
        sa.Column('team_id', sa.String(), nullable=False),
        sa.Column('file_name', sa.String(length=255), nullable=False),
        sa.Column('digest', sa.String(length=32), nullable=False),
        sa.Column('step', sa.String(length=32), nullable=False),
        sa.Column('begun_at', moment, nullable=False),
        sa.Column('ended_at', moment, nullable=True),
        sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_time_import_team_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_time_import')),
        sa.UniqueConstraint('step', name=op.f('uq_time_import_step')),
    )
    op.create_index(op.f('ix_time_import_team_id'), 'time_import', ['team_id'])
    op.add_column('time_entry', sa.Column('import_id', id_type, nullable=True))
    op.create_table(
        'imported_row',
        sa.Column('id', id_type, nullable=False),
        sa.Column('team_id', sa.String(), nullable=False),
        sa.Column('mark', sa.String(length=32), nullable=False),
        sa.Column('import_id', id_type, nullable=False),
        sa.Column('time_entry_id', id_type, nullable=False),
        sa.ForeignKeyConstraint(['import_id'], ['time_import.id'], name=op.f('fk_imported_row_import_id')),
        sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_imported_row_team_id')),
        sa.ForeignKeyConstraint(['time_entry_id'], ['time_entry.id'], name=op.f('fk_imported_row_time_entry_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_imported_row')),
        sa.UniqueConstraint('team_id', 'mark', name=op.f('uq_imported_row_team_id_mark')),
    )
    op.create_index(op.f('ix_imported_row_import_id'), 'imported_row', ['import_id'])
    op.create_index(op.f('ix_imported_row_time_entry_id'), 'imported_row', ['time_entry_id'])
    op.create_index(
        'ix_time_entry_import',
        'time_entry',
        ['import_id'],
        sqlite_where=_IMPORTED,
        postgresql_where=_IMPORTED,
    )


def downgrade() -> None:
    op.drop_index('ix_time_entry_import', 'time_entry')
    op.execute('ALTER TABLE time_entry DROP COLUMN import_id')
    op.drop_table('imported_row')
    op.drop_table('time_import')
