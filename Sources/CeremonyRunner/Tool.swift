// SPDX-License-Identifier: Apache-2.0

/// The program's name and version, as texts and reports state it.
public enum Tool {
    /// The version.
    public static let version = "0.1.0"
    /// The name and version.
    public static let name = "conclave \(version)"
    /// The tier of enforcement, said on every screen and report.
    public static let tier = "T1"
    /// What the tier means.
    public static let tierMeaning =
        "T1: this program counts the officers, and one PIN opens the token; that stops mistakes "
        + "and a single dishonest officer, not a person who holds token and PIN"

    /// What a tier means that a ceremony was held under; empty where this program knows none such.
    static func meaning(ofTier tier: String) -> String {
        let opening = "\(tier): "
        return tierMeaning.hasPrefix(opening) ? String(tierMeaning.dropFirst(opening.count)) : ""
    }
}
