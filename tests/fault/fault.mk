# make valgrind: memcheck over whole runs (valgrind.sh). make fault: every allocation and every file call of a whole build fails once, of a signing, and of the other verbs (FAULT_STEP=k: every k-th); make kill KILLS=n: so many kills of a long run.
FAULT_STEP ?= 1
KILLS ?= 1000
ifndef VB_INNER
.PHONY: fault kill valgrind
fault: deps-check
	+@$(INNER) build fault-build
	@python3 -B tests/fault/run.py build/vanban --step $(FAULT_STEP) --mem
	@python3 -B tests/fault/sign.py build/vanban --step $(FAULT_STEP) --mem
	@python3 -B tests/fault/verbs.py build/vanban --step $(FAULT_STEP) --mem
valgrind: deps-check
	+@$(INNER) build
	@sh tests/fault/valgrind.sh build/vanban
kill: deps-check
	+@$(INNER) build
	@python3 -B tests/fault/kill.py build/vanban --kills $(KILLS)
else
.PHONY: fault-build
fault-build: build/check/fault/files.so build/check/fault/memory.so
check-build: fault-build
build/check/fault/files.so: tests/fault/shim.c
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) -std=gnu11 -O1 -g -Wall -Wextra -Werror -fPIC -shared -o $@ $< -ldl
build/check/fault/memory.so: tests/fault/shim.c
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) -std=gnu11 -O1 -g -Wall -Wextra -Werror -DFAULT_MEM -fPIC -shared -o $@ $< -ldl
endif
