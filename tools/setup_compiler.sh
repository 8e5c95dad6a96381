#!/bin/sh
# Give the tests of failing disks and set clocks their C compiler, where that is possible.
#
# Only as root, and only where apt-get is: anywhere else those tests skip and say what is missing.
# A machine that could not install it is not asked again until the next set-up (the stamp lies in
# .venv).
set -eu
cd "$(dirname "$0")/.."

stamp=.venv/.comity-compiler

say() { printf 'setup: %s\n' "$*" >&2; }

if command -v cc >/dev/null && printf '#include <stdio.h>\n' | cc -E - >/dev/null 2>&1; then
    exit 0
fi
if [ -f "$stamp" ] || [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    say "no C compiler here (Debian: gcc libc6-dev); tests of failing disks and set clocks are skipped"
    exit 0
fi

say "installing gcc and libc6-dev for the tests of failing disks and set clocks"
export DEBIAN_FRONTEND=noninteractive
apt-get -qq -o DPkg::Lock::Timeout=300 update >/dev/null || say "apt-get update failed; trying on"
apt-get -qq -y -o DPkg::Lock::Timeout=300 install --no-install-recommends gcc libc6-dev \
    >/dev/null || say "could not install them; those tests are skipped"
: >"$stamp"
