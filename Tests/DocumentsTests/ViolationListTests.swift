// SPDX-License-Identifier: Apache-2.0
import Documents
import Testing

@Suite struct ViolationListTests {
    private func gathered(_ count: Int) -> [String] {
        var list = ViolationList()
        list.append(contentsOf: (0..<count).map { Violation(.documentValue, line: $0, "bad") })
        return list.all.map(\.description)
    }

    @Test("up to a thousand faults are told in the order in which they came")
    func told() {
        #expect(ViolationList().isEmpty)
        #expect(gathered(0) == [])
        #expect(gathered(2) == ["line 0: bad (DOC-VALUE)", "line 1: bad (DOC-VALUE)"])
        #expect(gathered(1_000).count == 1_000)
        #expect(gathered(1_000).last == "line 999: bad (DOC-VALUE)")
    }

    @Test("those beyond the thousandth are counted")
    func counted() {
        #expect(gathered(1_001).count == 1_001)
        #expect(gathered(1_001).last == "1 more faults are not listed (DOC-LINE)")
        #expect(gathered(2_500).count == 1_001)
        #expect(gathered(2_500).last == "1500 more faults are not listed (DOC-LINE)")
    }
}
