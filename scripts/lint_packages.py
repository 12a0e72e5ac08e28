"""Hold what is in deploy/ and .github/ against the tools that will read it.

``make lint-packages`` runs it in an environment of its own: Helm's own library renders the chart,
with every switch on and off, kubernetes-validate reads what comes of it, hadolint reads the
Containerfile, yamllint and zizmor the rest; promtool and actionlint are asked where they are
installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import helm_python
import yaml

ROOT = Path(__file__).parent.parent
CHART = ROOT / "deploy" / "helm" / "kirin"
KUBERNETES = "1.31"

POOL: dict[str, Any] = {
    "name": "gpu",
    "slots": 2,
    "image": "registry.example.com/kirin:0.1.0-gpu",
    "settings": {"KIRIN_ENGINES": "diffusion"},
    "resources": {"limits": {"nvidia.com/gpu": 1}},
    "nodeSelector": {"gpu": "yes"},
    "tolerations": [{"key": "gpu", "operator": "Exists"}],
    "autoscaling": {
        "enabled": True,
        "minReplicas": 0,
        "maxReplicas": 3,
        "engine": "diffusion",
        "tasksPerWorker": 1,
        "cooldownSeconds": 600,
    },
}
RELEASES: dict[str, dict[str, Any]] = {
    "default": {},
    "everything": {
        "workers": [POOL],
        "ingress": {"enabled": True, "className": "nginx", "tlsSecret": "tls"},
        "monitoring": {"serviceMonitor": True, "rules": True},
        "imagePullSecrets": ["registry"],
        "podAnnotations": {"team": "video"},
    },
    "hpa": {"workers": [POOL], "scaler": {"kind": "hpa"}, "api": {"maxUnavailable": None}},
}
"""Values to render the chart with."""

REFUSED: Sequence[dict[str, Any]] = (
    {"image": {"repository": "kirin", "tag": "latest"}},
    {"settings": {"KIRIN_BOOTSTRAP_KEY": "secret"}},
    {"settings": {"engines": "animatic"}},
    {"workers": [{"name": "cpu", "slot": 1}]},
    {"scaler": {"kind": "cron"}},
)
"""Values that the chart's schema refuses."""

YAMLLINT = """
extends: default
rules:
  line-length: disable
  document-start: disable
  truthy: {check-keys: false}
  braces: {max-spaces-inside: 1}
  comments: {min-spaces-from-content: 1}
"""

OTHERS = {"ScaledObject", "ServiceMonitor", "PrometheusRule"}
"""Kinds of operators, which Kubernetes itself does not know."""


def manifests(values: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What the chart comes to."""
    with helm_python.Chart.load(CHART) as chart:
        rendered = chart.render(values=values, name="kirin")
    texts = rendered.values() if isinstance(rendered, dict) else [str(rendered)]
    for text in texts:
        yield from (each for each in yaml.safe_load_all(text) if isinstance(each, dict))


def check_chart() -> list[str]:
    """What is wrong with the chart."""
    problems = [f"helm lint: {line}" for line in told(helm_python.lint(CHART))]
    for release, values in RELEASES.items():
        found = list(manifests(values))
        print(f"chart, {release}: {', '.join(sorted(each['kind'] for each in found))}")
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "rendered.yaml"
            known = [each for each in found if each["kind"] not in OTHERS]
            file.write_text(yaml.safe_dump_all(known))
            tool = Path(sys.executable).parent / "kubernetes-validate"
            problems += run(str(tool), "-k", KUBERNETES, "--strict", str(file))
    for values in REFUSED:
        try:
            list(manifests(values))
        except helm_python.HelmError:
            continue
        problems.append(f"values.schema.json lets {values} pass")
    return problems


def told(linted: Any) -> list[str]:
    """Warnings and errors of ``helm lint``; notes, such as on a missing icon, are none."""
    print("helm lint:", linted)
    messages = linted.get("messages", []) if isinstance(linted, dict) else []
    return [str(m) for m in messages if "icon" not in str(m) and "INFO" not in str(m)]


def run(*command: str, env: dict[str, str] | None = None) -> list[str]:
    """What a tool objects to."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=env)
    name = Path(command[0]).name
    print(f"{name}: {'fine' if done.returncode == 0 else 'not fine'}")
    return [] if done.returncode == 0 else [f"{name}: {done.stdout}{done.stderr}"]


def main() -> int:
    """Run all tools; 1 where one objects."""
    tools = Path(sys.executable).parent
    plain = [
        *sorted((ROOT / "deploy").glob("*.yaml")),
        *sorted((ROOT / "deploy").glob("[kp]*/*.yaml")),
        CHART / "Chart.yaml",
        CHART / "values.yaml",
        *sorted((ROOT / ".github").rglob("*.y*ml")),
        ROOT / "CITATION.cff",
    ]
    problems = check_chart()
    problems += run(str(tools / "hadolint"), "deploy/Containerfile")
    problems += run(str(tools / "yamllint"), "--strict", "-d", YAMLLINT, *map(str, plain))
    problems += run(str(tools / "zizmor"), "--offline", "--no-progress", ".github")
    if promtool := os.environ.get("PROMTOOL") or shutil.which("promtool"):
        problems += run(promtool, "check", "rules", "deploy/prometheus/alerts.yaml")
        problems += run(promtool, "test", "rules", "deploy/prometheus/alerts_test.yaml")
    if actionlint := os.environ.get("ACTIONLINT") or shutil.which("actionlint"):
        workflows = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
        problems += run(actionlint, *map(str, workflows))
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
