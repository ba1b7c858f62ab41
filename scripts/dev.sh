#!/usr/bin/env bash
# The demo with an app that is built again whenever a file changes. Reload the page to see it.
set -euo pipefail
mkdir -p .cache
trunk watch --offline >.cache/trunk.log 2>&1 &
trunk=$!
trap 'kill "$trunk" 2>/dev/null || true' EXIT
echo "Trunk builds in the background; what it says is in .cache/trunk.log."
cargo build -p whimbrel-tests --bin demo
cargo run --quiet -p whimbrel-tests --bin demo
