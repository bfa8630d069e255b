# SPDX-License-Identifier: Apache-2.0
"""Callers through a media proxy, which run among the peers: `python3 -m stand.caller --help`."""
