# make bench: figures that print, never a timed test. make bench-peers PEERS=folder: the same report in other tools (docs/performance.md).
ifndef VB_INNER
.PHONY: bench bench-peers bench-scale
bench: deps-build
	+@$(INNER) build
	@python3 -B tests/bench/bench.py build/vanban
bench-peers: deps-build
	+@$(INNER) build
	@python3 -B tests/bench/peers.py build/vanban "$(PEERS)"
bench-scale: deps-build
	+@$(INNER) build
	@python3 -B tests/bench/bench.py --scale build/vanban >build/scale.txt
	@cat build/scale.txt
	@python3 -B tests/bench/scale.py build/scale.txt docs/scale.svg
endif
