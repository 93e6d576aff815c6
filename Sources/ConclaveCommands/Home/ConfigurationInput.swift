// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CeremonyRunner
import Configuration
import Documents
import Glibc
import Issuance
import SSHCrypto
import SSHFormats

/// Policy and roster as an administrator wrote them, compiled and read.
enum ConfigurationInput {
    static func policy(_ path: String) throws -> Policy {
        let compiled = try PolicyFile.compile(InputFile.read(path), name: path)
        do throws(Violations) {
            return try Policy(text: compiled.text)
        } catch {
            throw compiled.locate(error, name: path)
        }
    }

    static func roster(_ path: String) throws -> Roster {
        let compiled = try RosterFile.compile(InputFile.read(path), name: path)
        do throws(Violations) {
            return try Roster(text: compiled.text)
        } catch {
            throw compiled.locate(error, name: path)
        }
    }
}
