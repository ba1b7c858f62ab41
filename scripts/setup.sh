#!/usr/bin/env bash
# Installs what is missing, and nothing else: `setup.sh rust|app|world|dialects|browser|deny|fuzz`. What is there in the
# right version is left alone, so that a second run is over at once. Tools go to .cache/tools, or where
# WHIMBREL_TOOLS says.
set -euo pipefail
cd "$(dirname "$0")/.."

tools="${WHIMBREL_TOOLS:-$PWD/.cache/tools}"
export PATH="$tools/bin:$PWD/node_modules/.bin:$HOME/.cargo/bin:$PATH:/usr/sbin:/sbin"

trunk_version=0.21.14
deny_version=0.20.2
fuzz_version=0.13.2
node_version=22.23.3 # where the system has none, or one that is too old
node_oldest=20

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
stop() { printf '\n%s\n' "$*" >&2; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

# apt_missing FILE PACKAGE...: the packages whose file is not there.
apt_missing() {
  while [ $# -gt 0 ]; do
    case $1 in
      /*) [ -e "$1" ] || echo "$2" ;;
      *) has "$1" || echo "$2" ;;
    esac
    shift 2
  done
}

# Debian packages, without starting any service and without taking the place of another mail server.
apt_install() {
  [ $# -gt 0 ] || return 0
  has apt-get || stop "Missing: $*. Please install these with your system's package manager; apt-get is not here."
  if [[ " $* " == *" postfix "* ]] && [ -e /usr/sbin/sendmail ]; then
    stop "Another mail server is installed, and Postfix would take its place. If that is all right:
  apt-get install $*"
  fi
  local root=()
  if [ "$(id -u)" != 0 ]; then
    if has sudo && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
      root=(sudo)
    else
      stop "Missing: $*. Please run as root, and then once more what you just ran:
  DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $*"
    fi
  fi
  say "Installing $*"
  "${root[@]}" sh -c '
    echo "postfix postfix/main_mailer_type select No configuration" | debconf-set-selections 2>/dev/null
    made=
    if [ ! -e /usr/sbin/policy-rc.d ]; then
      printf "#!/bin/sh\nexit 101\n" >/usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d && made=1
    fi
    export DEBIAN_FRONTEND=noninteractive
    apt-get install -y --no-install-recommends "$@" ||
      { apt-get update && apt-get install -y --no-install-recommends "$@"; }
    result=$?
    [ -z "$made" ] || rm -f /usr/sbin/policy-rc.d
    exit $result
  ' sh "$@"
}

# apt_version PACKAGE: the version that apt would install; nothing where it knows none.
apt_version() {
  has apt-cache || return 0
  local version
  version=$(apt-cache policy "$1" 2>/dev/null | sed -n 's/^  Candidate: \(.*\)/\1/p')
  if [ -z "$version" ] && [ "$(id -u)" = 0 ]; then
    apt-get update >/dev/null 2>&1 || true # a new machine has no lists yet
    version=$(apt-cache policy "$1" 2>/dev/null | sed -n 's/^  Candidate: \(.*\)/\1/p')
  fi
  [ "$version" = "(none)" ] || echo "$version"
}

# cargo_tool NAME VERSION EXTRA...: a program of crates.io, built quickly rather than small.
cargo_tool() {
  local name=$1 version=$2
  shift 2
  say "Building $name $version (some minutes, once)"
  CARGO_TARGET_DIR="$tools/build" CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_LTO=off \
    CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_STRIP=true \
    cargo install "$name" --version "$version" --root "$tools" --force "$@"
  rm -rf "$tools/build"
}

setup_rust() {
  if ! has cargo; then
    stop "Rust is missing. Please install it, and then run this again:
  curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y --profile minimal"
  fi
  # shellcheck disable=SC2046
  apt_install $(apt_missing cc build-essential)
  local wanted
  wanted=$(sed -n 's/^channel = "\(.*\)"/\1/p' rust-toolchain.toml)
  if has rustup; then
    local sysroot
    sysroot=$(rustup run "$wanted" rustc --print sysroot 2>/dev/null || true)
    if [ ! -x "$sysroot/bin/rustc" ]; then
      say "Installing Rust $wanted with the browser's target"
      rustup toolchain install "$wanted" --profile minimal --component rustfmt,clippy \
        --target wasm32-unknown-unknown
    fi
    # What a toolchain that is there already lacks: only that is fetched.
    [ -d "$(rustup run "$wanted" rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown" ] ||
      rustup target add --toolchain "$wanted" wasm32-unknown-unknown
    [ -x "$(rustup run "$wanted" rustc --print sysroot)/bin/cargo-clippy" ] ||
      rustup component add --toolchain "$wanted" clippy rustfmt
  elif [ ! -d "$(rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown" ]; then
    stop "This Rust cannot build for browsers. Please install rustup (https://rustup.rs), or your
distribution's package with the standard library for wasm32-unknown-unknown, and run this again."
  fi
}

setup_node() {
  # shellcheck disable=SC2046
  apt_install $(apt_missing npm npm)
  local major
  major=$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/' || true)
  if [ "${major:-0}" -lt "$node_oldest" ]; then
    say "Installing Node $node_version for this project"
    local machine
    case $(uname -m) in
      x86_64) machine=x64 ;;
      aarch64) machine=arm64 ;;
      *) stop "Node $node_oldest or newer is needed; this machine has ${major:-none}." ;;
    esac
    npm install --prefix "$tools/node" --no-save --no-audit --no-fund "node-linux-$machine@$node_version"
    mkdir -p "$tools/bin"
    ln -sf "$tools/node/node_modules/node-linux-$machine/bin/node" "$tools/bin/node"
  fi
  if ! node scripts/npm-is-current.mjs; then
    say "Installing the npm packages of package-lock.json"
    npm ci --no-audit --no-fund
  fi
}

setup_app() {
  setup_rust
  setup_node
  [ "$(trunk --version 2>/dev/null)" = "trunk $trunk_version" ] || cargo_tool trunk "$trunk_version" --locked
  local bindgen
  bindgen=$(sed -n '/^name = "wasm-bindgen"$/{n;s/^version = "\(.*\)"/\1/p}' Cargo.lock)
  # Its own lock file may name versions that are not published yet: no --locked.
  [ "$(wasm-bindgen --version 2>/dev/null)" = "wasm-bindgen $bindgen" ] || cargo_tool wasm-bindgen-cli "$bindgen"
}

setup_world() {
  if ! has dovecot; then
    case $(apt_version dovecot-imapd) in
      "" | *:2.3.* | 2.3.*) ;;
      *) stop "The mail world is written for Dovecot 2.3; this system has $(apt_version dovecot-imapd).
Debian 12, Ubuntu 22.04 and 24.04 have the right one." ;;
    esac
  fi
  # shellcheck disable=SC2046
  apt_install $(apt_missing \
    /usr/lib/dovecot/imap dovecot-imapd /usr/lib/dovecot/lmtp dovecot-lmtpd \
    /usr/lib/dovecot/modules/lib90_sieve_plugin.so dovecot-sieve \
    /usr/lib/dovecot/managesieve dovecot-managesieved \
    /usr/lib/postfix/sbin/master postfix setsid util-linux)
  case $(dovecot --version) in
    2.3.*) ;;
    *) stop "The mail world is written for Dovecot 2.3; this machine has $(dovecot --version)." ;;
  esac
  [ "$(id -u)" = 0 ] || stop "Postfix can only be started by root. Please run this as root, for example:
  sudo -E env PATH=\"\$PATH\" make demo"
}

# Mail servers that Debian lets nobody install beside Dovecot are unpacked into a folder of their own, and started
# from there by the tests. The libraries they need get into nobody's way and are installed.
setup_dialects() {
  local into="$tools/dialects" packages="cyrus-common cyrus-imapd courier-imap courier-base courier-authlib"
  [ "$(cat "$into/packages" 2>/dev/null)" != "$packages" ] || return 0
  has apt-get && has dpkg-deb || stop "Cyrus and Courier are taken from Debian's packages; apt-get is not here."
  [ -n "$(apt_version cyrus-imapd)" ] || stop "apt knows no cyrus-imapd. Please run: apt-get update"
  local library libraries=()
  # Of alternatives the first. The libraries left out are those of programs that are not started.
  # shellcheck disable=SC2086
  for library in $(apt-cache depends $packages | awk '
      / \|?Depends: / { if (!is_other && $2 ~ /^(lib|zlib)/) print $2; is_other = /\|Depends: / }' | sort -u); do
    case $library in libclamav* | libzephyr*) continue ;; esac
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$library" 2>/dev/null)" = installed ] || libraries+=("$library")
  done
  apt_install ${libraries[@]+"${libraries[@]}"}
  say "Unpacking $packages"
  rm -rf "$into"
  mkdir -p "$into/archives"
  # shellcheck disable=SC2086
  (cd "$into/archives" && {
    apt-get download -o APT::Sandbox::User=root $packages ||
      { apt-get update && apt-get download -o APT::Sandbox::User=root $packages; }
  })
  local archive
  for archive in "$into"/archives/*.deb; do
    dpkg-deb -x "$archive" "$into"
  done
  rm -r "$into/archives"
  echo "$packages" >"$into/packages"
}

setup_browser() {
  setup_node
  if ! has chromium && ! has chromium-browser && ! has google-chrome; then
    [ -n "$(apt_version chromium)" ] || stop "Chromium is missing, and apt has none. Please install it or Google Chrome, for example:
  snap install chromium"
    apt_install chromium
  fi
  if ! has firefox-esr && ! has firefox; then
    [ -n "$(apt_version firefox-esr)" ] || stop "Firefox is missing, and apt has no firefox-esr. Please install it, for example:
  snap install firefox"
    apt_install firefox-esr
  fi
  # shellcheck disable=SC2046
  apt_install $(apt_missing /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf fonts-dejavu-core)
}

setup_deny() {
  setup_rust
  [ "$(cargo-deny --version 2>/dev/null)" = "cargo-deny $deny_version" ] || cargo_tool cargo-deny "$deny_version" --locked
}

setup_fuzz() {
  setup_rust
  # shellcheck disable=SC2046
  apt_install $(apt_missing c++ g++)
  [ "$(cargo-fuzz --version 2>/dev/null)" = "cargo-fuzz $fuzz_version" ] || cargo_tool cargo-fuzz "$fuzz_version" --locked
}

[ $# -gt 0 ] || set -- app world dialects browser deny fuzz
for what in "$@"; do
  case $what in
    rust | app | world | dialects | browser | deny | fuzz) "setup_$what" ;;
    *) stop "usage: scripts/setup.sh [rust|app|world|dialects|browser|deny|fuzz]..." ;;
  esac
done
