# Each target sets up what is missing (in .host/, see infra/host) and calls one module.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
WITH_HOST = exec $(PYTHON) -m infra.host run

export PYTHONUNBUFFERED = 1

.PHONY: demo test bench lint clean

demo:
	@$(WITH_HOST) python -m infra.demo

test:
	@$(WITH_HOST) python -m tests.run

bench:
	@$(WITH_HOST) python -m benchmarks

lint:
	@$(WITH_HOST) python -m infra.lint

clean:
	@$(PYTHON) -m infra.host clean
