// SPDX-License-Identifier: Apache-2.0

/// Every target, in the order in which they are run.
let allTargets: [FuzzTarget] =
    keyTargets + certificateTargets + signatureTargets + revocationTargets + requestTargets
    + textTargets + ledgerTargets + configurationTargets + valueTargets
