# SPDX-License-Identifier: Apache-2.0
#
# What people type here. `make` alone lists the targets.

# Where the build lives: two clones share nothing, and two builds of one clone can be kept apart.
BUILD_PATH ?= .build
SWIFT ?= swift
# The programs carry Swift's library in them: quicker to start, and nothing to install beside them. The
# toolchain's own linker joins them in a fraction of the time.
RELEASE := --configuration release --static-swift-stdlib -Xswiftc -use-ld=lld
SWIFT_BUILD := $(SWIFT) build --scratch-path $(BUILD_PATH)
SOURCES := Package.swift Sources Tests

.DEFAULT_GOAL := help
.PHONY: help setup build test demo check lint format clean

## help    this list
help:
	@sed -n 's/^## /  make /p' Makefile

## setup   installs the Debian packages that are missing, by name (sudo where you are not root)
setup:
	@Ceremony/Setup/install-packages.sh

## build   both programs in release mode
build: setup
	$(SWIFT_BUILD) $(RELEASE) --product conclave
	$(SWIFT_BUILD) $(RELEASE) --product conclave-verify

## test    what the tests need beside Swift, and all tests
test: setup
	Tests/Support/build.sh $(BUILD_PATH)/support
	CONCLAVE_TEST_SUPPORT="$(abspath $(BUILD_PATH))/support" $(SWIFT) test --scratch-path $(BUILD_PATH)

## demo    the main job on real input: from request files to a login through a real sshd
demo: build
	BUILD_PATH=$(BUILD_PATH) Ceremony/Demo/demo.sh

## check   what must hold before a commit is handed in: lint, tests and the demo
check: lint test demo

## lint    style of the Swift sources, and syntax of the shell scripts
lint:
	$(SWIFT) format lint --strict --parallel --recursive $(SOURCES)
	@for script in $$(find Ceremony Tests -name '*.sh'); do \
	    case $$(head -n 1 "$$script") in \
	    *bash) bash -n "$$script" ;; \
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
