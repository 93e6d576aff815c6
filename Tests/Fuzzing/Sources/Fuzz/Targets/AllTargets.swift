// SPDX-License-Identifier: Apache-2.0

/// Every target, in the order in which they are run.
let allTargets: [FuzzTarget] =
    keyTargets + certificateTargets + dissectionTargets + signatureTargets + signerTargets
    + revocationTargets + specificationTargets + requestTargets + textTargets + ledgerTargets
    + configurationTargets + valueTargets + attestationTargets
