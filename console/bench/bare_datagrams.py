"""In a process of its own: a bare socket that notes when each datagram came, and says so when the last has come."""

import socket
import sys
import time

from console.bench.child import say


def main() -> None:
    """Receive as many datagrams as the argument says, each led by its number; say the port first, then the times."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiving:
        receiving.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        receiving.bind(("127.0.0.1", 0))
        say([receiving.getsockname()[1]])
        times = []
        for _ in range(int(sys.argv[1])):
            number = int(receiving.recv(2048).partition(b",")[0])
            times.append((number, time.monotonic()))
        say(times)
        sys.stdin.read()


if __name__ == "__main__":
    main()
