// SPDX-License-Identifier: Apache-2.0

/// Somebody who is told while a token keeps its caller waiting: a screen.
///
/// It is called from any thread, and must not keep the token waiting itself.
public protocol TokenObserver: Sendable {
    /// A call waits, for a touch where `forTouch` says so, and otherwise for what is not known.
    ///
    /// Called at once where the key's policy wants a touch, else after a while; then each second.
    func waits(on token: TokenIdentity, forTouch: Bool, left: Duration)

    /// The call that waited has ended, well or not.
    func waitEnded(on token: TokenIdentity)
}
