"""Traces: one for each task, from the request that makes it to the encoder.

Only OpenTelemetry's API is used. Nothing is recorded unless whoever runs the process sets up its
SDK, for example by ``opentelemetry-instrument kirin worker``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_TRACER: Final = trace.get_tracer("kirin")
_CARRIER: Final = TraceContextTextMapPropagator()
_HEADER: Final = "traceparent"

Facts = Mapping[str, str | int | float | bool]


@contextmanager
def span(
    name: str,
    facts: Facts | None = None,
    *,
    parent: str | None = None,
    kind: SpanKind = SpanKind.INTERNAL,
) -> Iterator[Span]:
    """A span for the length of a block.

    An error marks it by the name of its class alone: messages may tell what users have written.

    Args:
        name: what is done.
        facts: attributes; nothing that users have written.
        parent: a ``traceparent`` that it goes on with; otherwise it lies in the current span.
        kind: what part it plays.
    """
    if parent is None and isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider):
        # Nobody records: to go on in the current span is what a span of its own would come to.
        yield trace.get_current_span()
        return
    context: Context | None = _CARRIER.extract({_HEADER: parent}) if parent else None
    with _TRACER.start_as_current_span(
        name,
        context=context,
        kind=kind,
        attributes=dict(facts or {}),
        record_exception=False,
        set_status_on_exception=False,
    ) as opened:
        try:
            yield opened
        except BaseException as error:
            opened.set_status(Status(StatusCode.ERROR, type(error).__name__))
            raise


def current() -> str | None:
    """The ``traceparent`` of the current span, for who goes on elsewhere; ``None`` outside any."""
    carrier: dict[str, str] = {}
    _CARRIER.inject(carrier)
    return carrier.get(_HEADER)
