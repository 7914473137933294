# The front door. Everything real is done by meson, ninja and npm.
#   make demo    a demonstration agency on http://127.0.0.1:8080
#   make test    all tests
#   make build   the program (build/tenken) and the page (ui/dist)
BUILD   ?= build
PREFIX  ?= /usr/local
LISTEN  ?= 127.0.0.1:8080
DEMO_DB ?= $(BUILD)/demo.db
FUZZ_SECONDS ?= 60
say = @printf '\n== %s\n'

.PHONY: build program page demo test bench fuzz dist install clean

build: program page

program:
	@sh tools/setup.sh build
	$(say) 'The program: $(BUILD)/tenken'
	@[ -f $(BUILD)/build.ninja ] || meson setup $(BUILD) -Dtests=false >$(BUILD).log || { tail -n 20 $(BUILD).log; exit 1; }
	@ninja -C $(BUILD) tenken

page:
	$(say) 'The page: ui/dist'
	@sh tools/page.sh

demo: build
	$(say) 'The demonstration agency: $(DEMO_DB), served on http://$(LISTEN) until Ctrl-C'
	@$(BUILD)/tenken demo --db $(DEMO_DB) --listen $(LISTEN)

test:
	@sh tools/setup.sh build test page
	@sh tools/page.sh
	@python3 tools/run_tests.py --build $(BUILD) $(SUITES)

bench: build
	@sh tools/setup.sh bench
	@sh bench/run.sh $(BUILD)

fuzz:
	@sh tools/setup.sh build test
	@sh tools/fuzz.sh $(FUZZ_SECONDS)

dist: build
	@sh tools/dist.sh $(BUILD)

install: build
	@PREFIX_OF_UNIT='$(PREFIX)' sh tools/install.sh $(BUILD) '$(DESTDIR)$(PREFIX)'

clean:
	rm -rf $(BUILD) build-fuzz build-asan build-tsan $(BUILD).log ui/dist ui/dist.sha256 ui/node_modules
