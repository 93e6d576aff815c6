// SPDX-License-Identifier: Apache-2.0
public import SSHCrypto

extension HomeState {
    /// The digest of the state as it will be when this batch's ceremony has ended.
    public func digest(closing batch: BatchState) -> SHA256Digest {
        var after = self
        after.carryOut(batch)
        return after.digest
    }
}
