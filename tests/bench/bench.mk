# make bench: figures that print, never a timed test.
ifndef VB_INNER
.PHONY: bench
bench: deps-build
	+@$(INNER) build
	@python3 -B tests/bench/bench.py build/vanban
endif
