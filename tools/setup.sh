#!/bin/sh
# Make .venv fit for the program (small) or for its tests too (full). Costs nothing when it is.
#
# Only .venv's own pip is used, and it takes nothing but wheels whose hashes the lock file names.
# What is done is written into a stamp, last; a set-up that was cut off while packages were being
# installed begins again from nothing, because pip takes half a package for a whole one.
set -eu
cd "$(dirname "$0")/.."

say() { printf 'setup: %s\n' "$*" >&2; }
give_up() { say "$*"; exit 69; } # EX_UNAVAILABLE: something that the machine lacks

case "${1-}" in
small) locks="requirements.lock" lock=requirements.lock ;;
full) locks="requirements.lock requirements-dev.lock" lock=requirements-dev.lock ;;
*) echo "usage: tools/setup.sh small|full" >&2; exit 64 ;;
esac
stamp=".venv/.comity-$1"

find_python() {
    for candidate in python3 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    give_up "install Python 3.11 or newer (python3), then run the same command again"
}

# What the stamp holds: the place (scripts in .venv name it) and every file that decides.
fingerprint() {
    # shellcheck disable=SC2086 # the list of lock files is meant to be split
    "$python" - "$PWD" $locks pyproject.toml tools/setup.sh tools/assets.py <<'END'
import hashlib
import sys

whole = hashlib.sha256(sys.argv[1].encode())
for name in sys.argv[2:]:
    with open(name, "rb") as file:
        whole.update(hashlib.sha256(file.read()).digest())
print(whole.hexdigest())
END
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

can_apt() {
    command -v apt-get >/dev/null || return 1
    [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null
}

install_venv_module() {
    can_apt || return 1
    say "installing python3-venv"
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -qq -o DPkg::Lock::Timeout=300 update >/dev/null || say "apt-get update failed; trying on"
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -qq -y -o DPkg::Lock::Timeout=300 install --no-install-recommends python3-venv >/dev/null
}

works() { .venv/bin/python -m pip --version >/dev/null 2>&1; }

# Every way starts from nothing: `python3 -m venv` without ensurepip fails and leaves a folder.
venv_by_module() {
    "$python" -c 'import ensurepip' 2>/dev/null || return 1
    rm -rf .venv
    "$python" -m venv .venv >&2 && works
}
venv_by_uv() {
    command -v uv >/dev/null || return 1
    rm -rf .venv
    uv venv --quiet --seed --python "$python" .venv >&2 && works
}
venv_by_virtualenv() {
    command -v virtualenv >/dev/null || return 1
    rm -rf .venv
    virtualenv --quiet --python "$python" .venv >&2 && works
}

python=$(find_python)
wanted=$(fingerprint)
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && works; then
    exit 0
fi

# Console scripts name the folder in which they were made: a moved checkout starts afresh.
if [ -e .venv/.comity-unfinished ] || ! works || [ "$(cat .venv/.comity-place 2>/dev/null)" != "$PWD" ]; then
    say "making .venv with $python"
    venv_by_module || venv_by_uv || venv_by_virtualenv \
        || { install_venv_module && venv_by_module; } \
        || { rm -rf .venv
             give_up "install python3-venv (Debian: apt-get install python3-venv), then try again"; }
    printf '%s' "$PWD" >.venv/.comity-place
fi

rm -f "$stamp"
: >.venv/.comity-unfinished
say "installing what $lock names"
.venv/bin/python -m pip install --quiet --no-input --disable-pip-version-check \
    --require-hashes --only-binary :all: -r "$lock" >&2
.venv/bin/python -m pip install --quiet --no-input --disable-pip-version-check \
    --no-index --no-deps --no-build-isolation --editable . >&2
rm .venv/.comity-unfinished
.venv/bin/python tools/assets.py
printf '%s' "$wanted" >"$stamp"
