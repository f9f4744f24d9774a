#!/bin/bash
# Fetches a container's secrets by the machine's role into a file in memory: secrets.sh CONTAINER
#
# /etc/snowmelt/secrets/CONTAINER has a line for each, VARIABLE ARN. What was fetched is never printed.
set -euo pipefail
umask 077

list=${SNOWMELT_ETC:-/etc/snowmelt}/secrets/$1
folder=${SNOWMELT_RUN:-/run/snowmelt}
attempts=${SNOWMELT_ATTEMPTS:-60}
pause=${SNOWMELT_PAUSE:-5}

mkdir -p "$folder"
unfinished=$(mktemp "$folder/$1.XXXXXX")
trap 'rm -f "$unfinished"' EXIT

fetch() { # the text of the secret $1; a role that was just made is not known everywhere at once, so it is asked again
    local left=$attempts
    until aws secretsmanager get-secret-value --secret-id "$1" --query SecretString --output text; do
        left=$((left - 1))
        if [ "$left" -le 0 ]; then
            echo "secrets.sh: $1 cannot be read: has it a value, and may this machine's role read it?" >&2
            return 1
        fi
        sleep "$pause"
    done
}

while read -r variable arn; do
    value=$(fetch "$arn" </dev/null)
    case $value in
        *$'\n'*)
            echo "secrets.sh: the value of $arn holds a line break, which a variable of a container cannot" >&2
            exit 1
            ;;
    esac
    printf '%s=%s\n' "$variable" "$value" >>"$unfinished"
done <"$list"

mv "$unfinished" "$folder/$1.env"
