# vanban. `make demo` and `make check` are the two commands on a fresh Debian 12; both install what they lack first.
#
# The targets for people stand in the outer half: they see to the packages, and call the inner half (VB_INNER), which
# asks pkg-config once, when the packages are there. Sources and tests are found by wildcard; a fragment tests/*/*.mk adds
# targets of its own, with OUTER rules under `ifndef VB_INNER`.

ifeq ($(origin CC),default)
CC = gcc
endif
prefix ?= /usr/local
bindir ?= $(prefix)/bin
datadir ?= $(prefix)/share
mandir ?= $(datadir)/man
docdir ?= $(datadir)/doc/vanban
PROGRAM ?= build/vanban
INNER = $(MAKE) --no-print-directory VB_INNER=1

ifndef VB_INNER

.PHONY: all demo check rooms lint install deb docs clean deps deps-build deps-check

all: deps-build
	+@$(INNER) build

demo: deps-build
	+@$(INNER) build
	@sh tests/demo.sh

check: deps-check
	+@$(INNER) check-build
	@sh tests/run.sh

rooms:
	@sh tests/rooms.sh

lint: deps-build
	+@$(INNER) lint

install:
	+@$(INNER) install-files

# build/deb/vanban_<version>_<architecture>.deb, from what is in the tree now; the version comes from git.
deb: deps-build
	@sh tests/deb.sh

# Completion, manual pages and lists that are made from the program's own tables.
docs:
	@python3 tests/made.py --write

clean:
	rm -rf build

deps: deps-build
deps-build:
	@sh tests/deps.sh build
deps-check:
	@sh tests/deps.sh build check

else

PKGS = libxml-2.0 sqlite3 libzip libdeflate libpng openssl jansson xlsxwriter minizip libutf8proc
ifneq ($(shell pkg-config --exists $(PKGS) && echo yes),yes)
$(error a library is missing: $(shell pkg-config --print-errors --exists $(PKGS) 2>&1 | head -n 1); run "make deps")
endif
# -isystem: the warnings are for our own headers. minizip, which libxlsxwriter alone needs, has a zip.h that is not libzip's.
PKG_CFLAGS := $(patsubst -I%,-isystem %,$(filter-out -I%/minizip,$(shell pkg-config --cflags $(PKGS))))
PKG_LIBS := $(shell pkg-config --libs $(PKGS))

WARN = -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2 -Werror
LANGUAGE = -std=c11 -D_POSIX_C_SOURCE=200809L -Igen $(PKG_CFLAGS)
CFLAGS ?= -O2 -g
HARDEN = -fPIE -fstack-protector-strong -fstack-clash-protection
FORTIFY = -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
HARDEN_LINK = -pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,--as-needed
SANITIZE = -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
LIBS = -lhpdf $(PKG_LIBS) -lm

# One short line a file; V=1 shows the commands.
Q = $(if $(V),,@)
say = @$(if $(V),:,printf '  %-4s %s\n' $(1) $(2))

