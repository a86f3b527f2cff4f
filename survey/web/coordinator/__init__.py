"""The coordinator's room: progress over all bodies, one phiếu, requests, ranking, charts and the summary workbook."""
