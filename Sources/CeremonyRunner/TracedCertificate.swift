// SPDX-License-Identifier: Apache-2.0
public import Ceremony
public import Ledger
import SSHFormats

/// A certificate of the ledger, with what led to it.
public struct TracedCertificate: Sendable {
    /// The ledger entry that recorded it.
    public let entry: LedgerEntry
    /// The certificate, and what it answered.
    public let record: IssuedRecord
    /// The batch that it was drafted in.
    public let batch: BatchOutline
    /// The request that it answers.
    public let admitted: HomeState.AdmittedEntry

    /// The token that made the signature, as the ceremony recorded it.
    public var device: CeremonyOpenedRecord.Device? {
        let key = record.certificate.fields.signatureKey
        return batch.devices.last { $0.device.publicKey == key && $0.entry < entry.index }?.device
    }
}
