# Hourlink from a clone: `make demo` runs it, `make test` proves it. Needs make, git and Python 3.11+ with venv, no root.
# Kept to GNU make 3.81 and POSIX sh, so that macOS's own tools are enough.

SHELL = /bin/sh
.DEFAULT_GOAL = help
.PHONY: help demo test quick fuzz torture soak bench check audit fmt docs lock install clean

# PYTHON=/path/to/python chooses the interpreter; otherwise the first of these that is new enough is taken.
PYTHONS = $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11)
# A fifth of the time a test waits (a database, a browser, a process): one worker more than there are cores.
CORES = $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
WORKERS = $(shell echo $$(($(CORES) + 1)))
BIN = .venv/bin
# Each worker takes over from the one that has most left: nobody is idle while another has a queue.
PYTEST = $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal
LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header

help: ## what can be made
	@sed -n 's/^\([a-z]*\):.*## /\1	/p' Makefile | while read -r name what; do printf '  make %-8s %s\n' "$$name" "$$what"; done

demo: ## run Hourlink with a local Slack stand-in and a seeded board: nothing to configure
	@sh -euc "$$INSTALL" install app
	@trap 'exit 0' INT; $(BIN)/hourlink demo $(ARGS)

test: ## run every test in parallel (ARGS='tests/test_settings.py -k secret' chooses)
	@sh -euc "$$INSTALL" install dev
	@$(PYTEST) $(ARGS)

quick: ## run the tests without PostgreSQL, browsers and what takes long (ARGS as for test)
	@sh -euc "$$INSTALL" install dev
	@$(PYTEST) --quick $(ARGS)

fuzz: ## throw a million random commands at the grammar (ARGS='20000 7' chooses number and seed)
	@sh -euc "$$INSTALL" install dev
	@$(BIN)/python -m tests.fuzz_grammar $(or $(ARGS),1000000)

torture: ## kill the app 100 times while people track 500 entries, and compare (ARGS='--kills 10')
	@sh -euc "$$INSTALL" install dev
	@$(BIN)/python -m tests.torture.torture $(ARGS)

soak: ## let 50 teams track while processes and databases are killed (ARGS='--minutes 3 --workers 3')
	@sh -euc "$$INSTALL" install dev
	@$(BIN)/python -m benchmarks.soak $(ARGS)

bench: ## measure speed beside its floor (ARGS='requests --write' chooses; ARGS=--help says more)
	@sh -euc "$$INSTALL" install $(if $(filter sync,$(ARGS)),bench,dev)
	@$(BIN)/python -m benchmarks $(ARGS)

check: ## lint, format, types, import rules
	@sh -euc "$$INSTALL" install dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

audit: ## ask whether anything that is installed has a known weakness (needs PyPI's JSON API)
	@sh -euc "$$INSTALL" install audit
	@$(BIN)/python .ci/audit.py $(ARGS)

fmt: ## format the code and mend what the linter can mend
	@sh -euc "$$INSTALL" install dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: ## write again everything that is generated (manifest.yml, docs/, tables in README.md)
	@sh -euc "$$INSTALL" install dev
	$(BIN)/python -m bot.reference

lock: ## choose dependency versions again after a change in pyproject.toml (ARGS=--upgrade: the newest)
	@sh -euc "$$INSTALL" install dev
	$(LOCK) $(ARGS) --group build -o requirements/build.txt
	$(LOCK) $(ARGS) pyproject.toml -c requirements/build.txt -o requirements/app.txt
	$(LOCK) $(ARGS) pyproject.toml --group dev -c requirements/build.txt -c requirements/app.txt -o requirements/dev.txt
	$(LOCK) $(ARGS) pyproject.toml --group bench -c requirements/dev.txt -o requirements/bench.txt
	$(LOCK) $(ARGS) pyproject.toml --group audit -c requirements/dev.txt -o requirements/audit.txt

install: ## only create .venv with everything in it
	@sh -euc "$$INSTALL" install dev

clean: ## delete .venv and caches (your data/ and demo-data/ stay)
	rm -rf .venv .venv-installing .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Brings .venv to what the lock files say: `app` is what the demo needs, `dev` is everything. A stamp named after the
# contents of those files tells that it is done; .venv-installing (with the installer's pid) tells that it is not.
define INSTALL
case $$1 in
  app) locks="requirements/build.txt requirements/app.txt" ;;
  dev) locks=requirements/dev.txt ;;
  bench) locks=requirements/bench.txt ;;
  audit) locks=requirements/audit.txt ;;
esac
fail() { echo "$$*" >&2; rm -f .venv-installing; exit 1; }
content() { cat "$$@" | cksum | tr ' ' -; }
stamp=.venv/.$$1-$$(content $$locks)
package=.venv/.package-$$(content pyproject.toml)
works() { [ "$$(cat .venv/.place 2>/dev/null)" = "$$PWD" ] && .venv/bin/python -c '' 2>/dev/null; }
done_already() { [ -e "$$stamp" ] && [ -e "$$package" ] && works; }
if [ ! -e .venv-installing ] && done_already; then exit 0; fi

# One installer at a time. What an interrupted one left is not trusted: pip takes a half-copied package for installed.
while ! (set -C; echo $$$$ >.venv-installing) 2>/dev/null; do
  if kill -0 "$$(cat .venv-installing)" 2>/dev/null; then
    [ -n "$${waiting:-}" ] || echo "Waiting for the install of process $$(cat .venv-installing)"
    waiting=yes; sleep 1
  else
    echo "The last install was interrupted: starting afresh"; rm -rf .venv .venv-installing
  fi
done
if done_already; then rm -f .venv-installing; exit 0; fi

if ! works; then
  python=; bare=
  for name in $(PYTHONS); do
    "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
    "$$name" -c 'import ensurepip, venv' 2>/dev/null || { bare=$${bare:-$$name}; continue; }
    python=$$name; break
  done
  if [ -z "$$python" ] && [ -n "$$bare" ]; then
    version=$$("$$bare" -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
    fail "Missing: the venv module of $$bare. On Debian and Ubuntu: sudo apt install $$version-venv"
  fi
  [ -n "$$python" ] || fail "Missing: Python 3.11 or newer (tried: $(PYTHONS)). Install it, or name one: make PYTHON=/path/to/python"
  echo "Creating .venv ($$("$$python" --version))"
  rm -rf .venv
  "$$python" -m venv .venv || fail "Python could not create .venv"
  pwd >.venv/.place
fi

pip() { .venv/bin/python -m pip --disable-pip-version-check --no-input --quiet install "$$@" >.venv/pip.log 2>&1; }
if [ ! -e "$$stamp" ]; then
  echo "Installing $$(cat $$locks | grep '==' | sort -u | wc -l | tr -d ' ') packages (about 30 s the first time)"
  pip --require-hashes $$(for lock in $$locks; do echo "-r $$lock"; done) || {
    grep -qE 'NewConnectionError|NameResolutionError|ConnectTimeout|ReadTimeout|ProxyError|ConnectionError' .venv/pip.log &&
      fail "Missing: a connection to the Python package index (no network, or a proxy is needed). Nothing is lost: run it again."
    tail -n 30 .venv/pip.log >&2; fail "pip could not install $$locks (its last words are above)"
  }
fi
pip --no-deps --no-build-isolation --editable . || { cat .venv/pip.log >&2; fail "pip could not install Hourlink itself (its words are above)"; }
rm -f .venv/.app-* .venv/.package-* .venv/pip.log
touch .venv/.app-"$$(content requirements/build.txt requirements/app.txt)" "$$stamp" "$$package"
rm -f .venv-installing
endef
export INSTALL
