// SPDX-License-Identifier: Apache-2.0

import Testing
import TokenConformance

@Suite("Tokens of all kinds")
struct ConformanceTests {
    @Test("behave alike", arguments: Backend.allCases, Behaviour.allCases)
    func behaves(backend: Backend, behaviour: Behaviour) async {
        let answer = await DriverProcess.of(backend.rawValue).ask(behaviour.rawValue)
        #expect(answer == "ok", "\(backend.rawValue): \(behaviour.rawValue)")
    }
}
