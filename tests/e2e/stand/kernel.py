# SPDX-License-Identifier: Apache-2.0
"""What there is of Candor in the kernel, of whichever process."""

import json

from .shell import run


def candors():
    """How many programs, and links of them."""
    programs = json.loads(run("bpftool", "--json", "prog", "show"))
    links = json.loads(run("bpftool", "--json", "link", "show"))
    mine = {p["id"] for p in programs if p.get("name", "").startswith("candor_")}
    return {"programs": len(mine), "links": sum(link.get("prog_id") in mine for link in links)}
