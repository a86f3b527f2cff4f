"""The room of the log: who did what, searched and taken away, and the notes of who looked at others' phiếu."""
