# shellcheck shell=bash
# What the other scripts stand on: Python packages in .venv, a browser to test in, and a proxy.
# Sourced, never run. Says what it does on standard error, so that a script's own output stays clean.

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "$*"
  exit 1
}

fits() {
  "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' >/dev/null 2>&1
}

# The Python named in PYTHON, else the first that fits and can make an environment.
find_python() {
  local candidate bare="" candidates=(python3 python3.13 python3.12 python3.11 python)
  [ -z "${PYTHON:-}" ] || candidates=("$PYTHON")
  for candidate in "${candidates[@]}"; do
    fits "$candidate" || continue
    if "$candidate" -c 'import ensurepip, venv' >/dev/null 2>&1; then
      printf '%s\n' "$candidate"
      return
    fi
    bare=$("$candidate" -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
  done
  [ -z "$bare" ] || fail "$bare is here but cannot make an environment: install the package" \
    "$bare-venv (apt-get install $bare-venv)."
  fail "Learning Rate Lab needs Python 3.11, 3.12 or 3.13 and found none among ${candidates[*]}:" \
    "install the packages python3 and python3-venv, or name one: PYTHON=/path/to/python $0"
}

# environment FILE...: makes .venv and installs the requirement files, where that is not done yet.
environment() {
  local python file options=() wanted stamp
  stamp=.venv/installed-$(basename "${!#}" .txt)
  wanted=$(cat requirements.txt requirements/*.txt | cksum)
  if [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && fits .venv/bin/python; then
    return
  fi
  if ! { fits .venv/bin/python && .venv/bin/python -m pip --version >/dev/null 2>&1; }; then
    python=$(find_python)
    say "Making .venv with $("$python" --version). What goes into it is about 1 GB to load."
    "$python" -m venv --clear .venv
  fi
  for file in "$@"; do options+=(-r "$file"); done
  say "Installing $* into .venv."
  .venv/bin/python -m pip install --disable-pip-version-check "${options[@]}" >&2
  printf '%s\n' "$wanted" >"$stamp"
}

# nginx for the tests of docs/nginx.conf: unpacked into .venv, so that nothing is installed or started.
# Without it they are skipped and say so.
proxy() {
  local nginx
  for nginx in "${NGINX:-}" "$(command -v nginx || true)" /usr/sbin/nginx .venv/nginx/usr/sbin/nginx; do
    if [ -x "$nginx" ]; then
      export NGINX=$nginx
      return
    fi
  done
  command -v apt-get >/dev/null || return 0
  say "Unpacking the package nginx into .venv."
  if (cd .venv && apt-get download nginx && dpkg -x nginx_*.deb nginx && rm nginx_*.deb) >&2; then
    export NGINX=.venv/nginx/usr/sbin/nginx
  else
    say "The package nginx could not be had."
  fi
}

# Chromium for the browser tests, its path in CHROMIUM; Debian's package where we may install it.
browser() {
  local as_root=(env DEBIAN_FRONTEND=noninteractive)
  if [ -z "${CHROMIUM:-}" ] && ! find_browser && command -v apt-get >/dev/null; then
    [ "$(id -u)" = 0 ] || as_root=(sudo -n "${as_root[@]}")
    say "Installing the package chromium."
    { "${as_root[@]}" apt-get update &&
      "${as_root[@]}" apt-get install -y --no-install-recommends chromium; } >&2 ||
      say "The package chromium could not be installed."
    find_browser || true
  fi
  [ -x "${CHROMIUM:-}" ] || fail "The browser tests need Chromium and found none: install the" \
    "package chromium, or name a browser: CHROMIUM=/path/to/chromium $0"
}

find_browser() {
  local name
  for name in chromium chromium-browser google-chrome google-chrome-stable; do
    if CHROMIUM=$(command -v "$name"); then
      export CHROMIUM
      return
    fi
  done
  return 1
}
