# Each target sets up what is missing (in .host/, see infra/host) and calls one module.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
WITH_HOST = exec $(PYTHON) -m infra.host run

export PYTHONUNBUFFERED = 1

.PHONY: demo test bench lint lock licences audit clean

demo:
	@$(WITH_HOST) python -m infra.demo

test:
	@$(WITH_HOST) python -m tests.run

bench:
	@$(WITH_HOST) python -m benchmarks

lint:
	@$(WITH_HOST) python -m infra.lint

# The pins, with their hashes, from the .in files (UPGRADE=all, or names with commas).
lock:
	@$(PYTHON) -m infra.dependencies.lock

licences:
	@$(WITH_HOST) python -m infra.dependencies.licences

audit:
	@$(PYTHON) -m infra.dependencies.audit

clean:
	@$(PYTHON) -m infra.host clean
