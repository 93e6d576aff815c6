// SPDX-License-Identifier: Apache-2.0

import TokenConformance

await Driver.run(Array(CommandLine.arguments.dropFirst()))
