#!/bin/bash
# Fetches a container's image: pull.sh IMAGE. Where it cannot, the one that is there already is good enough.
set -euo pipefail
export HOME=${HOME:-/root}

image=$1
if [[ $image =~ ^([0-9]{12}\.dkr\.ecr\.([a-z0-9-]+)\.[a-z.]+)/ ]]; then
    registry=${BASH_REMATCH[1]}
    region=${BASH_REMATCH[2]}
    aws ecr get-login-password --region "$region" | docker login --username AWS --password-stdin "$registry" >/dev/null ||
        echo "pull.sh: no login at $registry" >&2
fi
if ! docker pull --quiet "$image"; then
    docker image inspect "$image" >/dev/null
    echo "pull.sh: $image could not be fetched, so the one of before is used" >&2
fi
