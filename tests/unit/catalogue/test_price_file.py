"""The price file: an operator's prices, or a message that says where it is wrong."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from kirin.catalogue.price_file import with_prices
from kirin.catalogue.prices import Price
from kirin.catalogue.registry import Catalogue, built_in
from kirin.errors import KirinError


def read(folder: Path, text: str) -> Catalogue:
    file = folder / "prices.toml"
    file.write_text(text, "utf-8")
    return with_prices(built_in(), file)


def test_what_is_named_is_replaced_and_the_rest_stays(tmp_path: Path) -> None:
    catalogue = read(
        tmp_path,
        """
        [kirin_v1_6_t2v]
        rates = { std = "0.30" }
        watermark = "0.05"

        [kirin_custom_elements]
        rates = { all = 0.02 }

        [kirin_v3_i2v.rates]
        "pro, on" = "0.2"
        """,
    )
    before = built_in()
    t2v = catalogue.get("kirin_v1_6_t2v").price
    assert t2v.rates == {("std",): Decimal("0.30"), ("pro",): Decimal("0.49")}
    assert (t2v.unit, t2v.watermark) == (5, Decimal("0.05"))
    assert catalogue.get("kirin_custom_elements").price.rates == {(): Decimal("0.02")}
    v3 = catalogue.get("kirin_v3_i2v").price
    assert v3.rates == {
        **before.get("kirin_v3_i2v").price.rates,
        ("pro", "on"): Decimal("0.2"),
    }
    assert catalogue.get("kirin_v1_i2v").price == before.get("kirin_v1_i2v").price


def test_a_price_may_depend_on_other_parameters(tmp_path: Path) -> None:
    catalogue = read(
        tmp_path,
        """
        [kirin_v1_6_t2v]
        by = ["aspect_ratio"]
        unit = "task"
        rates = { "16:9" = 1, "9:16" = 2, "1:1" = "3.5" }
        """,
    )
    price = catalogue.get("kirin_v1_6_t2v").price
    assert price.by == ("aspect_ratio",)
    tariff = price.tariff({"aspect_ratio": "1:1"}, watermarked=False)
    assert tariff.charge(10).cost == Decimal("3.5000")


def test_the_file_on_the_page_is_right(tmp_path: Path) -> None:
    page = Path(__file__).parents[3] / "docs" / "howto" / "run-a-platform.md"
    (text,) = re.findall(r"```toml\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    catalogue = read(tmp_path, text)
    assert catalogue.get("kirin_v1_6_t2v").price.watermark == Decimal("0.02")
    assert catalogue.get("kirin_v3_i2v").price.rates["pro", "on"] == Decimal("0.18")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[kirin_v1_6_t2w]", [":1: kirin_v1_6_t2w: no such model; there are"]),
        ("kirin_v1_i2v = 3", [":1: kirin_v1_i2v: it takes a table [kirin_v1_i2v]"]),
        ("[kirin_v1_i2v]\nunit = = 1", ["prices.toml: ", "line 2"]),
        (
            "\n[kirin_v1_i2v]\nprice = 1\nunit = 0",
            [":3: kirin_v1_i2v.price: no such field", ":4: kirin_v1_i2v.unit: it takes whole"],
        ),
        (
            "[kirin_v1_i2v]\n[kirin_v1_i2v.rates]\nstd = 1\nbest = 2",
            [":4: kirin_v1_i2v.rates.best: no such case; rates are by mode (std, pro)"],
        ),
        ("[kirin_v1_i2v]\nrates = 5", [":2: kirin_v1_i2v.rates: it takes a table"]),
        ('[kirin_v1_i2v]\nrates.std = "-1"', [":2: kirin_v1_i2v.rates.std: it takes USD"]),
        ('[kirin_v1_i2v]\nrates.std = "0.1234567"', ["at most six decimals"]),
        ("[kirin_v1_i2v]\nrates.std = 10001", ["0 to 10,000"]),
        ("[kirin_v1_i2v]\nrates.std = true", ["it takes USD"]),
        ("[kirin_v1_i2v]\nrates.std = nan", ["it takes USD"]),
        ('[kirin_v1_i2v]\nby = ["prompt"]', [":2: kirin_v1_i2v.by: it takes a list of some of"]),
        (
            '[kirin_v1_6_t2v]\nby = ["mode", "aspect_ratio"]\nrates."std, 1:1" = 1',
            ['kirin_v1_6_t2v.rates: the rate "pro, 16:9" is missing'],
        ),
        ("[kirin_custom_elements]\nrates.std = 1", ['rates are by "all"']),
    ],
)
def test_every_mistake_is_named_with_its_place(tmp_path: Path, text: str, words: list[str]) -> None:
    with pytest.raises(KirinError) as refused:
        read(tmp_path, text)
    assert refused.value.message.startswith("KIRIN_PRICE_FILE: ")
    for word in words:
        assert word in refused.value.message


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(KirinError, match=r"KIRIN_PRICE_FILE: .*nowhere\.toml: .*No such file"):
        with_prices(built_in(), tmp_path / "nowhere.toml")


def test_the_cards_prices_are_as_the_audit_tells_them() -> None:
    price = Price(("mode",), {("std",): Decimal("0.28")}, unit=None)
    assert price.told() == {
        "by": ["mode"],
        "rates": {"std": "0.28"},
        "unit": "task",
        "watermark": "0",
    }
