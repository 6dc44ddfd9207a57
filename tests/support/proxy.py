"""A bad network: a proxy that can swallow, cut or hold back one reply after the server has done its work."""

import socket
import threading
from contextlib import suppress
from enum import Enum
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Cut(Enum):
    """Where a connection breaks."""

    REQUEST = "before the server hears of it"
    REPLY = "after the server has answered, before the phone hears of it"
    MIDDLE = "in the middle of the reply"


class CuttingProxy:
    """Passes everything on, except that the next request to a path in `cuts` is cut there, once."""

    def __init__(self, port: int) -> None:
        self.cuts: dict[str, Cut] = {}
        #: Bodies of the replies that never arrived whole.
        self.swallowed: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self, port))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self.port: int = self._server.server_address[1]

    def __enter__(self) -> "CuttingProxy":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(proxy: CuttingProxy, port: int) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _pass(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            cut = proxy.cuts.pop(self.path, None)
            if cut is Cut.REQUEST:
                self._break()
                return
            line = HTTPConnection("127.0.0.1", port, timeout=20)
            line.request(self.command, self.path, body or None, dict(self.headers.items()))
            answer = line.getresponse()
            content = answer.read()
            line.close()
            if cut:
                proxy.swallowed.append(content.decode())
            if cut is Cut.REPLY:
                self._break()
                return
            self.send_response_only(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in {"connection", "transfer-encoding", "content-length"}:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[: len(content) // 2] if cut is Cut.MIDDLE else content)
            if cut is Cut.MIDDLE:
                self._break()

        do_GET = do_POST = _pass  # noqa: N815 - http.server asks for these names

        def _break(self) -> None:
            self.close_connection = True
            with suppress(OSError):
                self.wfile.flush()
                self.connection.shutdown(socket.SHUT_RDWR)

        def log_message(self, *_: object) -> None:
            """The tests' output is for the tests."""

    return Handler
