"""Tables of the first release: invitations, second factors, mail, imports, providers, packages, announcements."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables and columns; coordinators keep seeing every khối."""
    _people()
    _hand_ins()
    _packages()
    _rounds()
    _telling()
    _bodies()
    _columns()
    op.create_index("ix_event_at_id", "event", ["at", "id"])
    op.create_index("ix_event_account_id_at", "event", ["account_id", "at"])
    coordinators = sa.text("UPDATE account SET kinds = '*' WHERE CAST(roles AS TEXT) LIKE '%coordinator%'")
    op.execute(coordinators)


def downgrade() -> None:
    """What the new tables hold would be lost: restore a backup instead."""
    raise NotImplementedError


def _people() -> None:
    """How people come in: invitations, recovery codes, mail."""
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("secret_hash", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_invitation_account_id"),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name="fk_invitation_created_by"),
        sa.PrimaryKeyConstraint("id", name="pk_invitation"),
        sa.UniqueConstraint("secret_hash", name="uq_invitation_secret_hash"),
    )
    op.create_index("ix_invitation_account_id", "invitation", ["account_id"])
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_error", sa.Text(), server_default="", nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_message_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
    )
    op.create_index("ix_message_account_id", "message", ["account_id"])
    op.create_index("ix_message_due_at", "message", ["due_at"])
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_recovery_code_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_recovery_code"),
    )
    op.create_index("ix_recovery_code_account_id", "recovery_code", ["account_id"])


def _hand_ins() -> None:
    """What is handed in: files, imports."""
    op.create_table(
        "pending_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), server_default="", nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_pending_import_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_pending_import"),
    )
    op.create_index("ix_pending_import_account_id", "pending_import", ["account_id"])


def _packages() -> None:
    """Packages of other instances."""
    op.create_table(
        "source",
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name="fk_source_created_by"),
        sa.PrimaryKeyConstraint("instance_id", name="pk_source"),
    )
    op.create_table(
        "stored_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name="fk_stored_file_created_by"),
        sa.PrimaryKeyConstraint("id", name="pk_stored_file"),
    )
    op.create_index("ix_stored_file_sha256", "stored_file", ["sha256"])
    op.create_table(
        "taken_package",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("source_round", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("with_figures", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name="fk_taken_package_created_by"),
        sa.ForeignKeyConstraint(["instance_id"], ["source.instance_id"], name="fk_taken_package_instance_id"),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name="fk_taken_package_round_id"),
        sa.PrimaryKeyConstraint("id", name="pk_taken_package"),
    )
    op.create_index("ix_taken_package_round_id", "taken_package", ["round_id"])


def _rounds() -> None:
    """What belongs to a round: who gives figures, who is told what."""
    op.create_table(
        "round_cohort",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("cohort_code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["cohort_code"], ["cohort.code"], name="fk_round_cohort_cohort_code"),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name="fk_round_cohort_round_id"),
        sa.PrimaryKeyConstraint("round_id", "cohort_code", name="pk_round_cohort"),
    )
    op.create_table(
        "provider",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="fk_provider_agency_id"),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name="fk_provider_round_id"),
        sa.ForeignKeyConstraint(["version_id"], ["questionnaire_version.id"], name="fk_provider_version_id"),
        sa.PrimaryKeyConstraint("round_id", "version_id", "indicator", name="pk_provider"),
    )
    op.create_index("ix_provider_agency_id", "provider", ["agency_id"])


def _telling() -> None:
    """What bodies are told, and how far it is read."""
    op.create_table(
        "announcement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("agency_kind", sa.Text(), server_default="", nullable=False),
        sa.Column("cohort_code", sa.Text(), server_default="", nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="fk_announcement_agency_id"),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name="fk_announcement_created_by"),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name="fk_announcement_round_id"),
        sa.PrimaryKeyConstraint("id", name="pk_announcement"),
    )
    op.create_index("ix_announcement_agency_id", "announcement", ["agency_id"])
    op.create_index("ix_announcement_round_id", "announcement", ["round_id"])
    op.create_table(
        "feed_read",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_feed_read_account_id"),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name="fk_feed_read_submission_id"),
        sa.PrimaryKeyConstraint("account_id", "submission_id", name="pk_feed_read"),
    )


def _bodies() -> None:
    """What belongs to a body or its submission."""
    op.create_table(
        "former_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_former_name_account_id"),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="fk_former_name_agency_id"),
        sa.PrimaryKeyConstraint("id", name="pk_former_name"),
    )
    op.create_index("ix_former_name_agency_id", "former_name", ["agency_id"])
    op.create_table(
        "adjustment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("proposed", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("decision", sa.Text(), server_default="", nullable=False),
        sa.Column("decision_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name="fk_adjustment_created_by"),
        sa.ForeignKeyConstraint(["decided_by"], ["account.id"], name="fk_adjustment_decided_by"),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name="fk_adjustment_submission_id"),
        sa.PrimaryKeyConstraint("id", name="pk_adjustment"),
    )
    op.create_index("ix_adjustment_submission_id", "adjustment", ["submission_id"])
    op.create_table(
        "assignment",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("group_code", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_assignment_account_id"),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name="fk_assignment_created_by"),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name="fk_assignment_submission_id"),
        sa.PrimaryKeyConstraint("submission_id", "group_code", name="pk_assignment"),
    )
    op.create_index("ix_assignment_account_id", "assignment", ["account_id"])


def _columns() -> None:
    """Columns of tables that were there."""
    op.add_column("account", sa.Column("kinds", sa.Text(), server_default="", nullable=False))
    op.add_column("account", sa.Column("email", sa.Text(), server_default="", nullable=False))
    op.add_column("account", sa.Column("phone", sa.Text(), server_default="", nullable=False))
    op.add_column("account", sa.Column("enabled_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("account", sa.Column("disabled_why", sa.Text(), server_default="", nullable=False))
    op.add_column("account", sa.Column("totp_secret", sa.Text(), server_default="", nullable=False))
    op.add_column("account", sa.Column("totp_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("account", sa.Column("totp_used", sa.Integer(), server_default="0", nullable=False))
    op.add_column("agency", sa.Column("contact_name", sa.Text(), server_default="", nullable=False))
    op.add_column("agency", sa.Column("contact_phone", sa.Text(), server_default="", nullable=False))
    op.add_column("agency", sa.Column("contact_email", sa.Text(), server_default="", nullable=False))
    op.add_column("agency", sa.Column("revision", sa.Integer(), server_default="1", nullable=False))
    op.add_column("round", sa.Column("figures_from", sa.Date(), nullable=True))
    op.add_column("round", sa.Column("figures_to", sa.Date(), nullable=True))
    op.add_column("round", sa.Column("copied_from", sa.Integer(), nullable=True))
    op.add_column("round", sa.Column("revision", sa.Integer(), server_default="1", nullable=False))
    op.add_column("sign_off", sa.Column("route", sa.String(length=32), server_default="click", nullable=False))
    op.add_column("sign_off", sa.Column("paper_number", sa.Text(), server_default="", nullable=False))
    op.add_column("sign_off", sa.Column("paper_date", sa.Date(), nullable=True))
    op.add_column("sign_off", sa.Column("capacity", sa.Text(), server_default="", nullable=False))
    op.add_column("sign_off", sa.Column("scan_id", sa.Integer(), nullable=True))
    op.add_column("submission", sa.Column("extension_reason", sa.Text(), server_default="", nullable=False))
    op.add_column("web_session", sa.Column("stage", sa.String(length=32), server_default="open", nullable=False))
    op.add_column("web_session", sa.Column("browser", sa.Text(), server_default="", nullable=False))
