# SPDX-License-Identifier: Apache-2.0
import json
import pathlib
import sys
import unittest

from stand import candor, server, stubs
from stand.case import Case
from stand.shell import run
from stand.stage import Stage

PUBLISHED = pathlib.Path("/usr/share/grpc-proto/grpc/health/v1/health.proto")  # Debian's grpc-proto
SERVICES = ("", "media", "self", "sensor", "candor.v1.NodeHealth")


def ask(proto, *question):
    home = f"PYTHONPATH={server.HOME}"
    answer = run("env", home, sys.executable, "-m", "stand.foreign", str(proto), candor.TARGET, *question)
    return json.loads(answer)


class AForeignHealthClient(Case):
    @classmethod
    def setUpClass(cls):
        cls.stage = cls.enterClassContext(Stage())

    def test_gets_serving_for_every_service_that_it_checks(self):
        for service in SERVICES:
            self.assertEqual(ask(PUBLISHED, "check", service), "SERVING", service)

    def test_gets_the_state_at_once_when_it_watches(self):
        for service in SERVICES:
            self.assertEqual(ask(PUBLISHED, "watch", service), "SERVING", service)

    def test_is_refused_a_service_that_does_not_exist(self):
        self.assertEqual(ask(PUBLISHED, "check", "nonsense"), {"code": "NOT_FOUND"})
        self.assertEqual(ask(PUBLISHED, "watch", "nonsense"), "SERVICE_UNKNOWN")

    def test_can_list_all_services(self):
        listed = ask(stubs.HEALTH, "list")
        self.say(f"List: {listed}")
        self.assertEqual(listed, {service: "SERVING" for service in SERVICES})


if __name__ == "__main__":
    unittest.main(verbosity=2)
