# SPDX-License-Identifier: Apache-2.0
"""What Candor costs, measured beside the floor and beside what one would take instead. See scripts/bench."""
