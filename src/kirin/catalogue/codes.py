"""The models' error codes (contract, section 1); a family of models shares a table."""

from __future__ import annotations

from collections.abc import Mapping

from kirin.errors import FailureKind

V1_I2V: Mapping[FailureKind, str] = {
    FailureKind.GENERATION: "002002095",
    FailureKind.RESULT: "002002096",
    FailureKind.FETCH: "002002097",
    FailureKind.STATUS: "002002098",
    FailureKind.INPUTS: "002002099",
    FailureKind.RESOURCES: "002002095",
}

V1_6: Mapping[FailureKind, str] = {
    FailureKind.GENERATION: "002004095",
    FailureKind.RESULT: "002004096",
    FailureKind.FETCH: "002004097",
    FailureKind.STATUS: "002004098",
    FailureKind.INPUTS: "002004099",
    FailureKind.RESOURCES: "002004095",
}

EXTENSION: Mapping[FailureKind, str] = {
    FailureKind.GENERATION: "014002095",
    FailureKind.RESULT: "014002096",
    FailureKind.FETCH: "014002097",
    FailureKind.STATUS: "014002097",
    FailureKind.INPUTS: "014002099",
    FailureKind.RESOURCES: "014002095",
}

V3: Mapping[FailureKind, str] = {
    FailureKind.GENERATION: "006001095",
    FailureKind.RESULT: "006001095",
    FailureKind.FETCH: "006001095",
    FailureKind.STATUS: "006001095",
    FailureKind.INPUTS: "006001099",
    FailureKind.RESOURCES: "006001094",
}

CANCELLED = "task_cancelled"
"""Code of a cancelled task (rule W-4), for all models."""

WAITED_TOO_LONG = "waited_too_long"
"""Code of a task that no worker has begun within the longest time that the operator lets tasks
wait, for all models."""
