# shellcheck shell=bash
# What the other scripts stand on: Python packages in .venv, a browser to test in, a database and a
# proxy, and the tools that check the pages' own scripts in node_modules.
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

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

# A package of Debian's, where we may install it; says so where it could not be.
install_package() {
  command -v apt-get >/dev/null || return 0
  say "Installing the package $1."
  { as_root apt-get update &&
    as_root env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y --no-install-recommends "$1"; } >&2 ||
    say "The package $1 could not be installed."
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
  as_root apt-get update >&2 || say "The lists of packages could not be renewed."
  if (cd .venv && apt-get download nginx && dpkg -x nginx_*.deb nginx && rm nginx_*.deb) >&2; then
    export NGINX=.venv/nginx/usr/sbin/nginx
  else
    say "The package nginx could not be had."
  fi
}

# Chromium for the browser tests, its path in CHROMIUM; Debian's package where we may install it.
browser() {
  if [ -z "${CHROMIUM:-}" ] && ! find_browser; then
    install_package chromium
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

# PostgreSQL's programs for the tests of the store, which start a server of their own; Debian's
# package where we may install it, without the server that it would set up.
postgresql() {
  local settings=/etc/postgresql-common/createcluster.conf
  if ! find_postgresql; then
    install_package postgresql-common
    [ ! -f "$settings" ] ||
      as_root sed -i 's/^#* *create_main_cluster.*/create_main_cluster = false/' "$settings"
    install_package postgresql
  fi
  find_postgresql || fail "The tests of the store need PostgreSQL's initdb and found none:" \
    "install the package postgresql, or have initdb and pg_ctl in the path."
}

find_postgresql() {
  command -v initdb >/dev/null || compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null
}

# Biome and TypeScript in node_modules, as package-lock.json has them. Installed by the npm in the
# path; where there is none, by one that is put into .venv.
javascript() {
  local stamp=node_modules/installed wanted
  wanted=$(cat package.json package-lock.json | cksum)
  command -v node >/dev/null || PATH=$PWD/.venv/bin:$PATH
  if [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && command -v node >/dev/null; then
    return
  fi
  if ! { command -v node && command -v npm; } >/dev/null; then
    say "Installing $(tail -n 1 requirements/node.txt) into .venv: no node and npm in the path."
    .venv/bin/python -m pip install --disable-pip-version-check -r requirements/node.txt >&2
    PATH=$PWD/.venv/bin:$PATH
  fi
  say "Installing Biome and TypeScript into node_modules."
  npm ci >&2 || fail "The scripts of the pages are checked by Biome and TypeScript, which npm could" \
    "not install from package-lock.json."
  printf '%s\n' "$wanted" >"$stamp"
}
