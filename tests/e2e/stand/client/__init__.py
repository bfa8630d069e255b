# SPDX-License-Identifier: Apache-2.0
"""The client process, which runs among the peers: `python3 -m stand.client --help`."""
