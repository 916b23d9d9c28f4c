"""Who presses a button of ours, as evidence."""

from __future__ import annotations

from contextlib import suppress
from ipaddress import ip_address

from flask import request

_MAX_USER_AGENT_LENGTH = 500


def client() -> dict[str, str]:
    """The address and the program of whoever made this request.

    An address of this very machine is a proxy's that nobody told us of, and so no evidence; nor is what is no address.
    """
    told = {"user_agent": request.user_agent.string[:_MAX_USER_AGENT_LENGTH]}
    with suppress(ValueError):
        address = ip_address(request.remote_addr or "")
        if not address.is_loopback:
            told["ip"] = str(address)
    return told
