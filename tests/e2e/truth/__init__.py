# SPDX-License-Identifier: Apache-2.0
"""Every cause of media failure that one machine can make, in real servers: what Candor says of each."""
