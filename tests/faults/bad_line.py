"""A line between browser and server that loses answers, cuts requests short and swallows them."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum


class Fault(StrEnum):
    """What the line does to one exchange."""

    NONE = "none"
    LOST = "lost"  # the request arrives, the answer is dropped
    HALF = "half"  # the answer breaks off
    CUT = "cut"  # the request breaks off
    BLACKHOLE = "blackhole"  # the request is taken and nothing ever comes
    SLOW = "slow"  # the request arrives, nothing comes back, and the browser gives up


class BadLine:
    """Listens on a port of its own and passes what comes to the server, doing to each what was planned for it."""

    def __init__(self, server_port: int) -> None:
        self.server_port = server_port
        self.planned: list[Fault] = []
        self.met: dict[Fault, int] = dict.fromkeys(Fault, 0)
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = int(self._listener.getsockname()[1])
        self._held: list[socket.socket] = []

    def run(self) -> None:
        """Take connections until closed, one after the other."""
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                fault = self.planned.pop(0) if self.planned else Fault.NONE
                self.met[fault] += 1
                with suppress(OSError):
                    self._pass(near, fault)

    def _pass(self, near: socket.socket, fault: Fault) -> None:
        request = read_message(near)
        if fault is Fault.BLACKHOLE:
            self._held.append(near)
            return
        with socket.create_connection(("127.0.0.1", self.server_port)) as far:
            far.sendall(request[: len(request) - 20] if fault is Fault.CUT else request)
            if fault is Fault.CUT:
                near.close()
                return
            answer = read_message(far)
        if fault is Fault.SLOW:
            self._held.append(near)
            return
        if fault is not Fault.LOST:
            near.sendall(answer[: len(answer) // 2] if fault is Fault.HALF else answer)
        near.close()

    def close(self) -> None:
        """Let go of every connection."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for held in self._held:
            held.close()


def read_message(connection: socket.socket) -> bytes:
    """One whole message of HTTP/1.1 with a length, or up to the end of the connection."""
    got = b""
    while b"\r\n\r\n" not in got:
        piece = connection.recv(65536)
        if not piece:
            return got
        got += piece
    head, _, body = got.partition(b"\r\n\r\n")
    lengths = [line.split(b":")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    while len(body) < int(lengths[0] if lengths else 0):
        piece = connection.recv(65536)
        if not piece:
            break
        body += piece
    return head + b"\r\n\r\n" + body


@contextmanager
def bad_line(server_port: int) -> Iterator[BadLine]:
    """A line that runs meanwhile."""
    line = BadLine(server_port)
    thread = threading.Thread(target=line.run, daemon=True)
    thread.start()
    try:
        yield line
    finally:
        line.close()
        thread.join(5)
