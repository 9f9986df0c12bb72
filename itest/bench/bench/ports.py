# SPDX-License-Identifier: Apache-2.0
"""Ports for listeners, taken from below those the system gives to clients, so that no client sits on one."""
import socket
import time

LOWEST = 12000


class Ports:
    """Hands out ports that are free now."""

    def __init__(self):
        with open("/proc/sys/net/ipv4/ip_local_port_range", encoding="ascii") as f:
            self.end = int(f.read().split()[0])
        self.next = LOWEST

    def take(self):
        for _ in range(self.end - LOWEST):
            port = self.next
            self.next = port + 1 if port + 1 < self.end else LOWEST
            if is_free(port):
                return port
        raise RuntimeError("no port is free")


def is_free(port, kind=socket.SOCK_STREAM):
    with socket.socket(type=kind) as s:
        if kind == socket.SOCK_STREAM:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            s.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def await_listener(port, process, secs):
    """Waits until the port accepts; the process must live."""
    await_port(port, process, secs, accepts)


def await_datagrams(port, process, secs):
    """Waits until somebody has bound the port for datagrams; the process must live."""
    await_port(port, process, secs, lambda p: not is_free(p, socket.SOCK_DGRAM))


def accepts(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    except OSError:
        return False


def await_port(port, process, secs, listens):
    until = time.monotonic() + secs
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"it ended with code {process.returncode} before it listened")
        if listens(port):
            return
        time.sleep(0.005)
    raise RuntimeError(f"it does not listen on port {port} after {secs} s")
