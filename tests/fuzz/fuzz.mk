# make fuzz FUZZ_SECONDS=n: every target for n seconds under libFuzzer (clang). `make check` replays what is kept (tests/check.d/85-fuzz.sh).
FUZZ_SECONDS ?= 60
FUZZ_CORPUS ?= build/fuzz/corpus
ifndef VB_INNER
.PHONY: fuzz
fuzz: deps-build
	@sh tests/fuzz/deps.sh
	+@$(INNER) fuzz-build
	@sh tests/fuzz/run.sh "$(FUZZ_SECONDS)" "$(FUZZ_CORPUS)" $(FUZZ_TARGETS)
else

FUZZ_NAMES := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_CC ?= clang
# Small limits of work, so that an input that reaches one costs milliseconds: the way to a limit is the same.
FUZZ_FLAGS = -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all -DVB_SQL_STEPS_MAX=200000 -DVB_P12_ROUNDS_MAX=20000
FUZZ_OBJECTS := $(SOURCES:gen/%.c=build/fuzz/obj/%.o)

.PHONY: fuzz-build replay-build
fuzz-build: $(FUZZ_NAMES:%=build/fuzz/%)
replay-build: $(FUZZ_NAMES:%=build/check/fuzz/%)
check-build: replay-build

build/fuzz/obj/%.o: gen/%.c
	@mkdir -p $(@D)
	$(call say,FUZZ,$<)
	$(Q)$(FUZZ_CC) $(LANGUAGE) $(FUZZ_FLAGS) -fsanitize=fuzzer-no-link $(CPPFLAGS) $(DEFINE) -MMD -MP -c -o $@ $<
build/fuzz/obj/batch/version.o: DEFINE = $(NAMES)
build/fuzz/obj/batch/version.o: build/names
build/fuzz/%.o: tests/fuzz/%.c
	@mkdir -p $(@D)
	$(call say,FUZZ,$<)
	$(Q)$(FUZZ_CC) $(LANGUAGE) $(FUZZ_FLAGS) -fsanitize=fuzzer-no-link $(CPPFLAGS) -MMD -MP -c -o $@ $<
build/fuzz/libvanban.a: $(FUZZ_OBJECTS) build/sources
	$(call say,AR,$@)
	@rm -f $@
	$(Q)$(AR) rcs $@ $(FUZZ_OBJECTS)
$(FUZZ_NAMES:%=build/fuzz/%): build/fuzz/%: build/fuzz/fuzz_%.o build/fuzz/fuzz.o build/fuzz/libvanban.a
	$(call say,LINK,$@)
	$(Q)$(FUZZ_CC) $(FUZZ_FLAGS) -fsanitize=fuzzer -o $@ $^ $(LIBS)

build/check/fuzz/%.o: tests/fuzz/%.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(LANGUAGE) $(SANITIZE) $(WARN) $(CPPFLAGS) -MMD -MP -c -o $@ $<
$(FUZZ_NAMES:%=build/check/fuzz/%): build/check/fuzz/%: build/check/fuzz/fuzz_%.o build/check/fuzz/fuzz.o build/check/fuzz/replay.o build/check/libvanban.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(SANITIZE) -o $@ $^ $(LIBS)

-include $(FUZZ_OBJECTS:.o=.d) $(wildcard build/fuzz/*.d build/check/fuzz/*.d)
endif
