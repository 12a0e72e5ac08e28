"""Traces where nobody records them."""

from __future__ import annotations

from kirin import tracing

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def test_a_trace_from_outside_goes_on_through_spans_that_nobody_records() -> None:
    assert tracing.current() is None
    with tracing.span("outer", parent=PARENT) as outer:
        with tracing.span("inner") as inner:
            inner.update_name("renamed")
            assert inner.get_span_context() == outer.get_span_context()
            assert tracing.current() == PARENT
        assert tracing.current() == PARENT
    with tracing.span("alone", {"a": 1}) as alone:
        assert not alone.is_recording()
        assert tracing.current() is None
