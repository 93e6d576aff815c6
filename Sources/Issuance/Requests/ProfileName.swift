// SPDX-License-Identifier: Apache-2.0

/// The form of a profile's or a risk class's name: `staff`, `web-hosts`.
public enum ProfileName {
    /// The form, as messages say it.
    public static let form = "a name of lower-case letters, digits and hyphens"

    /// Whether `name` is one, of at most 32 bytes.
    public static func isValid(_ name: String) -> Bool {
        name.utf8.count <= 32 && AuthorityName.isWord(name[...].utf8) { $0 == 0x2D }
    }
}
