"""That work beside other work gives what it gives alone, and ends with it."""

import threading
from itertools import count

import pytest

from kirin.vision.beside import ahead


def test_items_that_are_made_ahead_come_in_their_order():
    assert list(ahead(iter(range(50)))) == list(range(50))
    assert list(ahead([])) == []


def test_no_more_than_a_few_are_made_before_they_are_wanted():
    made = []
    source = ahead(made.append(number) or number for number in count())
    assert [next(source) for _ in range(10)] == list(range(10))
    source.close()
    assert 10 <= len(made) <= 14


def test_an_error_comes_where_its_item_would_have():
    def items():
        yield 1
        raise ValueError("broken")

    source = ahead(items())
    assert next(source) == 1
    with pytest.raises(ValueError, match="broken"):
        next(source)


def test_who_stops_early_leaves_nothing_open():
    closed = threading.Event()

    def items():
        try:
            yield from count()
        finally:
            closed.set()

    source = ahead(items())
    next(source)
    source.close()
    assert closed.is_set()
