"""/metrics for Prometheus: requests, saves, a troubled database, waiting mail; for this machine or with a token."""

from __future__ import annotations

import hmac
import os
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING

from flask import Blueprint, Flask, Response, current_app, request
from werkzeug.exceptions import NotFound

from survey.services.count_load import Load, count_load
from survey.services.instance import DatabaseTrouble
from survey.web.logs import seconds
from survey.web.work import instance, reading

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry, Counter, Histogram

FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"  # where several workers put their counts together
SHORTEST_TOKEN = 16  # characters of `metrics_token`; a shorter one opens nothing
SAVES = frozenset({"agency.save", "agency.send_group"})
FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP")  # a request that came through a proxy is not of this machine
_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds

metrics = Blueprint("metrics", __name__)


@dataclass(frozen=True, slots=True)
class Counts:
    """What is counted while the application runs."""

    registry: CollectorRegistry
    requests: Counter
    seconds: Histogram
    saves: Counter
    troubles: Counter


def _make_counts() -> Counts:
    """Imported here, since the library decides at import whether there are several workers."""
    from prometheus_client import CollectorRegistry, Counter, Histogram

    registry = CollectorRegistry()
    return Counts(
        registry,
        Counter("sansangso_requests", "Requests answered", ("route", "method", "status"), registry=registry),
        Histogram(
            "sansangso_request_seconds", "Time to answer", ("route",), buckets=_BUCKETS, registry=registry
        ),
        Counter("sansangso_saves", "Saves acknowledged", registry=registry),
        Counter("sansangso_database_trouble", "Units of work that failed", ("kind",), registry=registry),
    )  # fmt: skip


def counts() -> Counts:
    """Those of the running application."""
    found = current_app.extensions["metrics"]
    assert isinstance(found, Counts)  # noqa: S101
    return found


def count_trouble(trouble: DatabaseTrouble) -> None:
    """One unit of work that the database could not do."""
    counts().troubles.labels(trouble.kind.value).inc()


def _count(response: Response) -> Response:
    """Tell of an answer; the rule of the address keeps the number of series small."""
    rule, known = request.url_rule.rule if request.url_rule else "-", counts()
    known.requests.labels(rule, request.method, str(response.status_code)).inc()
    known.seconds.labels(rule).observe(seconds())
    if request.endpoint in SAVES and request.method == "POST" and response.status_code < 400:
        known.saves.inc()
    return response


@metrics.get("/metrics")
def show() -> Response:
    """Everything counted, in Prometheus' text form; missing to those who may not see it."""
    if not (_knows_token() or _is_this_machine()):
        raise NotFound
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest, multiprocess

    registry = counts().registry
    if os.environ.get(FOLDER_VARIABLE):
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    try:
        with reading() as session:
            load = count_load(session)
    except DatabaseTrouble:
        load = None
    return Response(generate_latest(registry) + _gauges(load), content_type=CONTENT_TYPE_LATEST)


def _gauges(load: Load | None) -> bytes:
    """What is asked of the database at this moment; `sansangso_database_up` 0 where it does not answer."""
    from prometheus_client import CollectorRegistry, Gauge, generate_latest

    now = CollectorRegistry()
    Gauge("sansangso_database_up", "Whether the database answers", registry=now).set(load is not None)
    if load is not None:
        Gauge("sansangso_outbox_waiting", "Mails that wait", registry=now).set(load.outbox_waiting)
        Gauge("sansangso_sessions", "Browsers signed in and seen lately", registry=now).set(load.sessions)
        if load.last_backup is not None:
            backup = Gauge("sansangso_last_backup_timestamp_seconds", "When the last backup was made", registry=now)
            backup.set(load.last_backup.timestamp())
    return generate_latest(now)


def _knows_token() -> bool:
    token = str(instance().config.get("metrics_token", ""))
    sent = request.headers.get("Authorization", "")
    return len(token) >= SHORTEST_TOKEN and hmac.compare_digest(sent.encode(), f"Bearer {token}".encode())


def _is_this_machine() -> bool:
    """Asked from here, not through a proxy that stands here."""
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def init_app(app: Flask) -> None:
    """Count every answer."""
    app.extensions["metrics"] = _make_counts()
    app.after_request(_count)
