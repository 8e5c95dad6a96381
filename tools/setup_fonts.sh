#!/bin/sh
# Give the printed sheets their fonts for Korean and Japanese, where that is possible.
#
# Only as root, and only where apt-get is: anywhere else printing says what is missing, and nothing
# but printing needs them. A machine that could not install them is not asked again until the next
# set-up (the stamp lies in .venv).
set -eu
cd "$(dirname "$0")/.."

stamp=.venv/.comity-fonts

say() { printf 'setup: %s\n' "$*" >&2; }

if [ -n "$(find /usr/share/fonts /usr/local/share/fonts -iname 'NotoSansCJK-Regular.ttc' \
    -print -quit 2>/dev/null)" ]; then
    exit 0
fi
if [ -f "$stamp" ] || [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    say "no Noto CJK fonts here (Debian: fonts-noto-cjk); comity print says so when it needs them"
    exit 0
fi

say "installing fonts-noto-cjk for printed sheets"
export DEBIAN_FRONTEND=noninteractive
apt-get -qq -o DPkg::Lock::Timeout=300 update >/dev/null || say "apt-get update failed; trying on"
apt-get -qq -y -o DPkg::Lock::Timeout=300 install --no-install-recommends fonts-noto-cjk \
    >/dev/null || say "could not install them; comity print will say so"
: >"$stamp"