MAIN := $(wildcard gen/cli/main.c)
SOURCES := $(filter-out gen/cli/main.c,$(wildcard gen/*/*.c))
OBJECTS := $(SOURCES:gen/%.c=build/obj/%.o)
CHECK_OBJECTS := $(SOURCES:gen/%.c=build/check/obj/%.o)
UNITS := $(patsubst tests/unit/%.c,%,$(wildcard tests/unit/test_*.c))
UNIT_SHARED := $(patsubst tests/unit/%.c,build/check/unit/%.o,$(filter-out tests/unit/test_%,$(wildcard tests/unit/*.c)))

# A tag v1.2.3 names the version, and the file VERSION does outside a tagged tree.
VERSION := $(shell git describe --tags --match 'v[0-9]*' --dirty 2>/dev/null | sed 's/^v//')
ifeq ($(VERSION),)
VERSION := $(shell cat VERSION)
endif
NAMES = -DVB_VERSION='"$(VERSION)"' -DVB_DATADIR='"$(datadir)/vanban"'

.PHONY: build check-build lint install-files FORCE
build: build/libvanban.a $(if $(MAIN),build/vanban)
check-build: build/check/libvanban.a $(if $(MAIN),build/check/vanban) $(UNITS:%=build/check/unit/%)

build/vanban: build/obj/cli/main.o build/libvanban.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(HARDEN) $(HARDEN_LINK) $(LDFLAGS) -o $@ $^ $(LIBS)

build/check/vanban: build/check/obj/cli/main.o build/check/libvanban.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(SANITIZE) -o $@ $^ $(LIBS)

# Made anew each time, so that the object of a source that went does not stay; the list of sources counts as an input.
build/libvanban.a: $(OBJECTS) build/sources
	$(call say,AR,$@)
	@rm -f $@
	$(Q)$(AR) rcs $@ $(OBJECTS)

build/check/libvanban.a: $(CHECK_OBJECTS) build/sources
	$(call say,AR,$@)
	@rm -f $@
	$(Q)$(AR) rcs $@ $(CHECK_OBJECTS)

build/obj/%.o: gen/%.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(LANGUAGE) $(CFLAGS) $(FORTIFY) $(HARDEN) $(WARN) $(CPPFLAGS) $(DEFINE) -MMD -MP -c -o $@ $<

build/check/obj/%.o: gen/%.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(LANGUAGE) $(SANITIZE) $(WARN) $(CPPFLAGS) $(DEFINE) -MMD -MP -c -o $@ $<

build/check/unit/%.o: tests/unit/%.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(LANGUAGE) $(SANITIZE) $(WARN) $(CPPFLAGS) -Itests/unit -MMD -MP -c -o $@ $<

build/check/unit/test_%: build/check/unit/test_%.o $(UNIT_SHARED) build/check/libvanban.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(SANITIZE) -o $@ $^ -lcmocka $(LIBS)

# The version and the data folder reach one file, so that a new version compiles one file.
build/obj/batch/version.o build/check/obj/batch/version.o: DEFINE = $(NAMES)
build/obj/batch/version.o build/check/obj/batch/version.o: build/names

# Files that change only when what they say changes.
build/names: FORCE
	@mkdir -p build; printf '%s\n' "$(VERSION) $(datadir)" | cmp -s - $@ || printf '%s\n' "$(VERSION) $(datadir)" > $@
build/sources: FORCE
	@mkdir -p build; printf '%s\n' "$(SOURCES)" | cmp -s - $@ || printf '%s\n' "$(SOURCES)" > $@
FORCE:

install-files: build
	install -D -m 755 $(PROGRAM) $(DESTDIR)$(bindir)/vanban
	find templates -type f | while read -r f; do install -D -m 644 "$$f" "$(DESTDIR)$(datadir)/vanban/$$f" || exit 1; done
	for f in docs/man/*.[15]; do install -D -m 644 "$$f" "$(DESTDIR)$(mandir)/man$${f##*.}/$${f##*/}" || exit 1; done
	install -D -m 644 completions/vanban $(DESTDIR)$(datadir)/bash-completion/completions/vanban
	for f in README.md README.vi.md $(shell find docs samples -type f -not -path 'docs/man/*'); do \
	  install -D -m 644 "$$f" "$(DESTDIR)$(docdir)/$$f" || exit 1; done

lint:
	@CC='$(CC)' LINT_NAMES='$(subst ','\'',$(NAMES))' LANGUAGE_FLAGS='$(subst ','\'',$(LANGUAGE) $(NAMES))' sh tests/lint/run.sh $(SOURCES) $(MAIN)

-include $(OBJECTS:.o=.d) $(CHECK_OBJECTS:.o=.d) build/obj/cli/main.d build/check/obj/cli/main.d \
  $(UNITS:%=build/check/unit/%.d) $(UNIT_SHARED:.o=.d)

# Objects of tests stay: they are not what make calls intermediate.
.SECONDARY:

endif

-include $(wildcard tests/*/*.mk)
