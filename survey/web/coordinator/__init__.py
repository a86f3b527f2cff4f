"""The coordinator's room: progress over all bodies, one phiếu, requests, ranking, charts and the summary workbook."""

from survey.web.coordinator import board, chase, extensions, flags, notices, phieu, results, round_steps, rounds

__all__ = ["board", "chase", "extensions", "flags", "notices", "phieu", "results", "round_steps", "rounds"]

coordinator = board.coordinator
