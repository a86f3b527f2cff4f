"""Run a piece of work in a process of its own and tell its seconds (CPU) and its peak memory."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

REPEATS = 3


@dataclass(frozen=True)
class Figure:
    """What one piece of work took: the median CPU seconds, and the peak memory of its process in MB."""

    seconds: float
    megabytes: float
    result: dict[str, float]


def in_own_process(part: str, *arguments: str) -> Figure:
    """Run `python -m bench PART …`, which prints one JSON line made by `tell`."""
    command = [sys.executable, "-m", "bench", part, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "BENCH_PART": "1"})
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stderr}")
    told = json.loads(done.stdout.splitlines()[-1])
    return Figure(told.pop("seconds"), told.pop("megabytes"), told)


def tell(work: Callable[[], object], repeats: int = REPEATS, **more: float) -> None:
    """Print the figure of this process: the median CPU seconds of `work`, and the process's peak memory."""
    times = []
    for _ in range(repeats):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": median(times), "megabytes": peak, **more}))


def line(name: str, figure: Figure, base: Figure | None = None) -> None:
    """Print one row of the table."""
    ratio = f"{figure.seconds / base.seconds:6.2f} ×" if base else ""
    memory = f"{figure.megabytes / base.megabytes:6.2f} ×" if base else ""
    print(f"{name:<58}{figure.seconds:9.3f} s {ratio:>9}{figure.megabytes:8.0f} MB {memory:>9}")
