"""The coordinator's room: progress over all bodies, one phiếu, requests, ranking, charts and the summary workbook."""

from survey.web.coordinator import board, phieu, results

__all__ = ["board", "phieu", "results"]

coordinator = board.coordinator
