# SPDX-License-Identifier: Apache-2.0
"""The story of the frozen node in under a minute: `scripts/demo`."""
