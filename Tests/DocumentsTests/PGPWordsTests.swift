// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Documents

@Suite struct PGPWordsTests {
    @Test("a published fingerprint has its published words")
    func published() throws {
        let bytes = try #require(Hex.decode("e58294f2e9a227486e8b061b31cc528fd7fa3f19"))
        #expect(
            PGPWords.encode(bytes).joined(separator: " ")
                == "topmost Istanbul Pluto vagabond treadmill Pacific brackish dictator goldfish "
                + "Medusa afflict bravado chatter revolver Dupont midsummer stopwatch whimsical "
                + "cowbell bottomless")
    }

    @Test(
        "bytes have the words of their place, from the first of the list to the last",
        arguments: [
            ([], ""), ([0], "aardvark"), ([0, 0], "aardvark adroitness"),
            ([0xFF, 0xFF], "Zulu Yucatan"), ([0xE5, 0x82], "topmost Istanbul"),
            ([0x82, 0xE5], "miser travesty"),
            ([0xFF, 0xFF, 0, 0], "Zulu Yucatan aardvark adroitness"),
        ] as [([UInt8], String)])
    func places(bytes: [UInt8], words: String) {
        #expect(PGPWords.encode(bytes).joined(separator: " ") == words)
    }

    @Test("each list is of 256 words in alphabetical order, and no word is in both or there twice")
    func complete() {
        for list in [PGPWords.even, PGPWords.odd] {
            #expect(list.count == 256)
            let folded = list.map { $0.lowercased() }
            let disorders = zip(folded, folded.dropFirst()).filter { $0 >= $1 }
            // One pair stands in the wrong order in the list as it was published.
            #expect(disorders.allSatisfy { $0 == ("applicant", "apollo") })
            #expect(list.allSatisfy { $0.utf8.allSatisfy { (0x41...0x7A).contains($0) } })
        }
        #expect(Set((PGPWords.even + PGPWords.odd).map { $0.lowercased() }).count == 512)
    }

    @Test("a word that is said in its neighbour's place is not in that place's list")
    func distinct() {
        // Two syllables against three.
        #expect(Set(PGPWords.even).isDisjoint(with: PGPWords.odd))
        #expect(PGPWords.even.allSatisfy { (4...9).contains($0.utf8.count) })
        #expect(PGPWords.odd.allSatisfy { (4...11).contains($0.utf8.count) })
    }
}
