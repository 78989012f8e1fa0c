"""A loopback server for `record`: a folder, and by the path's first part the faults of a network.

Usage: server.py FOLDER PORT-FILE [CERTIFICATE KEY]; writes its port to PORT-FILE and serves until it is ended.
"""

import http.server
import socket
import ssl
import struct
import sys
import time

folder, port_file, *tls = sys.argv[1:]
answered = set()


class Handler(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.0"

    def __init__(self, *arguments):
        super().__init__(*arguments, directory=folder)

    def do_GET(self):
        fault, _, value = self.path[1:].partition("/")
        value = value.partition("/")[0]
        if fault == "status":
            self.send_response(int(value))
            if value == "401":
                self.send_header("WWW-Authenticate", 'Basic realm="private"')
            self.end_headers()
            self.wfile.write(b"played by record\n")
        elif fault == "hang":
            time.sleep(30)
        elif fault == "once" and self.path not in answered:
            answered.add(self.path)
            self.send_error(500)
        elif fault == "once":
            self.path = self.path[len("/once") :]
            super().do_GET()
        elif fault == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
        else:
            super().do_GET()

    do_POST = do_GET

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
if tls:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*tls)
    server.socket = context.wrap_socket(server.socket, server_side=True)
with open(port_file, "w") as file:
    file.write(str(server.server_port))
server.handle_error = lambda *arguments: None
server.serve_forever()
