# SPDX-License-Identifier: Apache-2.0
"""The judges: each says of a certificate or a revocation list what it thinks of it."""
