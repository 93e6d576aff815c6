// SPDX-License-Identifier: Apache-2.0
import Glibc
import SoftHSMSupport
import Testing

@Suite struct InstallationTests {
    @Test("SoftHSM is installed")
    func installed() {
        #expect(access(SoftHSM.modulePath, R_OK) == 0)
    }
}
