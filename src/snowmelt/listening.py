"""Addresses that our servers listen on, and the one sentence that is said when one is not to be had."""

import os
import socket

BACKLOG = 1024
"""Connections that may wait to be accepted."""


class ListenError(OSError):
    """An address that cannot be listened on; the message is one sentence."""


def listen(interface: str, port: int, setting: str) -> socket.socket:
    """A socket that listens; port 0 takes any free one. Raises ListenError, which names the variable ``setting``."""
    family = socket.AF_INET6 if ":" in interface else socket.AF_INET
    try:
        return socket.create_server((interface, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise taken(interface, port, setting, error) from None


def taken(interface: str, port: int, setting: str, error: OSError) -> ListenError:
    """The sentence: which address, why, and where another one is set."""
    reason = os.strerror(error.errno).lower() if error.errno and error.errno > 0 else error
    return ListenError(
        f"{interface}:{port} cannot be listened on: {reason}; free that port or set another one in {setting}"
    )
