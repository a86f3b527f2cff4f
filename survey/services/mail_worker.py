"""The thread that sends waiting mail while the pages are served."""

from __future__ import annotations

import logging
import threading

from survey.services.instance import Clock, Database, DatabaseTrouble, system_clock
from survey.services.mail_server import MailServer
from survey.services.outbox import send_waiting

EVERY = 20.0  # seconds
_LOG = logging.getLogger("sansangso.mail")


class MailWorker:
    """Sends what is due every EVERY seconds, from `start` until `stop`; several side by side do no harm."""

    def __init__(
        self, database: Database, server: MailServer, *, every: float = EVERY, clock: Clock = system_clock
    ) -> None:
        self._database, self._server, self._every, self._clock = database, server, every, clock
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="mail", daemon=True)

    def start(self) -> None:
        """Begin; once."""
        self._thread.start()

    def stop(self, wait: float = 5.0) -> bool:
        """End after the mail being sent, `wait` seconds at most; whether it has ended."""
        self._stop.set()
        self._thread.join(wait)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                send_waiting(self._database, self._server, clock=self._clock, stopping=self._stop.is_set)
            except DatabaseTrouble as trouble:
                _LOG.warning("mail waits, the database cannot: %s", trouble)
            except Exception:  # whatever it is, the next run begins anew
                _LOG.exception("mail was not sent")
            self._stop.wait(self._every)
