"""A document may have a file."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the file; documents of before have none."""
    op.add_column("evidence", sa.Column("file_id", sa.Integer(), nullable=True))


def downgrade() -> None:
    """What the new column holds would be lost: restore a backup instead."""
    raise NotImplementedError
