#!/usr/bin/env bash
# Installs what the browser tests drive and the servers they need: Chromium, Firefox, Nginx, PostgreSQL. Only as root on Debian.
set -euo pipefail

packages=(chromium firefox-esr nginx-light postgresql)
commands=(chromium firefox-esr nginx pg_ctl)

found() { # whether the command $1 is on PATH or where Debian keeps servers
    command -v "$1" >/dev/null || [ -x "/usr/sbin/$1" ] || compgen -G "/usr/lib/postgresql/*/bin/$1" >/dev/null
}

missing=()
for place in "${!packages[@]}"; do
    found "${commands[$place]}" || missing+=("${packages[$place]}")
done
if [ ${#missing[@]} -eq 0 ]; then
    echo "browsers: all there"
elif [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    echo "browsers: installing ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -qq --yes --no-install-recommends "${missing[@]}" >/dev/null
else
    echo "browsers: ${missing[*]} missing; on Debian run: sudo apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 1
fi
