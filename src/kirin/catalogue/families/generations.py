"""Generations: what the models of one generation have in common, from words or from a picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kirin.catalogue import codes
from kirin.catalogue.families import price_lists
from kirin.catalogue.families.formats import (
    BY_MODE_24,
    BY_MODE_30,
    HD_30,
    MASTER_FULL_HD_24,
    MASTER_HD_24,
    Format,
)
from kirin.catalogue.prices import Price
from kirin.errors import FailureKind


@dataclass(frozen=True, slots=True)
class ModelGeneration:
    """Facts about the models of a generation.

    Attributes:
        title: what people call it.
        format: of its videos.
        price: what they cost.
        codes: error code by kind of failure; those of the nearest sister where none are known.
    """

    title: str
    format: Format
    price: Price
    codes: Mapping[FailureKind, str]


V1 = ModelGeneration("Kirin 1", HD_30, price_lists.V1, codes.V1_I2V)
V1_5 = ModelGeneration("Kirin 1.5", BY_MODE_30, price_lists.V1_6, codes.V1_I2V)
V1_6_WORDS = ModelGeneration("Kirin 1.6", BY_MODE_24, price_lists.V1_6, codes.V1_6)
V1_6_PICTURE = ModelGeneration("Kirin 1.6", BY_MODE_30, price_lists.V1_6, codes.V1_6)
V2_MASTER = ModelGeneration("Kirin 2 Master", MASTER_HD_24, price_lists.MASTER, codes.V1_6)
V2_1 = ModelGeneration("Kirin 2.1", BY_MODE_24, price_lists.V1_6, codes.V1_6)
V2_1_MASTER = ModelGeneration("Kirin 2.1 Master", MASTER_FULL_HD_24, price_lists.MASTER, codes.V1_6)
V2_5_TURBO = ModelGeneration("Kirin 2.5 Turbo", BY_MODE_24, price_lists.V2_5, codes.V1_6)
V2_6 = ModelGeneration("Kirin 2.6", BY_MODE_24, price_lists.V2_6, codes.V1_6)
V3 = ModelGeneration("Kirin 3", BY_MODE_24, price_lists.V3, codes.V3)
