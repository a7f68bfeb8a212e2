.PHONY: setup check test bench

setup:  ## this checkout, with what developers need, into the active environment
	pip install -c constraints.txt -e '.[dev]'

check:  ## lint, format, types, import contracts
	ruff check .
	ruff format --check .
	mypy
	lint-imports

test:  ## the README's test command
	python -m pytest

bench:  ## ratios against named peers
	python benchmarks/render.py
	python benchmarks/eval.py
	python benchmarks/objects.py
