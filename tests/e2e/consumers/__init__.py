# SPDX-License-Identifier: Apache-2.0
"""Programs that decide by Candor's answers where calls go, each with a sick and a well node to choose from."""
