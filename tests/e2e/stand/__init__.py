# SPDX-License-Identifier: Apache-2.0
"""The test stand: a real media server in namespaces of its own, real clients, real faults.

Nothing here leaves the machine: the node lives in a network namespace that the test process makes for
itself, its clients in another, with a router between them. All children die with the test process.
"""
