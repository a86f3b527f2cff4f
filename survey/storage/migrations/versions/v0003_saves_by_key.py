"""A save is remembered by the key its browser made, with its event: repeated, it is answered and not done again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the key; events of before have none."""
    op.add_column("event", sa.Column("save_key", sa.Text(), nullable=True))
    op.create_index("uq_event_save_key", "event", ["stream", "save_key"], unique=True)


def downgrade() -> None:
    """What the new column holds would be lost: restore a backup instead."""
    raise NotImplementedError
