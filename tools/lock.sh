#!/bin/sh
# Write requirements/run.txt and requirements/test.txt, hashes included, from the names in setup.cfg.
# Usage: tools/lock.sh [uv options], for example `tools/lock.sh --upgrade`; without, pins stay as they are.
set -eu

cd "$(dirname "$0")/.."
if command -v uv >/dev/null 2>&1; then
    uv=uv
else
    [ -x .venv-lock/bin/uv ] || { python3 -m venv .venv-lock && .venv-lock/bin/python -m pip install --quiet uv; }
    uv=.venv-lock/bin/uv
fi

compile() {
    output=$1
    shift
    "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
        --custom-compile-command "make lock" --output-file "$output" setup.cfg requirements/build.in "$@"
}

compile requirements/run.txt --extra postgres "$@"
compile requirements/test.txt --extra postgres --extra test --extra lint --constraint requirements/run.txt "$@"
