# The commands of the project; `make help` lists them. Set-up is tools/setup.sh, called by each.
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: run test faults lint format bench differential lock help clean

PY := .venv/bin/python
CODE := $(wildcard survey reports bench wsgi.py)
WORKERS ?= 2
ARGS ?=

run: ## chạy hệ thống với dữ liệu minh họa / serve with demonstration data (PORT=8000)
	@tools/setup.sh run
	@.venv/bin/sansangso serve --demo $(ARGS)

test: ## chạy mọi kiểm thử / run every test (ARGS="tests/core -k ranking", WORKERS=2)
	@tools/setup.sh test
	@$(PY) -m pytest -n $(WORKERS) --dist loadscope --no-loadscope-reorder $(ARGS)

faults: ## thử giết tiến trình, mất mạng, mất điện, đầy đĩa… (lâu) / try kills, lost answers, power cuts … (long; some as root)
	@tools/setup.sh test
	@SANSANGSO_FAULTS=1 $(PY) -m pytest -n0 $(or $(ARGS),tests/faults tests/browser/test_storm.py tests/browser/test_whole_ward.py)

lint: ## kiểm tra mã nguồn / check style, types and imports
	@tools/setup.sh test
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy $(CODE)
	@.venv/bin/lint-imports --config setup.cfg

format: ## định dạng mã nguồn / put the code into the house style
	@tools/setup.sh test
	@.venv/bin/ruff check --fix .
	@.venv/bin/ruff format .

bench: ## đo thời gian và bộ nhớ / measure time and memory
	@tools/setup.sh test
	@$(PY) -m bench $(ARGS)

differential: ## so mọi cách tính điểm với phân số / hold every reading against fractions (CELLS=10000, TREES=40)
	@tools/setup.sh test
	@$(PY) -m tests.core.rules.differential

lock: ## khóa lại phiên bản thư viện / pin libraries again after changing setup.cfg (ARGS=--upgrade)
	@tools/lock.sh $(ARGS)

help: ## danh sách lệnh / this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

clean: ## xóa môi trường và tệp tạm, giữ instance/ / remove .venv and caches, keep instance/
	rm -rf .venv .venv-lock build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache \
		.hypothesis .coverage .coverage.* htmlcov test-artefacts
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
