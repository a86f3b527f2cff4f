"""The files the architecture tests look at: tracked or about to be, never what git ignores."""

import ast
import subprocess
from pathlib import Path

import pytest

CODE_ROOTS = ("survey", "reports", "bench", "tools")


@pytest.fixture(scope="session")
def house_files(repository: Path) -> list[Path]:
    """Every file of the repository that git tracks or would offer to add."""
    if not (repository / ".git").exists():
        return [path for path in repository.rglob("*") if path.is_file() and ".venv" not in path.parts]
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=repository,
        check=True,
        capture_output=True,
    )
    names = {name for name in listed.stdout.decode().split("\0") if name}
    return sorted(path for name in names if (path := repository / name).is_file())


@pytest.fixture(scope="session")
def all_modules(repository: Path, house_files: list[Path]) -> dict[str, ast.Module]:
    """Syntax tree of every Python file, by its path from the repository's folder."""
    return {
        path.relative_to(repository).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in house_files
        if path.suffix == ".py"
    }


@pytest.fixture(scope="session")
def code_modules(all_modules: dict[str, ast.Module]) -> dict[str, ast.Module]:
    """The modules that are shipped or run, tests left out."""
    return {name: tree for name, tree in all_modules.items() if name == "wsgi.py" or name.split("/")[0] in CODE_ROOTS}
