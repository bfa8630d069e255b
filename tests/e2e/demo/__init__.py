# SPDX-License-Identifier: Apache-2.0
"""The demonstration of a frozen node in under a minute: `scripts/demo`."""
