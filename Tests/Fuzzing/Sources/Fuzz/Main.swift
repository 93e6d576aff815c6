// SPDX-License-Identifier: Apache-2.0
import CFuzzing
import Glibc

/// The targets by name, and the one that the environment asks for.
private var examination: Examination?

/// libFuzzer calls this once, before it looks at its own arguments.
///
/// `CONCLAVE_FUZZ_TARGET` names the target. With `CONCLAVE_FUZZ_LIST` set, the program prints each
/// target, the longest input that it is given and its dictionary; with `CONCLAVE_FUZZ_GROWTH`, it measures how time
/// and memory grow. Both end there.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(
    _ count: UnsafeMutablePointer<CInt>?,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>?
) -> CInt {
    let wanted = environment("CONCLAVE_FUZZ_TARGET").flatMap { $0.isEmpty ? nil : $0 }
    let targets = allTargets.filter { wanted == nil || $0.name == wanted }
    if environment("CONCLAVE_FUZZ_LIST") != nil {
        for target in targets {
            print(target.name, target.maximumLength, target.dictionary.rawValue)
        }
        exit(0)
    }
    fuzzing_count_allocations()
    if environment("CONCLAVE_FUZZ_GROWTH") != nil {
        exit(GrowthReport(targets).run() ? 0 : 1)
    }
    guard let target = targets.first, targets.count == 1 else {
        fuzzing_report("conclave-fuzz: CONCLAVE_FUZZ_TARGET names no target")
        exit(64)
    }
    let everyPrefix = environment("CONCLAVE_FUZZ_PREFIXES") == "all"
    examination = Examination(target: target, everyPrefix: everyPrefix)
    // What is made once and kept is no cost of the first input.
    for input in [[], [0x61], Array("conclave-request: v1\n".utf8)] { _ = target.read(input) }
    return 0
}

/// libFuzzer calls this for each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    do {
        try examination?.examine(bytes)
    } catch {
        fuzzing_fail("conclave-fuzz: \(examination?.target.name ?? ""): \(error)")
    }
    return 0
}

private func environment(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
}
