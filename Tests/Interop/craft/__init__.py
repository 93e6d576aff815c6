# SPDX-License-Identifier: Apache-2.0
"""Certificates and revocation lists made byte by byte, apart from the code that is judged.

Nothing here is random: every run makes the same bytes.
"""
