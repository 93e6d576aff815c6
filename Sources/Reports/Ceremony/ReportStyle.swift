// SPDX-License-Identifier: Apache-2.0
import SSHCrypto

/// How the page of a report looks, and the frame around its body.
struct ReportStyle {
    /// What stands at the foot of each printed page, of our own letters and digits alone.
    let footer: String

    /// A whole document; `title` and `body` are markup.
    ///
    /// The page may use this one style sheet, named by its SHA-256, and nothing else: no script, no
    /// picture or font from anywhere, no form, no base.
    func document(title: String, body: String) -> String {
        let sheet = sheet
        let sum = SHA256Digest(hashing: Array(sheet.utf8)).base64
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
            style-src 'sha256-\(sum)'; base-uri 'none'; form-action 'none'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="referrer" content="no-referrer">
            <title>\(title)</title>
            <style>\(sheet)</style>
            </head>
            <body>
            \(body)</body>
            </html>

            """
    }

    private var sheet: String {
        """

        @page {
            size: A4;
            margin: 16mm 15mm 18mm;
            @bottom-left { content: "\(footer)"; font: 8pt sans-serif; }
            @bottom-right { content: "Page " counter(page) " of " counter(pages); \
        font: 8pt sans-serif; }
        }
        * { box-sizing: border-box; }
        html { background: #fff; color: #000; }
        body { margin: 0 auto; padding: 1em; max-width: 60em; \
        font: 10pt/1.35 "Liberation Sans", Arial, Helvetica, sans-serif; }
        h1 { font-size: 17pt; margin: 0 0 .4em; }
        h2 { font-size: 12.5pt; margin: 1.3em 0 .4em; border-bottom: 1pt solid #000; }
        h3 { font-size: 10.5pt; margin: .8em 0 .2em; }
        h2, h3 { break-after: avoid; }
        p { margin: .3em 0; }
        code, pre { font: 8.5pt/1.35 "Liberation Mono", "DejaVu Sans Mono", monospace; }
        pre { margin: 0 0 .5em; white-space: pre-wrap; }
        pre, code, dd, td, th { overflow-wrap: anywhere; }
        dl { display: grid; grid-template-columns: 6.5em 1fr; gap: .1em .8em; margin: 0; }
        dd { margin: 0; min-width: 0; }
        time, thead th { white-space: nowrap; }
        .words { word-spacing: .25em; }
        table { width: calc(100% - 1px); border-collapse: collapse; }
        th, td { text-align: left; vertical-align: top; padding: .25em .5em; \
        border: .5pt solid #666; font-weight: normal; }
        thead th { font-weight: bold; background: #eee; }
        tbody th { white-space: nowrap; }
        .long { table-layout: fixed; }
        .long th:nth-child(1) { width: 3em; }
        .long th:nth-child(3) { width: 28%; }
        .long th:nth-child(4) { width: 29%; }
        .long tr:first-child > * { background: #f6f6f6; font-size: 9pt; }
        .long thead tr:first-child > * { background: #eee; font-size: 10pt; }
        .long .more td { font-size: 8.5pt; line-height: 1.2; padding-bottom: .4em; }
        .long .more dl { gap: 0 .8em; grid-template-columns: 4.8em 1fr 4.8em 1fr; }
        .long dt.wide { grid-column: 1; }
        .long dd.wide { grid-column: 2 / -1; }
        .long .more code { font-size: 8pt; line-height: 1.2; }
        .checkpoint { display: flex; gap: 1.2em; align-items: flex-start; }
        .checkpoint svg { flex: none; width: 40mm; height: 40mm; }
        .checkpoint > div { flex: 1; min-width: 0; }
        .checkpoint dl { grid-template-columns: 4.8em 1fr; }
        .checkpoint code, .checkpoint pre { font-size: 7.6pt; }
        .blanks td, .blanks th { height: 13mm; vertical-align: bottom; white-space: normal; }
        .blanks th { width: 13%; }
        .blanks td:nth-child(2) { width: 24%; }
        .blanks td:nth-child(3) { width: 14%; }
        .blanks td:nth-child(4) { width: 17%; }
        article, tr, tbody, .checkpoint { break-inside: avoid; }
        #signatures { break-inside: avoid; }
        thead { display: table-header-group; }
        @media print {
            body { padding: 0; max-width: none; }
            * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
        }

        """
    }
}
