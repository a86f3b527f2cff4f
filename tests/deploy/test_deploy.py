"""The files of deploy/: commands that the program knows, settings that it reads, examples that are whole."""

import os
import re
import shlex
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from survey.cli.parser import make_parser
from survey.services.examine import KNOWN_KEYS
from survey.services.mail_server import Security, read_mail_server
from survey.web.config import Instance

UNITS = ("sansangso.service", "sansangso-backup.service", "sansangso-backup.timer")


@pytest.fixture
def deploy(repository: Path) -> Path:
    return repository / "deploy"


def values(unit: Path, key: str) -> list[str]:
    lines = unit.read_text(encoding="utf-8").splitlines()
    return [line.partition("=")[2] for line in lines if line.startswith(f"{key}=")]


@pytest.mark.parametrize("unit", UNITS[:2])
def test_units_start_commands_that_the_program_understands(deploy: Path, unit: str) -> None:
    commands = values(deploy / unit, "ExecStart")
    assert commands
    for command in commands:
        program, *typed = shlex.split(command)
        assert program.endswith("/.venv/bin/sansangso")
        assert callable(make_parser().parse_args(typed).run)


def test_both_units_work_on_the_same_instance_as_the_same_account(deploy: Path) -> None:
    for key in ("User", "EnvironmentFile", "StateDirectory", "UMask"):
        found = {tuple(values(deploy / unit, key)) for unit in UNITS[:2]}
        assert len(found) == 1, key
    places = {re.search(r"SANSANGSO_INSTANCE=(\S+)", values(deploy / unit, "Environment")[0])[1] for unit in UNITS[:2]}  # type: ignore[index]
    assert places == {"/var/lib/sansangso/instance"}


def test_both_units_are_shut_in_alike(deploy: Path) -> None:
    web, nightly = (
        (deploy / unit).read_text(encoding="utf-8").split("NoNewPrivileges")[1].split("[Install]")[0].split()
        for unit in UNITS[:2]
    )
    assert web == nightly


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
@pytest.mark.parametrize("unit", UNITS)
def test_systemd_finds_nothing_wrong_with_the_units(deploy: Path, tmp_path: Path, unit: str) -> None:
    for name in UNITS:
        text = (deploy / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(re.sub(r"ExecStart=\S+", "ExecStart=/bin/true", text), encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / unit)], capture_output=True, text=True, check=False,
        env=os.environ | {"SYSTEMD_LOG_LEVEL": "warning"},
    )  # fmt: skip
    about_it = [line for line in done.stderr.splitlines() if "sansangso" in line and "does not exist" not in line]
    assert about_it == []


def test_the_example_of_config_has_every_key_that_is_read_and_no_other(deploy: Path, repository: Path) -> None:
    text = (deploy / "config.example.toml").read_text(encoding="utf-8")
    config = tomllib.loads(re.sub(r"(?m)^# (\[files\]|\w+ = )", r"\1", text))  # who copies it has no bucket yet
    found = {"": frozenset(config)} | {name: frozenset(part) for name, part in config.items() if isinstance(part, dict)}
    assert found == dict(KNOWN_KEYS)
    code = "".join(
        file.read_text(encoding="utf-8") for file in (repository / "survey").rglob("*.py") if file.name != "examine.py"
    )
    for keys in KNOWN_KEYS.values():
        assert {key for key in keys if f'"{key}"' not in code} == set()
    asked = set(re.findall(r"""\bconfig(?:\.get\(|\[)"(\w+)\"""", code))
    assert asked == KNOWN_KEYS[""]


def test_every_key_of_the_example_is_explained_in_both_languages(deploy: Path) -> None:
    lines = (deploy / "config.example.toml").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        if re.match(r"[\[a-z]", line):
            above = lines[number - 1]
            if not above:
                above = lines[number - 2]
            assert above.startswith("# "), line
            told = " ".join(before for before in lines[max(0, number - 3) : number] if before.startswith("#"))
            assert re.search("[ạảãáàệịộọựữừớăâđêôơư]", told), line
            assert re.search(r"\b(the|to|its|where|only|are|on)\b", told), line


def test_the_example_of_config_can_be_used_as_it_is(deploy: Path, tmp_path: Path) -> None:
    shutil.copy(deploy / "config.example.toml", tmp_path / "config.toml")
    instance = Instance(tmp_path)
    instance.database.close()
    assert (instance.secure_cookies, instance.trusted_proxies) == (False, 0)
    server = read_mail_server(instance.config, {})
    assert server is not None
    assert (server.security, server.port) == (Security.STARTTLS, 587)


@pytest.mark.parametrize("name", ["nginx.conf", "Caddyfile"])
def test_proxies_hide_the_metrics_and_say_whom_they_serve(deploy: Path, name: str) -> None:
    text = (deploy / name).read_text(encoding="utf-8")
    assert text.count("{") == text.count("}")
    for needed in ("/metrics", "X-Forwarded-For", "X-Forwarded-Port", "127.0.0.1:8000", "trusted_proxies = 1"):
        assert needed in text, needed


@pytest.mark.parametrize("name", ["nginx.conf", "Caddyfile"])
def test_proxies_answer_in_plain_words_while_the_service_rests(deploy: Path, name: str) -> None:
    text = (deploy / name).read_text(encoding="utf-8")
    for needed in ("502", "Hệ thống đang khởi động lại", "Retry-After 30", "413", "mỗi tệp tối đa 10 MB", "nosniff"):
        assert needed in text, needed


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")
def test_nginx_understands_its_example(deploy: Path, tmp_path: Path) -> None:
    site = (deploy / "nginx.conf").read_text(encoding="utf-8")
    site = re.sub(r"listen (\[::\]:)?443 ssl;", "listen 127.0.0.1:44380;", re.sub(r"(?m)^\s*ssl_cert.*\n", "", site))
    whole = f"pid {tmp_path}/pid;\nerror_log stderr;\nevents {{}}\nhttp {{\n{site}\n}}\n"
    (tmp_path / "nginx.conf").write_text(whole.replace("listen 127.0.0.1:44380;", "", 1), encoding="utf-8")
    command = ["nginx", "-t", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "syntax is ok" in done.stderr, done.stderr


@pytest.mark.skipif(shutil.which("caddy") is None, reason="Caddy is not installed")
def test_caddy_understands_its_example(deploy: Path, tmp_path: Path) -> None:
    command = ["caddy", "adapt", "--adapter", "caddyfile", "--validate", "--config", str(deploy / "Caddyfile")]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=os.environ | {"HOME": str(tmp_path)}
    )
    assert done.returncode == 0, done.stderr


def test_every_command_of_the_operating_guide_is_one_that_the_program_understands(repository: Path) -> None:
    text = (repository / "docs" / "van-hanh.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    lines = [part.strip() for block in blocks for line in block.splitlines() for part in line.split("#")[0].split("&&")]
    typed = [shlex.split(line)[1:] for line in lines if line.startswith("sansangso ")]
    typed += [shlex.split(line) for line in re.findall(r"`sansangso ((?:doctor|backup|package|move) [^`…]+)`", text)]
    assert len(typed) > 10
    for arguments in typed:
        assert callable(make_parser().parse_args(arguments).run), arguments
