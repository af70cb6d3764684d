"""In a process of its own: a bare socket that notes when each datagram came, and says so when nothing more comes."""

import socket
import sys
import time

from console.bench.child import say

_NO_MORE_AFTER_S = 2.0


def main() -> None:
    """Receive as many datagrams as the argument says, each led by its number; say the port first, then the times."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiving:
        receiving.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        receiving.bind(("127.0.0.1", 0))
        say([receiving.getsockname()[1]])
        times: list[tuple[int, float]] = []
        while len(times) < int(sys.argv[1]):
            try:
                number = int(receiving.recv(2048).partition(b",")[0])
            except TimeoutError:
                break  # a datagram may be lost
            times.append((number, time.monotonic()))
            receiving.settimeout(_NO_MORE_AFTER_S)
        say(times)
        sys.stdin.read()


if __name__ == "__main__":
    main()
