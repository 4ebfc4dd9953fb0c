# make coverage: which lines the tests reach, by room (gcov). build/coverage/lines.txt lists those that none does.
# COVERAGE_SCRIPTS="30-xlsx 76-sign": which scripts of tests/check.d run beside the tests of units and the golden cases.
ifndef VB_INNER
.PHONY: coverage
coverage: deps-check
	+@$(INNER) coverage-build
	@sh tests/fault/coverage.sh
else
COVER_OBJECTS := $(SOURCES:gen/%.c=build/coverage/obj/%.o)
COVER_FLAGS = -O0 -g --coverage
.PHONY: coverage-build
coverage-build: build/coverage/vanban $(UNITS:%=build/coverage/unit/%)
build/coverage/obj/%.o: gen/%.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(LANGUAGE) $(COVER_FLAGS) $(CPPFLAGS) $(NAMES) -MMD -MP -c -o $@ $<
build/coverage/unit/%.o: tests/unit/%.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(LANGUAGE) -O0 $(CPPFLAGS) -Itests/unit -MMD -MP -c -o $@ $<
build/coverage/libvanban.a: $(COVER_OBJECTS) build/sources
	$(call say,AR,$@)
	@rm -f $@
	$(Q)$(AR) rcs $@ $(COVER_OBJECTS)
build/coverage/vanban: build/coverage/obj/cli/main.o build/coverage/libvanban.a
	$(call say,LINK,$@)
	$(Q)$(CC) --coverage -o $@ $^ $(LIBS)
build/coverage/unit/test_%: build/coverage/unit/test_%.o $(patsubst tests/unit/%.c,build/coverage/unit/%.o,$(filter-out tests/unit/test_%,$(wildcard tests/unit/*.c))) build/coverage/libvanban.a
	$(call say,LINK,$@)
	$(Q)$(CC) --coverage -o $@ $^ -lcmocka $(LIBS)
-include $(COVER_OBJECTS:.o=.d) build/coverage/obj/cli/main.d $(UNITS:%=build/coverage/unit/%.d)
endif
