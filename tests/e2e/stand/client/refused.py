# SPDX-License-Identifier: Apache-2.0


class Refused(Exception):
    """The node's API answered with an error."""
