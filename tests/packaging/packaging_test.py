# SPDX-License-Identifier: Apache-2.0
"""Everything in scripts/packaging, by the program that reads it, or as far as can be output without it."""

import json
import pathlib
import re
import sys
import tempfile
import unittest

import yaml

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "web"))
from scripted_node import BUILD, PACKAGING, ScriptedNode, run  # noqa: E402

CANDORD = BUILD / "sidecar/daemon/candord"
METRIC = re.compile(r"\b(?:candor|process)_[a-z0-9_]+")
SERVED_NAMES = ("", "media", "self", "sensor", "candor.v1.NodeHealth")  # of grpc.health.v1


def dashboard():
    return json.loads((PACKAGING / "grafana/candor.json").read_text(encoding="utf-8"))


def dashboard_expressions():
    return [target["expr"] for panel in dashboard()["panels"] for target in panel["targets"]]


def rules():
    groups = yaml.safe_load((PACKAGING / "prometheus/candor.rules.yaml").read_text(encoding="utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def documents(path):
    return list(yaml.safe_load_all((PACKAGING / path).read_text(encoding="utf-8")))


def served_metrics():
    """Every name that /metrics has, with those of a histogram's parts."""
    with ScriptedNode() as node:
        node.tell("state FAILING waiting_on_node 12 15 0.9")
        node.tell("server janus.service FAILING")
        node.tell("server rtpengine.service HEALTHY")
        text = run("curl", "-sS", f"http://{node.http}/metrics")
        node.tell("blind load_timeout")
        text += run("curl", "-sS", f"http://{node.http}/metrics")
    names = {line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")}
    return names | {line.split("{")[0].split()[0] for line in text.splitlines() if not line.startswith("#")}


class Prometheus(unittest.TestCase):
    def test_rules_do_what_they_say(self):
        run("promtool", "check", "rules", PACKAGING / "prometheus/candor.rules.yaml")
        run("promtool", "test", "rules", PACKAGING / "prometheus/candor.rules.test.yaml")

    def test_every_alert_has_a_test_of_its_own(self):
        tests = (PACKAGING / "prometheus/candor.rules.test.yaml").read_text(encoding="utf-8")
        for rule in rules():
            if "alert" in rule:
                self.assertRegex(tests, rf"alertname: {rule['alert']}\n\s+exp_alerts:\n", rule["alert"])

    def test_configuration_is_one(self):
        run("promtool", "check", "config", PACKAGING / "prometheus/prometheus.yaml")

    def test_alertmanager_accepts_its_own(self):
        run("amtool", "check-config", PACKAGING / "alertmanager/alertmanager.yaml")

    def test_alertmanager_holds_back_only_alerts_that_exist(self):
        alerts = {rule["alert"] for rule in rules() if "alert" in rule}
        text = (PACKAGING / "alertmanager/alertmanager.yaml").read_text(encoding="utf-8")
        named = set(re.findall(r"\bCandor[A-Za-z]+", text))
        self.assertTrue(named)
        self.assertLessEqual(named, alerts)


class Dashboard(unittest.TestCase):
    def test_asks_only_for_metrics_that_are_served(self):
        asked = set(METRIC.findall(" ".join(dashboard_expressions() + [r["expr"] for r in rules()])))
        self.assertGreater(len(asked), 15)
        self.assertEqual(asked - served_metrics(), set())

    def test_asks_in_promql(self):
        made_up = [{"record": f"dashboard:panel:{i}", "expr": e.replace("$__rate_interval", "1m")}
                   for i, e in enumerate(dashboard_expressions())]
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            yaml.safe_dump({"groups": [{"name": "dashboard", "rules": made_up}]}, file)
            file.flush()
            run("promtool", "check", "rules", file.name)

    def test_lays_its_panels_beside_each_other(self):
        taken = set()
        for panel in dashboard()["panels"]:
            at = panel["gridPos"]
            cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
            self.assertFalse(cells & taken, panel["title"])
            self.assertLessEqual(at["x"] + at["w"], 24, panel["title"])
            taken |= cells


class LoadBalancers(unittest.TestCase):
    def test_haproxy_accepts_its_configuration(self):
        run("haproxy", "-c", "-f", PACKAGING / "haproxy/haproxy.cfg")

    def test_envoy_asks_candor_for_readiness(self):
        (config,) = documents("envoy/envoy.yaml")
        (cluster,) = config["static_resources"]["clusters"]
        (check,) = cluster["health_checks"]
        self.assertEqual(check["http_health_check"]["path"], "/readyz")
        for group in cluster["load_assignment"]["endpoints"]:
            for host in group["lb_endpoints"]:
                self.assertEqual(host["endpoint"]["health_check_config"]["port_value"], 7461)

    def test_grpc_clients_name_a_service_that_is_served(self):
        config = json.loads((PACKAGING / "grpc/service-config.json").read_text(encoding="utf-8"))
        self.assertIn(config["healthCheckConfig"]["serviceName"], SERVED_NAMES)
        self.assertEqual(config["loadBalancingConfig"], [{"round_robin": {}}])


class Kubernetes(unittest.TestCase):
    def containers(self):
        for path in ("kubernetes/sidecar.yaml", "kubernetes/daemonset.yaml"):
            for document in documents(path):
                for container in document.get("spec", {}).get("template", {}).get("spec", {}).get("containers", []):
                    yield path, container

    def test_no_liveness_probe_carries_the_verdict(self):
        probes = [(path, c["name"], c["livenessProbe"]["httpGet"]) for path, c in self.containers()]
        self.assertEqual(len(probes), 3)
        for path, name, get in probes:
            self.assertNotIn(get["path"], ("/readyz", "/healthz"), (path, name))

    def test_candors_probes_ask_pages_that_exist_on_its_port(self):
        with ScriptedNode() as node:
            for path, container in self.containers():
                if container["name"] != "candor":
                    continue
                for probe in ("readinessProbe", "livenessProbe"):
                    get = container[probe]["httpGet"]
                    self.assertEqual(get["port"], 7461, path)
                    code = run("curl", "-s", "-o", "/dev/null", "-w", "%{http_code}",
                               f"http://{node.http}{get['path']}")
                    self.assertIn(code, ("200", "503"), (path, probe))

    def test_the_settings_in_it_are_settings(self):
        (settings,) = [d["data"]["candor.yaml"] for d in documents("kubernetes/sidecar.yaml") if "data" in d]
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write(settings)
            file.flush()
            run(CANDORD, "--check-config", "--config", file.name)


class Systemd(unittest.TestCase):
    def test_finds_nothing_to_criticise_in_the_unit(self):
        unit = (PACKAGING / "systemd/candord.service").read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory() as folder:
            path, program = pathlib.Path(folder) / "candord.service", pathlib.Path(folder) / "candord"
            program.symlink_to(CANDORD.resolve())  # the build's own path may have what a unit reads otherwise
            path.write_text(unit.replace("/usr/bin/candord", str(program)), encoding="utf-8")
            output = run("sh", "-c", 'systemd-analyze verify --man=no "$0" 2>&1', path)
        self.assertEqual([line for line in output.splitlines() if "candord" in line], [])
        self.assertIn("Type=notify\n", unit)
        self.assertIn("WatchdogSec=2\n", unit)


if __name__ == "__main__":
    unittest.main(verbosity=2)
