# SPDX-License-Identifier: Apache-2.0
"""Programs that route calls by Candor's answers, each with a failing and a healthy node to choose from."""
