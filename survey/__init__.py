"""Sẵn Sàng Số: readiness surveys of agencies, from one questionnaire file to forms, scores and reports."""

__version__ = "0.1.0"
