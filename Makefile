# Everything in one folder, .venv. PYTHON picks the interpreter that makes it: make test PYTHON=python3.12
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help mnist test lint bench notebooks docs clean
help:
	@echo "make mnist   install, and run the documented MNIST example"
	@echo "make test    install what tests need, and run the suite"
	@echo "make lint    install the developers' tools; style, types, floors"
	@echo "make docs    a site of the pages and of the reference, in site/"
	@echo "make bench   install the peers, and race them: docs/benchmarks"

mnist: .venv/installed
	$(BIN)/dnn-tf mnist

test: .venv/installed-test
	$(BIN)/pytest --numprocesses 2 --dist loadfile

lint: .venv/installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/installed-bench
	$(BIN)/python -m benchmarks

notebooks: .venv/installed-test
	$(BIN)/python -m jupyter execute --inplace notebooks/*.ipynb

docs: .venv/installed-docs
	TF_CPP_MIN_LOG_LEVEL=3 $(BIN)/python docs/make_site.py site

clean:
	rm -rf .venv build dist site *.egg-info

$(BIN)/python:
	$(PYTHON) -m venv .venv

.venv/installed: setup.cfg pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

.venv/installed-test: .venv/installed
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	@touch $@

.venv/installed-bench: .venv/installed
	$(BIN)/python -m pip install --quiet --editable '.[bench]'
	@touch $@

.venv/installed-docs: .venv/installed
	$(BIN)/python -m pip install --quiet --editable '.[docs]'
	@touch $@

.venv/installed-dev: .venv/installed-test
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@
