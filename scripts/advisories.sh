#!/usr/bin/env bash
# Looks the dependencies up in the database of known holes, where that database can be had.
set -euo pipefail
if ! cargo deny --log-level off fetch db >/dev/null 2>&1; then
  echo "The database of advisories cannot be reached from here; that check was left out."
  exit 0
fi
cargo deny --log-level error check advisories
