// SPDX-License-Identifier: Apache-2.0
import Documents
import SSHCrypto

/// The body of an HTML page in the making; every text of others is escaped on its way in.
struct ReportHTML {
    /// A cell of a table.
    enum Cell {
        /// What names the row.
        case head(String)
        /// Text.
        case text(String)
        /// Text that must not be overlooked.
        case marked(String)
        /// Text in letters of one width.
        case code(String)
        /// A time.
        case time(UnixTime)
        /// What was done, and when.
        case outcome(String, CeremonyReport.Moment)
        /// Text in lines.
        case lines([String])
    }

    /// What was written.
    private(set) var text = ""

    /// Adds markup of our own.
    mutating func add(_ markup: String) { text += markup + "\n" }

    /// Opens an element; `tag` may bring attributes of our own.
    mutating func open(_ tag: String) { text += "<\(tag)>\n" }

    /// Closes an element.
    mutating func close(_ name: String) { text += "</\(name)>\n" }

    /// Adds a paragraph.
    mutating func paragraph(_ words: String) { add("<p>\(HTMLText.escaped(words))</p>") }

    /// Adds a section with its heading.
    mutating func section(
        _ identifier: String, _ heading: String, _ body: (inout ReportHTML) -> Void
    ) {
        open("section id=\"\(identifier)\" aria-labelledby=\"\(identifier)-heading\"")
        add("<h2 id=\"\(identifier)-heading\">\(HTMLText.escaped(heading))</h2>")
        body(&self)
        close("section")
    }

    /// Adds a table with a head that comes again on each page.
    mutating func table(
        _ names: [String], isLong: Bool = false, _ body: (inout ReportHTML) -> Void
    ) {
        open(isLong ? "table class=\"long\"" : "table")
        let cells = names.map { "<th scope=\"col\">\(HTMLText.escaped($0))</th>" }
        add("<thead><tr>\(cells.joined())</tr></thead>")
        body(&self)
        close("table")
    }

    /// Adds a row.
    mutating func row(_ cells: [Cell]) {
        text += "<tr>"
        for cell in cells {
            switch cell {
            case .head(let value): text += "<th scope=\"row\">\(Self.isolated(value))</th>"
            case .text(let value): text += "<td>\(Self.isolated(value))</td>"
            case .marked(let value):
                text += "<td><strong>\(Self.isolated(value))</strong></td>"
            case .code(let value): text += "<td><code>\(HTMLText.escaped(value))</code></td>"
            case .time(let time): text += "<td>\(Self.time(time))</td>"
            case .outcome(let deed, let moment):
                text += "<td>\(Self.isolated(deed)) \(Self.time(moment.time)), "
                text += "ledger entry \(moment.entry)</td>"
            case .lines(let values):
                text += "<td>\(values.map(Self.isolated).joined(separator: "<br>"))</td>"
            }
        }
        text += "</tr>\n"
    }

    /// Adds a list of names and values.
    mutating func definitions(_ body: (inout ReportHTML) -> Void) {
        open("dl")
        body(&self)
        close("dl")
    }

    /// Adds a name and its value.
    mutating func define(_ name: String, _ value: String, marked: Bool = false) {
        define(name, [value], marked: marked)
    }

    /// Adds a name and its values, a line each.
    mutating func define(_ name: String, _ values: [String], marked: Bool = false) {
        var value = values.map(Self.isolated).joined(separator: "<br>")
        if marked { value = "<strong>\(value)</strong>" }
        pair(name, value)
    }

    /// Adds a name and a moment.
    mutating func define(_ name: String, _ moment: CeremonyReport.Moment) {
        pair(name, "\(Self.time(moment.time)), ledger entry \(moment.entry)")
    }

    /// Adds a name and what is best read in letters of one width.
    mutating func define(_ name: String, code: String) {
        pair(name, "<code>\(HTMLText.escaped(code))</code>", isWide: true)
    }

    /// Adds a name and a digest.
    mutating func define(_ name: String, digest: SHA256Digest) { define(name, code: digest.hex) }

    /// Adds a name and words to be read aloud.
    mutating func define(_ name: String, words: [String]) {
        pair(
            name, "<span class=\"words\">\(words.joined(separator: " "))</span>", isWide: true)
    }

    /// What is long takes the whole width where two pairs stand beside each other.
    private mutating func pair(_ name: String, _ markup: String, isWide: Bool = false) {
        let mark = isWide ? " class=\"wide\"" : ""
        text += "<dt\(mark)>\(HTMLText.escaped(name))</dt><dd\(mark)>\(markup)</dd>\n"
    }

    private static func time(_ time: UnixTime) -> String {
        "<time>\(HTMLText.escaped(time.text))</time>"
    }

    /// Text whose direction changes nothing around it.
    private static func isolated(_ value: String) -> String {
        let escaped = HTMLText.escaped(value)
        let isPlain = escaped.utf8.allSatisfy { $0 < 0x80 }
        return isPlain ? escaped : "<bdi>\(escaped)</bdi>"
    }
}
