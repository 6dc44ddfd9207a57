#!/bin/sh
# Make .venv hold what serving needs (`tools/setup.sh serve`) or the tests as well (`tools/setup.sh dev`).
# Uses uv where it is installed, else the venv and pip of Python itself. PYTHON names another interpreter.
set -eu
cd "$(dirname "$0")/.."

say() { printf '  %s\n' "$*"; }
fail() { printf '\n%s\n' "$*" >&2; exit 1; }

is_fit() { # a shim may be on the path without a Python behind it
  "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
  for name in ${PYTHON:-} python3 python3.11 python3.12 python3.13 python3.14; do
    if is_fit "$name"; then command -v "$name"; return; fi
  done
  fail "Python 3.11 or newer is needed: apt-get install python3, or name one: make PYTHON=/path/to/python3"
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else fail "This needs the administrator of the machine to run once: $*"
  fi
}

need_venv_module() { # Debian and Ubuntu keep it in a package of its own
  if "$1" -c 'import ensurepip, venv' 2>/dev/null; then return; fi
  version=$("$1" -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
  command -v apt-get >/dev/null || fail "The module venv of $version is missing: install it with the system's packages."
  say "installing $version-venv"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$version-venv" >/dev/null
}

has_uv() { uv --version >/dev/null 2>&1; }

make_venv() {
  if is_fit .venv/bin/python; then return; fi
  python=$(find_python)
  say "making .venv with $("$python" --version)"
  if has_uv; then uv venv -q --clear --python "$python" .venv; return; fi
  need_venv_module "$python"
  "$python" -m venv --clear .venv
}

install() {
  if has_uv; then uv pip install -q --python .venv/bin/python "$@"
  else .venv/bin/python -m pip install -q --disable-pip-version-check "$@"
  fi
}

want=${1:-}
case "$want" in
  serve) list=requirements.txt ;;
  dev) list=requirements-dev.txt ;;
  *) fail "usage: tools/setup.sh serve|dev" ;;
esac
make_venv
say "installing $list (up to a minute the first time)"
install --require-hashes -r "$list"
install --no-deps --no-build-isolation --editable .
touch .venv/.serve ".venv/.$want"
