#!/usr/bin/env bash
# Builds the virtual environment named by the first argument from the lock, with uv installed into it.
set -euo pipefail
venv=$1
export RUSTUP_HOME="$PWD/$venv/.rustup" # pip asks rustc for its version; rustup's would leave a file in the home folder

python=
for candidate in ${PYTHON:-} python3.12 python3.11 python3.13 python3; do
    if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(not ((3, 11) <= sys.version_info[:2] < (3, 14)))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    found=$(python3 --version 2>/dev/null || echo "no python3")
    echo "snowmelt needs Python 3.11, 3.12 or 3.13 with venv and found $found: install one (Debian: apt install python3-venv) or name it with PYTHON=…" >&2
    exit 1
fi

if ! "$venv/bin/python" -c 'import sys; sys.exit(not ((3, 11) <= sys.version_info[:2] < (3, 14)))' 2>/dev/null; then
    echo "environment: creating $venv with $("$python" --version)"
    rm -rf "$venv"
    "$python" -m venv "$venv"
fi
echo "environment: installing $(grep -c '==' requirements.txt) locked packages (a minute or two the first time)"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check 'uv>=0.9,<1'
UV_PYTHON_DOWNLOADS=never "$venv/bin/uv" pip sync --quiet --python "$venv/bin/python" requirements.txt requirements-dev.txt
UV_PYTHON_DOWNLOADS=never "$venv/bin/uv" pip install --quiet --python "$venv/bin/python" --no-deps --editable .
