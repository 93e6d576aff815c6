// SPDX-License-Identifier: Apache-2.0

/// One line of the table: what was measured, against what, and what was asked for.
struct Row {
    /// What was measured.
    let name: String
    /// What ours came to, with its unit.
    let ours: String
    /// What the other side came to; empty where there is none.
    var baseline = ""
    /// How many times faster ours was, a figure for each turn.
    var ratios: [Double] = []
    /// What was asked for; empty where nothing was.
    let goal: String
    /// Whether it was met.
    let isMet: Bool

    /// The row as fields between tabs; those of sizes and of memory are for others to fill.
    var text: String {
        let met = goal.isEmpty ? "" : isMet ? "yes" : "NO"
        return [name, ours, baseline, ratio, "", "", goal, met].joined(separator: "\t")
    }

    private var ratio: String {
        guard let least = ratios.min(), let most = ratios.max() else { return "" }
        return "\(ratios.median.rounded(to: 2)) (\(least.rounded(to: 2)) to \(most.rounded(to: 2)))"
    }
}

extension [Double] {
    /// The figure in the middle, of an array that is not empty; the lower one where there are two.
    var median: Double {
        sorted()[(count - 1) / 2]
    }
}

extension Double {
    /// The figure with at most so many decimals.
    func rounded(to decimals: Int) -> Double {
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        return (self * scale).rounded() / scale
    }
}
