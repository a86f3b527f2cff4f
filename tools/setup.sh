#!/bin/sh
# Prepare .venv for `make run` or `make test`: find Python, install the lock, install the project.
# Usage: tools/setup.sh run|test, with PYTHON=… to choose the interpreter.
# Says what is missing in one line, Vietnamese first. A second call with nothing changed returns at once.
set -eu

cd "$(dirname "$0")/.."
purpose=${1:-run}
lock=requirements/$purpose.txt
stamp=.venv/.ready-$purpose

say() { printf '%s\n' "$*" >&2; }
stop() { say "$*"; exit 1; }

# how_to_get DEBIAN FEDORA BREW: the install command of this machine, or an empty line.
how_to_get() {
    if command -v apt-get >/dev/null 2>&1; then echo "sudo apt-get install $1"
    elif command -v dnf >/dev/null 2>&1; then echo "sudo dnf install $2"
    elif command -v brew >/dev/null 2>&1; then echo "brew install $3"
    fi
}

first_command() {
    for name in "$@"; do
        if command -v "$name" >/dev/null 2>&1; then return 0; fi
    done
    return 1
}

# Tests that need these programs are skipped without them; SANSANGSO_REQUIRE_ALL=1 makes it a failure.
check_test_programs() {
    absent='' debian='' fedora='' brew=''
    if ! first_command soffice libreoffice; then
        absent="LibreOffice" debian="libreoffice-calc-nogui libreoffice-writer-nogui" \
            fedora="libreoffice-calc libreoffice-writer" brew="--cask libreoffice"
    fi
    if ! first_command chromium chromium-headless-shell chromium-browser google-chrome; then
        absent="${absent:+$absent, }Chromium" debian="${debian:+$debian }chromium" \
            fedora="${fedora:+$fedora }chromium" brew="${brew:---cask} chromium"
    fi
    if [ -z "$absent" ]; then return 0; fi
    get=$(how_to_get "$debian" "$fedora" "$brew")
    get=${get:-"https://www.libreoffice.org, https://www.chromium.org"}
    if [ "${SANSANGSO_REQUIRE_ALL:-}" = 1 ]; then
        stop "Thiếu $absent mà SANSANGSO_REQUIRE_ALL=1; cài bằng: $get / $absent missing while SANSANGSO_REQUIRE_ALL=1; install: $get"
    fi
    say "Thiếu $absent: các kiểm thử cần đến sẽ được bỏ qua; cài bằng: $get / $absent missing: the tests that need it are skipped; install: $get"
}

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

has_venv() { "$1" -c 'import venv, ensurepip' >/dev/null 2>&1; }

# Makes .venv with the first interpreter that is new enough and brings venv, or with one that uv fetches;
# says what is missing when there is none.
create_venv() {
    without_venv='' too_old=''
    for name in ${PYTHON:-python3.13 python3.12 python3.11 python3 python}; do
        if ! command -v "$name" >/dev/null 2>&1; then continue; fi
        if ! is_new_enough "$name"; then
            version=$("$name" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
            too_old=${too_old:-$version}
        elif has_venv "$name"; then
            "$name" -m venv .venv
            return 0
        else
            without_venv=${without_venv:-$name}
        fi
    done
    if command -v uv >/dev/null 2>&1 && uv venv --quiet --seed --python '>=3.11' .venv 2>/dev/null; then return 0; fi
    get=$(how_to_get "python3 python3-venv" "python3.12" "python@3.13")
    get=${get:-"https://www.python.org/downloads/"}
    if [ -n "$without_venv" ]; then
        stop "$without_venv thiếu mô-đun venv; cài bằng: $get / $without_venv lacks the venv module; install: $get"
    elif [ -n "$too_old" ]; then
        stop "Python $too_old quá cũ, cần 3.11 trở lên; cài bằng: $get, hoặc pip install uv / Python $too_old is too old, 3.11 or newer is needed; install: $get, or pip install uv"
    fi
    stop "Thiếu Python 3.11 trở lên; cài bằng: $get / Python 3.11 or newer is missing; install: $get"
}

# What the environment was made from; the folder is part of it, since scripts in .venv name it.
fingerprint() {
    { pwd; cat requirements/*.txt setup.cfg pyproject.toml tools/setup.sh; } | cksum
}

is_ready() {
    [ -x .venv/bin/python ] && [ -x .venv/bin/sansangso ] || return 1
    for mark in "$@"; do
        if [ -f "$mark" ] && [ "$(cat "$mark")" = "$(fingerprint)" ]; then return 0; fi
    done
    return 1
}

make_venv() {
    if [ -e .venv ] && { ! is_new_enough .venv/bin/python || [ "$(cat .venv/.folder 2>/dev/null)" != "$(pwd)" ]; }; then
        rm -rf .venv
    fi
    if [ ! -e .venv ]; then
        create_venv
        pwd >.venv/.folder
    fi
}

# The lock is whole, so nothing is resolved (--no-deps): older pips meet `coverage[toml]` with the newest coverage
# instead of the locked one, and refuse it; `pip check` then tells whether the lock lacks something.
install_with_uv() {
    command -v uv >/dev/null 2>&1 &&
        uv pip install --quiet --python .venv/bin/python --no-deps --require-hashes -r "$lock" &&
        uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation -e . &&
        uv pip check --quiet --python .venv/bin/python
}

install_with_pip() {
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r "$lock" &&
        .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . &&
        .venv/bin/python -m pip --disable-pip-version-check check >/dev/null
}

if [ ! -f "$lock" ]; then stop "tools/setup.sh run|test"; fi
if [ "$purpose" = test ]; then check_test_programs; fi
# The test lock holds everything of the run lock in the same versions.
if is_ready "$stamp" .venv/.ready-test; then exit 0; fi
make_venv
rm -f .venv/.ready-*
say "Đang cài đặt thư viện vào .venv (một lần, vài phút) / Installing libraries into .venv (once, a few minutes)"
install_with_uv || install_with_pip ||
    stop "Chưa cài được thư viện: kiểm tra mạng hoặc cấu hình pip rồi chạy lại / Libraries could not be installed: check the network or pip's configuration and run again"
fingerprint >"$stamp"
