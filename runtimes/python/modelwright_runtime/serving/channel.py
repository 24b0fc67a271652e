"""Frames between the tool and a worker: a 4-byte big-endian length, then that many bytes of JSON."""

import socket
import struct

_LENGTH = struct.Struct(">I")
_READ_AHEAD_BYTES = 1 << 16


class Channel:
    """Both directions of one socket. Reads and writes are retried when a signal interrupts them."""

    def __init__(self, descriptor):
        self._socket = socket.socket(fileno=descriptor)
        self._socket.setblocking(True)
        # Most frames arrive whole with the first read. Not by makefile(), which reads with code in Python.
        self._reader = open(descriptor, "rb", _READ_AHEAD_BYTES, closefd=False)

    def read(self):
        """The next frame's bytes, or None when the tool has closed its end."""
        header = self._reader.read(_LENGTH.size)
        if len(header) < _LENGTH.size:
            return None
        (size,) = _LENGTH.unpack(header)
        frame = self._reader.read(size)
        return frame if len(frame) == size else None

    def write(self, text):
        """Sends one frame of ASCII text."""
        self._socket.sendall(_LENGTH.pack(len(text)) + text.encode("ascii"))
