// SPDX-License-Identifier: Apache-2.0
import Documents
import PIVToken
import PKCS11Token
import Token

/// The one place where a token is opened, by what its URI begins with.
///
/// `pkcs11:` needs a module; `piv:` is a card that is reached directly. A module is loaded by a child
/// of this program first: one that crashes or hangs as it is loaded ends the child alone.
struct TokenDirectory: Sendable {
    /// The paths of the modules that may be asked, in this order.
    let modules: [String]
    /// How long the token may take.
    var limits = TimeLimits.standard
    /// Who is told while the token keeps us waiting.
    var observer: any TokenObserver = WaitingScreen()

    /// Names the modules.
    init(modules: [String]) { self.modules = modules }

    /// Opens the one token that a URI describes.
    ///
    /// - Throws: `TokenError`, also where what was opened is not what the URI describes.
    func open(_ uri: TokenURI) async throws(TokenError) -> any Token {
        let token: any Token
        switch uri.scheme {
        case .pkcs11: token = try await openBehindModule(uri)
        case .piv: token = try await PIVToken.open(uri, limits: limits, observer: observer)
        }
        let identity = await token.identity
        guard uri.matches(identity) else {
            await token.close()
            throw TokenError(
                .wrongToken, "\(identity) is not \(uri.text.quotedForDisplay)",
                hint: "insert the token that is asked for; no PIN went to this one")
        }
        return token
    }

    private func openBehindModule(_ uri: TokenURI) async throws(TokenError) -> any Token {
        let paths = modules.isEmpty ? uri.modulePath.map { [$0] } ?? [] : modules
        guard let last = paths.last else {
            throw TokenError(
                .moduleMissing,
                "no PKCS#11 module is named for \(uri.text.quotedForDisplay)",
                hint: "name it with --module PATH; conclave token list shows those it finds here")
        }
        // Of several modules, the first that has the token.
        for path in paths.dropLast() {
            do throws(TokenError) {
                return try await open(uri, behind: path)
            } catch  where error.code == .noToken {
                continue
            }
        }
        do throws(TokenError) {
            return try await open(uri, behind: last)
        } catch  where error.code == .noToken && paths.count > 1 {
            throw TokenError(
                .noToken,
                "no token behind any of \(paths.count) modules matches "
                    + uri.text.quotedForDisplay)
        }
    }

    private func open(_ uri: TokenURI, behind path: String) async throws(TokenError) -> any Token {
        try ModuleProbe.requireLoadable(path)
        return try await PKCS11Module(path: path).open(uri, limits: limits, observer: observer)
    }
}
