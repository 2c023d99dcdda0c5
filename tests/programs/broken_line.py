"""A line that breaks: a proxy on loopback that cuts every connection after so many bytes."""
import socket
import struct
import threading


class BrokenLine:
    """Forwards to host:port. After `bytes_up` from the client, or `bytes_down` to it, a connection is
    reset in both directions. Counts what the client sent."""

    def __init__(self, host, port, bytes_up=None, bytes_down=None):
        self.target, self.bytes_up, self.bytes_down = (host, port), bytes_up, bytes_down
        self.sent_up, self.sent_down, self.cuts = 0, 0, 0
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self.listener.close()

    def _accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            far = socket.create_connection(self.target)
            for args in ((near, far, True), (far, near, False)):
                threading.Thread(target=self._pump, args=args, daemon=True).start()

    def _pump(self, source, sink, is_up):
        left = self.bytes_up if is_up else self.bytes_down
        try:
            while left is None or left > 0:
                data = source.recv(16384 if left is None else min(16384, left))
                if not data:
                    sink.shutdown(socket.SHUT_WR)
                    return
                sink.sendall(data)
                with self.lock:
                    if is_up:
                        self.sent_up += len(data)
                    else:
                        self.sent_down += len(data)
                if left is not None:
                    left -= len(data)
        except OSError:
            return
        with self.lock:
            self.cuts += 1
        # What is on its way still arrives; whoever goes on sending is reset.
        for one, linger in ((sink, False), (source, True)):
            try:
                if linger:
                    one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                else:
                    one.shutdown(socket.SHUT_WR)
                one.close()
            except OSError:
                pass
