// SPDX-License-Identifier: Apache-2.0
import Glibc
import LedgerStore
import Token

/// What a person can do about a fault of the machine, of a medium or of a token.
enum MachineHint {
    /// What may help with a system call that failed with this `errno`; nil where its text says enough.
    static func of(_ number: Int32) -> String? {
        switch number {
        case ENOSPC, EDQUOT: "make room there, then give the same command again"
        case EROFS:
            "it is mounted read-only, perhaps after an error (see dmesg); mount it for writing, "
                + "then give the same command again"
        case EIO:
            "the disk or medium fails (see dmesg); where it is sound again, or another, the same "
                + "command goes on"
        case ENODEV, ENXIO, ENOMEDIUM, ESTALE:
            "the medium is gone; put it back in, or another, then give the same command again"
        case EMFILE, ENFILE, ENOMEM:
            "the machine is short of memory or open files; then give the same command again"
        default: nil
        }
    }

    /// What may help with a ledger that cannot be worked with.
    static func of(_ error: LedgerStoreError) -> String? {
        switch error {
        case .diskFull: of(ENOSPC)
        case .readOnlyFile:
            "make file and folder writable for this user; see also whether the disk is"
        case .file(_, _, let number): of(number)
        case .busy, .mustBeReopened: "give the same command again"
        case .sqlite: of(EIO)
        default: nil
        }
    }

    /// What may help with a token that fails, where the fault itself says nothing.
    static func of(_ code: TokenError.Code) -> String? {
        switch code {
        case .removed: "put it back in, then give the same command again"
        case .pinIncorrect:
            "is it the right token, the right keyboard? give the same command again; each try counts"
        case .pinLocked:
            "its PUK or security officer opens it again; then give the same command again"
        case .noToken: "put the token in, or see what is there: conclave token list"
        case .other, .timedOut, .notLoggedIn:
            "give the same command again; where it fails again, see: conclave token doctor"
        case .unsupported: "see what it can do: conclave token doctor"
        default: nil
        }
    }
}
