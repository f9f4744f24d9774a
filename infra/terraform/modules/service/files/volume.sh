#!/bin/bash
# Mounts the data volume, and makes a file system on it if there is none: volume.sh DEVICE FOLDER OWNER
#
# What a machine left on it is kept: a volume with anything on it is never formatted.
set -euo pipefail

device=$1 folder=$2 owner=$3
label=snowmelt # XFS takes twelve characters

for _ in $(seq "${SNOWMELT_ATTEMPTS:-60}"); do
    if [ -e "$device" ]; then break; fi
    sleep "${SNOWMELT_PAUSE:-2}"
done
if [ ! -e "$device" ]; then
    echo "volume.sh: there is no $device: is the volume attached?" >&2
    exit 1
fi

found=0
blkid --probe "$device" >/dev/null || found=$?
case $found in
    0) ;;                                   # something is on it
    2) mkfs.xfs -q -L "$label" "$device" ;; # nothing at all
    *)
        echo "volume.sh: blkid could not read $device (code $found), so it is left as it is" >&2
        exit 1
        ;;
esac

mkdir -p "$folder"
if ! grep -q "^LABEL=$label " "${SNOWMELT_FSTAB:-/etc/fstab}"; then
    echo "LABEL=$label $folder xfs defaults,nofail,x-systemd.device-timeout=60 0 2" >>"${SNOWMELT_FSTAB:-/etc/fstab}"
fi
mountpoint -q "$folder" || mount "$folder"
chown "$owner" "$folder"
chmod 0750 "$folder"
