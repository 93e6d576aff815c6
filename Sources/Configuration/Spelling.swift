// SPDX-License-Identifier: Apache-2.0

/// Finds what somebody may have meant to write.
enum Spelling {
    /// Words beyond this are not compared.
    private static let maximumLength = 40

    /// The word of `known` that is at most a third of its letters away; of equals, the first.
    static func nearest(to word: String, of known: [String]) -> String? {
        guard word.utf8.count <= maximumLength else { return nil }
        let candidates = known.map { (word: $0, distance: distance(word, $0)) }
        guard let best = candidates.min(by: { $0.distance < $1.distance }),
            best.distance <= max(1, best.word.utf8.count / 3)
        else { return nil }
        return best.word
    }

    /// How many letters must be added, taken away or changed to turn one word into the other.
    static func distance(_ left: String, _ right: String) -> Int {
        let right = Array(right.utf8)
        var row = Array(0...right.count)
        for (index, letter) in left.utf8.enumerated() {
            var diagonal = index
            var last = index + 1
            var next = [last]
            for (above, other) in zip(row.dropFirst(), right) {
                last = min(above + 1, last + 1, diagonal + (letter == other ? 0 : 1))
                diagonal = above
                next.append(last)
            }
            row = next
        }
        return row.last ?? 0
    }
}
