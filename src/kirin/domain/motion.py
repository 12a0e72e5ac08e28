"""What moves in a given picture: what a prompt asks of the contents of a photograph."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kirin.domain.cast import Heading, Missing


class Substance(StrEnum):
    """Matter in a picture that can move where it is."""

    WATER = "water"
    CLOUDS = "clouds"
    FIRE = "fire"
    SMOKE = "smoke"
    STEAM = "steam"
    GRASS = "grass"
    LEAVES = "leaves"
    FLOWERS = "flowers"
    HAIR = "hair"
    CLOTH = "cloth"
    FLAG = "flag"


class MatterMotion(StrEnum):
    """How matter moves."""

    FLOW = "flow"
    FALL = "fall"
    RIPPLE = "ripple"
    LAP = "lap"
    DRIFT = "drift"
    FLICKER = "flicker"
    RISE = "rise"
    SWAY = "sway"


class Particle(StrEnum):
    """What can be added to the air before or behind the contents of a picture."""

    SNOW = "snow"
    RAIN = "rain"
    FOG = "fog"
    LEAVES = "leaves"
    PETALS = "petals"
    DUST = "dust"
    EMBERS = "embers"
    SPARKS = "sparks"
    BUBBLES = "bubbles"
    CONFETTI = "confetti"
    FIREFLIES = "fireflies"
    BIRDS = "birds"
    SMOKE = "smoke"
    STEAM = "steam"
    RAYS = "rays"
    FLARE = "flare"
    LIGHTNING = "lightning"


class Illumination(StrEnum):
    """How the light on a picture changes."""

    DAWN = "dawn"
    DAY = "day"
    SUNSET = "sunset"
    DUSK = "dusk"
    NIGHT = "night"
    LAMPS_ON = "lamps_on"
    LAMPS_OFF = "lamps_off"
    WINDOWS_ON = "windows_on"
    FLICKER = "flicker"
    PASSING_CLOUD = "passing_cloud"
    BRIGHTEN = "brighten"
    DARKEN = "darken"
    WARM = "warm"
    COOL = "cool"
    FADE_TO_BLACK = "fade_to_black"


class BodyMotion(StrEnum):
    """What a person, an animal or a thing that can be cut out does."""

    BREATHE = "breathe"
    BLINK = "blink"
    LIFT_OFF = "lift_off"
    RISE = "rise"
    FALL = "fall"
    LEAVE = "leave"
    APPROACH = "approach"
    FLOAT = "float"
    ROCK = "rock"
    SPIN = "spin"


class FocusPull(StrEnum):
    """Where the focus of the lens goes during a shot, or is held."""

    TO_BACKGROUND = "to_background"
    TO_SUBJECT = "to_subject"
    HELD_ON_SUBJECT = "held_on_subject"


@dataclass(frozen=True, slots=True)
class Span:
    """When something happens, as shares of the shot, 0 to 1.

    Attributes:
        start: when it begins; 0 where it goes on from before the shot.
        end: when it stops; 1 where it goes on after the shot.
    """

    start: float = 0.0
    end: float = 1.0


WHOLE = Span()
"""The whole of a shot."""


@dataclass(frozen=True, slots=True)
class MatterRequest:
    """Matter in the picture that is to move.

    Attributes:
        word: of the prompt, for reports: "river".
        substance, motion: what, and how.
        heading: which way, if the prompt says; for water and clouds the picture decides otherwise.
        strength: 0 (faint) to 1 (violent); 0.5 where the prompt does not say.
        span: when.
    """

    word: str
    substance: Substance
    motion: MatterMotion
    heading: Heading | None = None
    strength: float = 0.5
    span: Span = WHOLE


@dataclass(frozen=True, slots=True)
class AirRequest:
    """Something in the air.

    Attributes:
        word: of the prompt.
        particle: what.
        heading: where the wind carries it, if the prompt says.
        strength: 0 (a little) to 1 (very much); 0.5 where the prompt does not say.
        span: when; "starts to snow" begins later, "stops" ends before the shot does.
        source: word of the thing that it comes from ("cup", "chimney"), if the prompt says.
    """

    word: str
    particle: Particle
    heading: Heading | None = None
    strength: float = 0.5
    span: Span = WHOLE
    source: str | None = None


@dataclass(frozen=True, slots=True)
class LightRequest:
    """A change of light.

    Attributes:
        word: of the prompt.
        becomes: what the light is at the end, or what happens to it.
        span: when the change begins and is complete.
    """

    word: str
    becomes: Illumination
    span: Span = WHOLE


@dataclass(frozen=True, slots=True)
class BodyRequest:
    """Something that a subject does as a whole.

    Attributes:
        word: of the prompt that names the subject: "rocket"; or the verb where none is named.
        verb: of the prompt: "lifts off".
        motion: what it does.
        heading: which way, if the prompt says.
        span: when.
    """

    word: str
    verb: str
    motion: BodyMotion
    heading: Heading | None = None
    span: Span = WHOLE


@dataclass(frozen=True, slots=True)
class PictureMotion:
    """What a prompt asks of the contents of a given picture, beside the camera.

    Attributes:
        matter, air, light, body: in the order of the prompt.
        focus: what the lens does, if the prompt says.
        focus_word: the words for it; empty without any.
        missing: words for motion that no picture can be made to show: "turns its head". Words
            that depend on the picture are added when it is looked at.
    """

    matter: tuple[MatterRequest, ...] = ()
    air: tuple[AirRequest, ...] = ()
    light: tuple[LightRequest, ...] = ()
    body: tuple[BodyRequest, ...] = ()
    focus: FocusPull | None = None
    focus_word: str = ""
    missing: tuple[Missing, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.matter or self.air or self.light or self.body or self.focus)
