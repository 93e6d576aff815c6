// SPDX-License-Identifier: Apache-2.0
import Glibc
import PIVCardSupport
import Testing

@Suite struct InstallationTests {
    @Test("what a virtual card needs is installed")
    func installed() {
        #expect(access(PIVPrograms.pcscd, X_OK) == 0)
        #expect(access(PIVPrograms.virtualReader, R_OK) == 0)
    }
}
