#!/bin/sh
# Write both lock files again from pyproject.toml: exact versions and hashes, no registry's name.
#
# The hashes cover every wheel of a version, so one file serves Linux on x86-64 and ARM64 with
# Python 3.11 to 3.13; lines that differ between them carry a marker. The large lock holds
# everything of the small one in the same versions.
set -eu
cd "$(dirname "$0")/.."
UV=${UV:-uv}
command -v "$UV" >/dev/null || { echo "lock: install uv (or name it: make lock UV=path)" >&2; exit 69; }

compile() {
    # --no-annotate: who asked for what would change at every step of every other package.
    "$UV" pip compile --quiet --universal --python-version 3.11 --generate-hashes --only-binary :all: \
        --no-emit-index-url --no-emit-find-links --no-annotate \
        --custom-compile-command "make lock" "$@"
}

compile --output-file requirements.lock --group setup pyproject.toml
compile --output-file requirements-dev.lock --constraints requirements.lock \
    --group setup --group dev pyproject.toml
