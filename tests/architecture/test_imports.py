"""Who may import whom: the contracts of setup.cfg, no cycles, and a light start."""

import importlib.util
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

# Each costs about a second, so only the use case that needs one imports it.
HEAVY = ("openpyxl", "matplotlib", "alembic")


def test_import_contracts_hold(repository: Path) -> None:
    program = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run(
        [program, "--config", "setup.cfg", "--no-cache", "--no-logo"],
        cwd=repository,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_no_module_imports_itself_by_a_detour() -> None:
    graph = grimp.build_graph("survey", "reports", cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as fault:
        pytest.fail("import cycle: " + " <- ".join(fault.args[1]), pytrace=False)


@pytest.mark.parametrize("module", ["survey.web.app", "survey.cli"])
def test_starting_loads_no_heavy_library(module: str) -> None:
    try:
        found = importlib.util.find_spec(module)
    except ModuleNotFoundError:
        found = None
    if found is None:
        pytest.skip(f"{module} is not built yet")
    code = f"import sys, {module}; print(*[name for name in {HEAVY!r} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not run.stdout.split()
