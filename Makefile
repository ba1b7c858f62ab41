# Everything a person does with Whimbrel's sources. Each target installs what it needs first.

# `cargo build` and friends put their results into CARGO_TARGET_DIR, if that is set.
TARGET := $(or $(CARGO_TARGET_DIR),$(CURDIR)/target)
TOOLS := $(or $(WHIMBREL_TOOLS),$(CURDIR)/.cache/tools)
export WHIMBREL_TOOLS := $(TOOLS)
export PATH := $(TOOLS)/bin:$(CURDIR)/node_modules/.bin:$(PATH):/usr/sbin:/sbin

# How long suites go on that can go on: `make test WHIMBREL_ROUNDS=10`.
WHIMBREL_ROUNDS ?= 1
export WHIMBREL_ROUNDS
# Property tests and fuzzers try the same cases all day long, so that a change sees what its landing sees;
# `make soak` tries others, and many.
PROPTEST_RNG_SEED ?= $(shell date -u +%Y%m%d)
export PROPTEST_RNG_SEED

APP := frontend/dist/index.html
APP_SOURCES := $(shell find frontend shared style scripts Cargo.toml Cargo.lock Trunk.toml rust-toolchain.toml \
	-type f -not -path 'frontend/dist/*' -not -path style/whimbrel.css)
WASM := --target wasm32-unknown-unknown -p whimbrel-frontend -p whimbrel-replica -p whimbrel-shared

.PHONY: help demo test check dev bench dist soak clean setup app size unit api faults dialects world streaming sync tidy fuzz browser fmt

help:
	@echo "make demo    a mail server with letters, Whimbrel and two sign-ins; Ctrl-C ends all of it"
	@echo "make test    all tests"
	@echo "make check   formatting, lints, documentation, licences"
	@echo "make dev     as demo, and the app is built again whenever a file changes"
	@echo "make dist    the program, with the app in it: $(TARGET)/release/whimbrel"
	@echo "make bench   speed and memory, every figure beside its budget"
	@echo "make fuzz    every fuzz target for WHIMBREL_FUZZ_SECONDS (30)"
	@echo "make soak    the tests for a long time, then 200 people for WHIMBREL_SOAK_MINUTES (30)"
	@echo "make clean   removes what all of these made"

demo: setup-app setup-world app
	cargo build -p whimbrel-tests --bin demo
	@cargo run --quiet -p whimbrel-tests --bin demo

test: setup-app setup-world setup-dialects setup-browser unit fuzz app api faults streaming dialects sync tidy browser
	@echo "All tests passed."

unit:
	cargo test --workspace --lib --bins

api faults world streaming sync tidy:
	cargo test -p whimbrel-tests --test $@

api faults streaming: world

# Most of their time these wait for a mail server.
api faults dialects: export RUST_TEST_THREADS := 4

# The API suite again, before Cyrus and Courier, before servers that lack an extension each, and one that lacks
# all. How long a silent server is waited for, what the administrator says, how guessing is slowed down and
# what the log tells rests on no extension.
DIALECTS := cyrus courier \
	$(shell grep -o '"without-[a-z-]*"\|"bare"' tests/src/imap_proxy/hiding.rs | tr -d '"')
ALIKE := falls_silent administrator guessing_is_slowed secrets::
dialects: setup-dialects api
	for dialect in $(DIALECTS); do \
	  echo "With a mail server $$dialect:"; \
	  WHIMBREL_DIALECT=$$dialect cargo test -p whimbrel-tests --test api --quiet -- \
	    $(addprefix --skip ,$(ALIKE)) || exit 1; \
	done

# What reads the bytes of mail servers and senders, under arbitrary ones.
WHIMBREL_FUZZ_SECONDS ?= 30
fuzz: setup-fuzz
	@scripts/fuzz.sh $(WHIMBREL_FUZZ_SECONDS)

browser: app
	cargo test -p whimbrel-tests --test browser

check: setup-rust setup-deny
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	cargo clippy $(WASM) -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --document-private-items
	cargo deny --log-level error check bans licenses sources
	@scripts/advisories.sh

dev: setup-app setup-world app
	@scripts/dev.sh

bench: setup-app setup-world app
	cargo bench -p whimbrel-tests

dist: setup-app app
	cargo build --release -p whimbrel-server
	@node scripts/app-size.mjs
	@ls -l "$(TARGET)/release/whimbrel"

soak: setup-app setup-world setup-browser app
	PROPTEST_RNG_SEED=$$(date +%s) PROPTEST_CASES=20000 cargo test --workspace --lib
	WHIMBREL_ROUNDS=20 cargo test -p whimbrel-tests --no-fail-fast
	$(MAKE) fuzz WHIMBREL_FUZZ_SECONDS=600 PROPTEST_RNG_SEED=$$(date +%s)
	cargo run --release -p whimbrel-tests --bin soak

size: app
	@node scripts/app-size.mjs

fmt:
	cargo fmt --all

app: $(APP)

# Off-line, so that Trunk fetches no tools of its own; what the app is made of is fetched before.
# Trunk builds into a folder beside `dist` and puts that in its place when all went well.
$(APP): $(APP_SOURCES)
	cargo fetch --locked
	trunk build --release --offline
	node scripts/compress-assets.mjs
	@node scripts/app-size.mjs --report
	@touch $(APP)

setup: setup-app setup-world setup-dialects setup-browser setup-deny setup-fuzz

setup-%:
	@scripts/setup.sh $*

clean:
	cargo clean
	rm -rf frontend/dist style/whimbrel.css node_modules .cache tests/fuzz/target tests/fuzz/corpus tests/fuzz/artifacts
