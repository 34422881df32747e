SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.PHONY: demo test python bench bench-peers fmt lint docs

# The main job on the example: verdicts, hypotheses, measurement, structure, figures.
demo:
	cargo run --release -- report models/initial-trust.sem data/initial-trust.csv -o report.html

# Every test: library, command line, documentation, agreement with independent programs (its tables are printed).
test:
	cargo test --all-features
	cargo test --all-features --test agreement -- --nocapture --test-threads 1
	$(MAKE) python

# The Python package: built into an environment of its own under target/, its tests, the notebooks, mypy.
PYTHON ?= python3
VENV := $(CURDIR)/target/python-venv
python:
	@if ! $(PYTHON) -c 'import sys, venv; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then \
		echo "skipped: the Python package is not tested, for $(PYTHON) is missing or older than 3.10"; \
	else \
		set -x; \
		cargo build --all-features; \
		test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV); \
		$(VENV)/bin/python -m pip install --quiet --requirement python/tests/requirements.txt; \
		VIRTUAL_ENV=$(VENV) $(VENV)/bin/maturin develop --quiet --manifest-path python/Cargo.toml; \
		TRUSTPATH_CLI=$(CURDIR)/target/debug/trustpath $(VENV)/bin/python -m pytest -q -c python/pyproject.toml python docs/python.md; \
	fi

# One estimate, the moment step and 10,000 resamples of the example; then how cost grows (benches/README.md).
bench:
	cargo bench --bench flagship
	cargo bench --bench cost

# The same bootstrap in every other program that is installed; ratios of CPU time.
bench-peers:
	./benches/peers/run.sh

fmt:
	cargo fmt --all

lint:
	cargo fmt --all --check
	cargo clippy --all-features --all-targets -- -D warnings
	cargo clippy --no-default-features --lib -- -D warnings
	cargo clippy --package trustpath-python -- -D warnings

docs:
	RUSTDOCFLAGS="-D warnings" cargo doc --all-features --no-deps
