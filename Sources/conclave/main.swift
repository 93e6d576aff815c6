// SPDX-License-Identifier: Apache-2.0
import ConclaveCommands
import Glibc

exit(await Program.run(Array(CommandLine.arguments.dropFirst())))
