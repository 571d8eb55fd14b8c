# Shared by ./run, ./test, ./stemma and bench/run: what they install and build. Sourced, not run.
# Everything says what it does; nothing is done twice.
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
STEMMA="$ROOT/out/stemma/stemma"

say() { printf '\033[2m%s\033[0m\n' "$*" >&2; }

# need PACKAGE… : installs the Debian packages that are missing.
need() {
  local missing=()
  for package in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  local sudo=; [ "$(id -u)" = 0 ] || sudo=sudo
  say "Installing Debian packages: ${missing[*]}"
  # Our PostgreSQL lives in the data folder: Debian's package must not start one of its own.
  if [[ " ${missing[*]} " == *" postgresql-15 "* ]]; then
    $sudo mkdir -p /etc/postgresql-common
    [ -e /etc/postgresql-common/createcluster.conf ] || echo 'create_main_cluster = false' | $sudo tee /etc/postgresql-common/createcluster.conf >/dev/null
  fi
  local log; log=$(mktemp)
  if ! { $sudo apt-get update && DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    echo "Could not install: ${missing[*]}. Install them by hand and start again." >&2
    exit 1
  fi
  rm -f "$log"
}

runtime_packages() { need postgresql-15 libvips42 libturbojpeg0 util-linux bubblewrap; }

# stale OUTPUT SOURCE… : whether OUTPUT is missing or older than any source file.
stale() {
  local output=$1; shift
  [ -e "$output" ] || return 0
  [ -n "$(find "$@" -type f -newer "$output" -not -path '*/bin/*' -not -path '*/obj/*' -not -path '*/node_modules/*' -not -path '*/dist/*' -not -name schema.d.ts -not -name openapi.json -print -quit)" ]
}

# The executable, compiled ahead of time so that a command starts at once.
build_stemma() {
  stale "$STEMMA" "$ROOT/src" "$ROOT/Directory.Build.props" "$ROOT/Directory.Packages.props" || return 0
  say "Building stemma …"
  local log; log=$(mktemp)
  if ! dotnet publish "$ROOT/src/Stemma.Cli" -c Release --use-current-runtime --no-self-contained -p:PublishReadyToRun=true -o "$ROOT/out/stemma" -v quiet >"$log" 2>&1; then
    grep -E 'error|warn' "$log" | sort -u >&2 || cat "$log" >&2
    exit 1
  fi
  rm -f "$log"
  touch "$STEMMA"
}

# The browser application; its types come from the API's own description.
build_web() {
  # What the page is built from; what tests and benches leave in web/ is not.
  stale "$ROOT/web/dist/index.html" "$ROOT/web/src" "$ROOT/web/public" "$ROOT"/web/{index.html,package.json,package-lock.json,tsconfig.json,vite.config.ts} "$STEMMA" || return 0
  say "Building the browser application …"
  ( cd "$ROOT/web"
    # Packages behind a link are another tree's, which installs them itself: npm would empty them under it.
    [ -L node_modules ] || { [ -e node_modules/.package-lock.json ] && [ ! package-lock.json -nt node_modules/.package-lock.json ]; } || npm ci --silent --no-fund --no-audit
    "$STEMMA" openapi > src/api/openapi.json
    npm run --silent types >/dev/null
    npm run --silent build -- --logLevel error )
}
