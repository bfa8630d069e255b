# SPDX-License-Identifier: Apache-2.0
"""The stand's client of Redis, beside a server that breaks off: what it notes of rooms must be whole or an error."""

import contextlib
import socket
import threading
import time
import unittest

from stand.cluster import Placements
from stand.redis import Client
from stand.shell import StandError

ANSWER = b"*2\r\n$4\r\nroom\r\n$4\r\nND_a\r\n"


class _Server:
    """Answers the requests in this order; an answer that is cut off is followed by the end of its connection. After the last
    one it listens no more."""

    def __init__(self, *answers):
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = self._socket.getsockname()
        self._answers = list(answers)
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self):
        while self._answers:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return  # by close()
            with connection:
                while self._answers and connection.recv(4096):
                    answer = self._answers.pop(0)
                    connection.sendall(answer)
                    if answer != ANSWER:
                        break
        self._socket.close()

    def close(self):
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(10)
        self._socket.close()


class Redis(unittest.TestCase):
    def serve(self, *answers):
        server = _Server(*answers)
        self.addCleanup(server.close)
        client = Client(server.address)
        self.addCleanup(client.close)
        return client

    def test_answers_over_one_connection(self):
        client = self.serve(ANSWER, ANSWER)
        self.assertEqual([client.hash("x"), client.hash("x")], [{"room": b"ND_a"}] * 2)

    def test_is_asked_again_over_a_new_connection_where_an_answer_is_cut_off(self):
        for cut in range(len(ANSWER)):
            client = self.serve(ANSWER, ANSWER[:cut], ANSWER)
            self.assertEqual([client.hash("x"), client.hash("x")], [{"room": b"ND_a"}] * 2, ANSWER[:cut])

    def test_that_breaks_off_twice_is_an_error(self):
        client = self.serve(ANSWER[:9], ANSWER[:9])
        with self.assertRaises(OSError):
            client.hash("x")

    def test_that_refuses_is_an_error_that_no_later_answer_is_mistaken_for(self):
        client = self.serve(b"-NOAUTH\r\n", ANSWER)
        with self.assertRaisesRegex(StandError, "NOAUTH"):
            client.hash("x")
        self.assertEqual(client.hash("x"), {"room": b"ND_a"})

    def test_of_which_rooms_are_noted_outlives_a_broken_connection(self):
        more = b"*4\r\n$4\r\nroom\r\n$4\r\nND_a\r\n$5\r\nroom2\r\n$4\r\nND_b\r\n"
        placements = Placements(self.serve(ANSWER, b"", more, *[ANSWER] * 1000))
        self.addCleanup(placements.close)
        end = time.time() + 10
        while len(placements.all()) < 2 and time.time() < end:
            time.sleep(0.01)
        self.assertEqual({room: node for room, (_, node) in placements.all().items()}, {"room": "ND_a", "room2": "ND_b"})

    def test_that_is_gone_is_an_error_of_what_was_noted(self):
        placements = Placements(self.serve(ANSWER))
        self.addCleanup(placements.close)
        with self.assertRaisesRegex(StandError, "no longer seen"):
            end = time.time() + 10
            while time.time() < end:
                placements.all()
                time.sleep(0.01)


if __name__ == "__main__":
    unittest.main(verbosity=2)
