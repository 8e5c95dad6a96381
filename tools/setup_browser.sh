#!/bin/sh
# Give the browser tests their Chromium and a font for Korean and Japanese, where that is possible.
#
# Only as root, and only where apt-get is: anywhere else those tests skip and say what is missing,
# so a failure here is reported and never ends the run. A machine that could not install them is
# not asked again until the next set-up (the stamp lies in .venv).
set -eu
cd "$(dirname "$0")/.."

stamp=.venv/.comity-browser

say() { printf 'setup: %s\n' "$*" >&2; }

browser() { command -v chromium || command -v chromium-browser || command -v google-chrome; }
font() { [ -n "$(find /usr/share/fonts -iname 'NotoSansCJK*' -print -quit 2>/dev/null)" ]; }

if browser >/dev/null && font; then
    exit 0
fi
if [ -f "$stamp" ] || [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    say "no Chromium or no Noto CJK fonts here (Debian: chromium fonts-noto-cjk);" \
        "tests in a browser are skipped"
    exit 0
fi

say "installing chromium and fonts-noto-cjk for the browser tests"
export DEBIAN_FRONTEND=noninteractive
apt-get -qq -o DPkg::Lock::Timeout=300 update >/dev/null || say "apt-get update failed; trying on"
apt-get -qq -y -o DPkg::Lock::Timeout=300 install --no-install-recommends \
    chromium fonts-noto-cjk >/dev/null || say "could not install them; tests in a browser are skipped"
: >"$stamp"
