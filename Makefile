SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.PHONY: demo test bench fmt lint docs

# The main job on the example: verdicts, hypotheses, measurement, structure, figures.
demo:
	cargo run --release -- report models/initial-trust.sem data/initial-trust.csv -o report.html

# Every test: library, command line, documentation, agreement with independent programs (its tables are printed).
test:
	cargo test --all-features
	cargo test --all-features --test agreement -- --nocapture --test-threads 1

bench:
	cargo bench --bench flagship

fmt:
	cargo fmt --all

lint:
	cargo fmt --all --check
	cargo clippy --all-features --all-targets -- -D warnings
	cargo clippy --no-default-features --lib -- -D warnings

docs:
	RUSTDOCFLAGS="-D warnings" cargo doc --all-features --no-deps
