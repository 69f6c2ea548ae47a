"""Ports of the loopback interface that nobody listens on."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from contextlib import ExitStack

LOWEST_PORT = 1024  # below are those that only root may listen on; whoever asks for port 0 wants any
HIGHEST_PORT = 32767  # above begins the range from which Linux gives ports to outgoing connections


def free(base: int, *, count: int = 1, step: int = 1, within: int = HIGHEST_PORT) -> tuple[int, ...]:
    """The first `count` neighbouring ports from `base` upwards, in steps, that nobody listens on, below 32768.

    From 1024 upwards when `base` is no port; at most `within` ports further on.

    Returns:
        The ports; none when there are none.
    """
    start = base if base > 0 else LOWEST_PORT
    for first in range(start, min(start + within, HIGHEST_PORT - count) + 1, step):
        ports = tuple(range(first, first + count))
        if are_free(ports):
            return ports
    return ()


def are_free(ports: Sequence[int]) -> bool:
    """Whether every one of these ports of the loopback interface can be listened on now."""
    with ExitStack() as sockets:
        for port in ports:
            probe = sockets.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                return False
    return True
