"""Listens at 127.0.0.1 and prints the Authorization of each request, which it takes no further.

    /usr/bin/python3 receiver.py PORT
"""
import http.server
import sys


class Answer(http.server.BaseHTTPRequestHandler):
    def answer(self):
        print(self.headers.get("Authorization", "nothing"), flush=True)
        self.send_response(503)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_POST = do_PUT = answer

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    server = http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Answer)
    print("ready", flush=True)
    server.serve_forever()
