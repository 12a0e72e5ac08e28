"""API keys: what they look like, and how typos are told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kirin.accounts.keys import (
    ALPHABET,
    CHECKSUM_LENGTH,
    PREFIX,
    SECRET_LENGTH,
    acceptable,
    checksum,
    digest,
    hint,
    new_secret,
    well_formed,
)

BODIES = st.text(ALPHABET, min_size=SECRET_LENGTH, max_size=SECRET_LENGTH)


def test_a_fresh_key() -> None:
    secret = new_secret()
    assert secret.startswith("kirin_sk_")
    assert len(secret) == len(PREFIX) + SECRET_LENGTH + CHECKSUM_LENGTH
    assert well_formed(secret)
    assert acceptable(secret)
    assert new_secret() != secret


@given(BODIES)
def test_every_body_has_its_checksum(body: str) -> None:
    assert well_formed(f"{PREFIX}{body}{checksum(body)}")


@given(BODIES, st.data())
def test_one_wrong_letter_is_noticed(body: str, data: st.DataObject) -> None:
    secret = f"{body}{checksum(body)}"
    place = data.draw(st.integers(0, len(secret) - 1))
    letter = data.draw(st.sampled_from(ALPHABET).filter(lambda c: c != secret[place]))
    typo = secret[:place] + letter + secret[place + 1 :]
    assert not acceptable(PREFIX + typo)


@given(st.text())
def test_any_text_is_looked_at_without_an_error(text: str) -> None:
    assert well_formed(text) is False or text.startswith(PREFIX)
    assert isinstance(acceptable(text), bool)
    assert not well_formed(PREFIX + text) or len(text) == SECRET_LENGTH + CHECKSUM_LENGTH


@pytest.mark.parametrize(
    ("secret", "good"),
    [
        ("a" * 16, True),
        ("a" * 15, False),
        ("~" * 128, True),
        ("a" * 129, False),
        ("local-0123456789abcdef", True),
        ("with blank 0123456", False),
        ("with\nline-0123456", False),
        ("schlüssel-0123456", False),
        ("", False),
        (f"{PREFIX}{'a' * 38}", False),
        (PREFIX, False),
    ],
)
def test_keys_that_somebody_else_made(secret: str, good: bool) -> None:
    assert acceptable(secret) is good


def test_what_is_kept_of_a_key_does_not_tell_it() -> None:
    secret = new_secret()
    assert len(digest(secret)) == 64
    assert digest(secret) != digest(new_secret())
    assert secret not in digest(secret) + hint(secret)
    assert hint(secret).startswith(PREFIX)
    assert hint(secret).endswith(secret[-4:])
    assert len(hint(secret)) <= 32
