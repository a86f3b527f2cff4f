"""Size budgets and signatures: small modules, short functions, typed and named for what they do."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

MODULE_LINES = 300
FUNCTION_LINES = 50
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "misc"}

Modules = dict[str, ast.Module]
Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(tree: ast.Module) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def untyped_parts(function: Function, is_method: bool) -> list[str]:
    """Names of the parameters without a type, and `return` where the result has none."""
    spec = function.args
    parameters = [*spec.posonlyargs, *spec.args]
    marks = {mark.id for mark in function.decorator_list if isinstance(mark, ast.Name)}
    if is_method and "staticmethod" not in marks:
        parameters = parameters[1:]
    parameters += [*spec.kwonlyargs, *(extra for extra in (spec.vararg, spec.kwarg) if extra)]
    parts = [parameter.arg for parameter in parameters if parameter.annotation is None]
    return parts if function.returns else [*parts, "return"]


def test_modules_are_short(repository: Path, all_modules: Modules) -> None:
    lengths = {name: len((repository / name).read_text(encoding="utf-8").splitlines()) for name in all_modules}
    assert not {name: lines for name, lines in lengths.items() if lines > MODULE_LINES}


def test_functions_are_short(code_modules: Modules) -> None:
    long = {
        f"{name}:{function.lineno} {function.name}": lines
        for name, tree in code_modules.items()
        for function in functions(tree)
        if (lines := (function.end_lineno or 0) - function.lineno + 1) > FUNCTION_LINES
    }
    assert not long


def test_every_signature_is_typed(code_modules: Modules) -> None:
    untyped = {}
    for name, tree in code_modules.items():
        methods = {id(child) for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for child in node.body}
        for function in functions(tree):
            if parts := untyped_parts(function, id(function) in methods):
                untyped[f"{name}:{function.lineno} {function.name}"] = parts
    assert not untyped


def test_no_module_has_a_vague_name(all_modules: Modules) -> None:
    vague = [name for name in all_modules if VAGUE_NAMES & set(PurePosixPath(name).with_suffix("").parts)]
    assert not vague


def test_every_module_opens_with_a_sentence_that_says_what_it_is_for(all_modules: Modules) -> None:
    faults = {}
    for name, tree in all_modules.items():
        if not tree.body and name.startswith("tests/"):
            continue
        opening = (ast.get_docstring(tree) or "").split("\n\n")[0]
        if not re.search(r"[.:?](\s|$)", opening) or len(opening.split()) < 4:
            faults[name] = opening
    assert not faults
