// SPDX-License-Identifier: Apache-2.0

extension QRCode {
    /// The light modules around a code, section 6.3.8.
    static let quietZone = 4

    /// The code as an SVG element that stands within a page, its modules one path.
    ///
    /// It brings neither style nor script. `title` is what a screen reader says.
    func svg(title: String, identifier: String) -> String {
        let side = size + 2 * Self.quietZone
        var path = ""
        for row in 0..<size {
            var column = 0
            while column < size {
                guard isDark(row: row, column: column) else {
                    column += 1
                    continue
                }
                let start = column
                while isDark(row: row, column: column) { column += 1 }
                path +=
                    "M\(start + Self.quietZone) \(row + Self.quietZone)h\(column - start)v1"
                    + "h-\(column - start)z"
            }
        }
        let name = "\(identifier)-title"
        return """
            <svg id="\(identifier)" role="img" aria-labelledby="\(name)" \
            viewBox="0 0 \(side) \(side)" shape-rendering="crispEdges">\
            <title id="\(name)">\(HTMLText.escaped(title))</title>\
            <rect width="\(side)" height="\(side)" fill="#fff"/>\
            <path d="\(path)" fill="#000"/></svg>
            """
    }
}
