// SPDX-License-Identifier: Apache-2.0

extension Array {
    /// The first element that doesn't lie before what is looked for, in a sorted array, or nil
    /// where all do; takes logarithmic time.
    func first(notBefore isBefore: (Element) -> Bool) -> Element? {
        var low = startIndex
        var high = endIndex
        while low < high {
            let middle = low + (high - low) / 2
            if isBefore(self[middle]) { low = middle + 1 } else { high = middle }
        }
        return low < endIndex ? self[low] : nil
    }

    /// The elements in ascending order, each once; an array that is so already is only walked.
    func sortedUnique(by precedes: (Element, Element) -> Bool) -> [Element] {
        if zip(self, dropFirst()).allSatisfy(precedes) { return self }
        var unique: [Element] = []
        for element in sorted(by: precedes) {
            if let last = unique.last, !precedes(last, element) { continue }
            unique.append(element)
        }
        return unique
    }
}
