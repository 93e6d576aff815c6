# SPDX-License-Identifier: Apache-2.0
#
# What people type here. `make` alone lists the targets.

# Where the build lives: two clones share nothing, and two builds of one clone can be kept apart.
BUILD_PATH ?= .build
SWIFT ?= swift
# The programs carry Swift's library in them: quicker to start, and nothing to install beside them. The
# toolchain's own linker joins them in a fraction of the time.
RELEASE := --configuration release --static-swift-stdlib -Xswiftc -use-ld=lld
# The toolchain leaves locks and generated sources in its folder for temporary files: here that is one in
# the build, so that two builds of one clone still wait for each other, and /tmp stays as it was.
SWIFT_BUILD := TMPDIR="$(abspath $(BUILD_PATH))/tmp" $(SWIFT) build --scratch-path $(BUILD_PATH)
SOURCES := Package.swift Sources Tests
# How long `make fuzz` works on each parser.
SECONDS ?= 20

.DEFAULT_GOAL := help
.PHONY: help setup build build-tests test demo bench faults fuzz interop check lint format clean

## help    this list
help:
	@sed -n 's/^## /  make /p' Makefile

## setup   installs the Debian packages that are missing, by name (sudo where you are not root)
setup:
	@Ceremony/Setup/install-packages.sh

## build   both programs in release mode
build: setup
	@mkdir -p $(BUILD_PATH)/tmp
	$(SWIFT_BUILD) $(RELEASE) --product conclave
	$(SWIFT_BUILD) $(RELEASE) --product conclave-verify

build-tests: setup
	@mkdir -p $(BUILD_PATH)/tmp
	Tests/Support/build.sh $(BUILD_PATH)/support
	$(SWIFT_BUILD) --build-tests

# What tests share lives until the last one ends, in a folder that goes then. Its path is short, as the
# sockets of agents in it must be.
## test    what the tests need beside Swift, and all tests
test: build-tests
	@directory=$$(mktemp -d) && trap 'rm -rf "$$directory"' EXIT && \
	    trap 'exit 129' HUP && trap 'exit 130' INT && trap 'exit 143' TERM && \
	    export TMPDIR=$$directory CONCLAVE_TEST_SUPPORT="$(abspath $(BUILD_PATH))/support" && \
	    echo "TMPDIR=$$directory $(SWIFT) test --skip-build --scratch-path $(BUILD_PATH)" && \
	    $(SWIFT) test --skip-build --scratch-path $(BUILD_PATH)

## demo    the main job on real input: from request files to a login through a real sshd
demo: build
	BUILD_PATH=$(BUILD_PATH) Ceremony/Demo/demo.sh

# What is written in packages of their own under Tests builds in folders of its own under the build.
## bench   speed, size and memory beside ssh-keygen and libcrypto, as ratios (BENCH=--quick: small sets)
bench: build
	$(SWIFT_BUILD) $(RELEASE) --product home-maker
	TMPDIR="$(abspath $(BUILD_PATH))/tmp" $(SWIFT) build --scratch-path $(BUILD_PATH)/bench \
	    --package-path Tests/Benchmarks --disable-build-manifest-caching $(RELEASE)
	Tests/Benchmarks/run.sh --programs $(BUILD_PATH)/release \
	    --bench $(BUILD_PATH)/bench/release/conclave-bench $(BENCH)

## faults  kills or fails a ceremony at each of its calls, runs it again (FAULTS=--sample: at some of them)
faults: build
	nice -n 10 python3 -B Tests/Faults/sweep.py --program $(BUILD_PATH)/release/conclave $(FAULTS)

## fuzz    every parser over its corpus, and then for SECONDS=20 each
fuzz: setup
	BUILD_PATH=$(BUILD_PATH) SWIFT=$(SWIFT) Tests/Fuzzing/run.sh --seconds $(SECONDS) $(FUZZ)

## interop what OpenSSH, Go, PuTTY and two libraries of Python say of certificates and revocation lists
interop: build
	@Ceremony/Setup/install-packages.sh interop
	BUILD_PATH=$(BUILD_PATH) Tests/Interop/run.sh

## check   what must hold before a commit is handed in: lint, tests and the demo
check: lint test demo

## lint    style of the Swift sources, and syntax of the shell scripts
lint:
	$(SWIFT) format lint --strict --parallel --recursive $(SOURCES)
	@for script in $$(find Ceremony Tests -name '*.sh'); do \
	    case $$(head -n 2 "$$script") in \
	    *bash*) bash -n "$$script" ;; \
	    *) sh -n "$$script" ;; \
	    esac || exit 1; \
	done
	bash -n .ci/run

## format  writes the Swift sources in that style
format:
	$(SWIFT) format --in-place --parallel --recursive $(SOURCES)

## clean   removes the build and what the demo left
clean:
	rm -rf $(BUILD_PATH) .demo
