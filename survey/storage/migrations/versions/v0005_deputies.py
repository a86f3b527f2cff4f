"""Leaders name deputies for some days, and find what has changed since they last opened a phiếu."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make both tables; nobody deputises yet, and every phiếu is opened for the first time."""
    op.create_table(
        "deputy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.Text(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=False),
        sa.Column("named_by", sa.Integer(), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="fk_deputy_agency_id"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_deputy_account_id"),
        sa.ForeignKeyConstraint(["named_by"], ["account.id"], name="fk_deputy_named_by"),
        sa.ForeignKeyConstraint(["ended_by"], ["account.id"], name="fk_deputy_ended_by"),
        sa.PrimaryKeyConstraint("id", name="pk_deputy"),
    )
    op.create_index("ix_deputy_agency_id", "deputy", ["agency_id"])
    op.create_index("ix_deputy_account_id", "deputy", ["account_id"])
    op.create_table(
        "last_look",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("earlier_events", sa.Integer(), nullable=True),
        sa.Column("earlier_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_last_look_account_id"),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name="fk_last_look_submission_id"),
        sa.PrimaryKeyConstraint("account_id", "submission_id", name="pk_last_look"),
    )


def downgrade() -> None:
    """What the new tables hold would be lost: restore a backup instead."""
    raise NotImplementedError
