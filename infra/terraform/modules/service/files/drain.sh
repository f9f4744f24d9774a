#!/bin/bash
# Tells how old the spill is, and lets a machine that is to go do so once its spill is empty. A timer runs it each minute.
#
# Auto Scaling waits for `complete-lifecycle-action`. A machine whose spill never empties goes when its patience ends:
# its volume is kept, and so is what is on it.
set -euo pipefail

# shellcheck source=/dev/null
. "${SNOWMELT_ETC:-/etc/snowmelt}/drain.env" # SPILL PATIENCE STAGE NAMESPACE GROUP HOOK REGION
metadata=${SNOWMELT_METADATA:-http://169.254.169.254}

ask() { # a page of the machine's metadata
    curl --silent --show-error --fail --max-time 5 --header "X-aws-ec2-metadata-token: $token" "$metadata/latest/meta-data/$1"
}

files() { # each file in the spill with the time it was last written to, oldest first
    if [ -d "$SPILL" ]; then find "$SPILL" -type f -printf '%T@ %p\n' | sort -n; fi
}

now=${SNOWMELT_NOW:-$(date +%s)}
oldest=$(files | sed -n '1s/[. ].*//p')
age=0
if [ -n "$oldest" ]; then
    age=$((now - oldest))
    if [ "$age" -lt 0 ]; then age=0; fi
fi
aws cloudwatch put-metric-data --region "$REGION" --namespace "$NAMESPACE" \
    --metric-data "MetricName=SpillAgeSeconds,Unit=Seconds,Value=$age,Dimensions=[{Name=Stage,Value=$STAGE}]" ||
    echo "drain.sh: the spill's age, $age s, could not be reported" >&2

token=$(curl --silent --show-error --fail --max-time 5 --request PUT \
    --header "X-aws-ec2-metadata-token-ttl-seconds: 60" "$metadata/latest/api/token")
if [ "$(ask autoscaling/target-lifecycle-state 2>/dev/null || true)" != Terminated ]; then exit 0; fi

instance=$(ask instance-id)
if systemctl --quiet is-active nginx; then systemctl stop nginx; fi # nothing new comes in; what came in is still sent on
since=${SNOWMELT_RUN:-/run}/snowmelt-drain.since # gone when the machine is
[ -e "$since" ] || echo "$now" >"$since"
waited=$((now - $(cat "$since")))
if [ -z "$(files)" ] || [ "$waited" -ge "$PATIENCE" ]; then
    echo "drain.sh: the machine may go after $waited s, its spill is $age s old (0: empty)"
    aws autoscaling complete-lifecycle-action --region "$REGION" --auto-scaling-group-name "$GROUP" \
        --lifecycle-hook-name "$HOOK" --instance-id "$instance" --lifecycle-action-result CONTINUE
else
    echo "drain.sh: the spill is $age s old, the machine waits"
    aws autoscaling record-lifecycle-action-heartbeat --region "$REGION" --auto-scaling-group-name "$GROUP" \
        --lifecycle-hook-name "$HOOK" --instance-id "$instance"
fi
