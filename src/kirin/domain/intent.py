"""The intent: what a prompt asks for, as one immutable record that engines and audio read."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from kirin.domain.cast import Cast
from kirin.domain.motion import PictureMotion


class Move(StrEnum):
    """A camera move or a held angle; left, right, up and down are as seen by the camera.

    A dolly zoom goes in and zooms out, so that the subject keeps its size. A following camera keeps
    the subject in frame while the place goes by. A dutch, high or low angle is held for the whole
    shot.
    """

    PUSH_IN = "push_in"
    PULL_OUT = "pull_out"
    ZOOM_IN = "zoom_in"
    ZOOM_OUT = "zoom_out"
    PAN_LEFT = "pan_left"
    PAN_RIGHT = "pan_right"
    TILT_UP = "tilt_up"
    TILT_DOWN = "tilt_down"
    TRUCK_LEFT = "truck_left"
    TRUCK_RIGHT = "truck_right"
    CRANE_UP = "crane_up"
    CRANE_DOWN = "crane_down"
    ORBIT_LEFT = "orbit_left"
    ORBIT_RIGHT = "orbit_right"
    ROLL_CLOCKWISE = "roll_clockwise"
    ROLL_COUNTER = "roll_counter"
    DOLLY_ZOOM = "dolly_zoom"
    FOLLOW = "follow"
    HANDHELD = "handheld"
    DUTCH = "dutch"
    HIGH_ANGLE = "high_angle"
    LOW_ANGLE = "low_angle"
    STATIC = "static"


HELD_ANGLES: Final = frozenset({Move.DUTCH, Move.HIGH_ANGLE, Move.LOW_ANGLE})
"""Angles of a camera that need not move."""


class Speed(StrEnum):
    """Speed of a camera move; a whip move is over in a moment and blurs the picture."""

    VERY_SLOW = "very_slow"
    SLOW = "slow"
    NORMAL = "normal"
    FAST = "fast"
    WHIP = "whip"


class Time(StrEnum):
    """Time of day."""

    DAWN = "dawn"
    DAY = "day"
    SUNSET = "sunset"
    DUSK = "dusk"
    NIGHT = "night"


class Weather(StrEnum):
    """Weather; a storm includes rain."""

    CLEAR = "clear"
    CLOUDY = "cloudy"
    RAIN = "rain"
    SNOW = "snow"
    FOG = "fog"
    STORM = "storm"


class Season(StrEnum):
    """Season, which colours leaves and grass."""

    SPRING = "spring"
    SUMMER = "summer"
    AUTUMN = "autumn"
    WINTER = "winter"


class Terrain(StrEnum):
    """Kind of place."""

    SEA = "sea"
    MOUNTAINS = "mountains"
    DESERT = "desert"
    FOREST = "forest"
    CITY = "city"
    FIELDS = "fields"
    SPACE = "space"


class Place(StrEnum):
    """Where a shot plays. The names of terrains are places too: the open country itself."""

    SEA = "sea"
    MOUNTAINS = "mountains"
    DESERT = "desert"
    FOREST = "forest"
    CITY = "city"
    FIELDS = "fields"
    SPACE = "space"
    JUNGLE = "jungle"
    SNOWFIELD = "snowfield"
    BEACH = "beach"
    RIVERSIDE = "riverside"
    HARBOUR = "harbour"
    PARK = "park"
    GARDEN = "garden"
    FARM = "farm"
    ROAD = "road"
    RACE_TRACK = "race_track"
    RAILWAY = "railway"
    BRIDGE = "bridge"
    SKY = "sky"
    PLANET_SURFACE = "planet_surface"
    CAVE = "cave"
    REEF = "reef"
    STREET = "street"
    ALLEY = "alley"
    MARKET = "market"
    STADIUM = "stadium"
    LIVING_ROOM = "living_room"
    KITCHEN = "kitchen"
    BEDROOM = "bedroom"
    BATHROOM = "bathroom"
    OFFICE = "office"
    ART_STUDIO = "art_studio"
    CLASSROOM = "classroom"
    LABORATORY = "laboratory"
    CAFE = "cafe"
    RESTAURANT = "restaurant"
    SHOP = "shop"
    LIBRARY = "library"
    MUSEUM = "museum"
    GYM = "gym"
    THEATRE = "theatre"
    CHURCH = "church"
    HOSPITAL = "hospital"
    FACTORY = "factory"
    SPACESHIP = "spaceship"
    TABLE_TOP = "table_top"
    BACKDROP = "backdrop"
    ABSTRACT = "abstract"


class Extra(StrEnum):
    """Something a scene can contain in addition to its terrain."""

    BIRDS = "birds"
    STARS = "stars"
    MOON = "moon"
    SUN = "sun"
    LIGHTS = "lights"
    BOAT = "boat"
    TREES = "trees"
    LAKE = "lake"
    LIGHTHOUSE = "lighthouse"
    MIST = "mist"
    CLOUDS = "clouds"
    PLANET = "planet"
    RING = "ring"


class Ambience(StrEnum):
    """Kind of ambient sound."""

    AIR = "air"
    ROOM = "room"
    WIND = "wind"
    LEAVES = "leaves"
    SNOW = "snow"
    RAIN = "rain"
    THUNDER = "thunder"
    WAVES = "waves"
    STREAM = "stream"
    WATERFALL = "waterfall"
    FIRE = "fire"
    BIRDS = "birds"
    GULLS = "gulls"
    CRICKETS = "crickets"
    CICADAS = "cicadas"
    FOOTSTEPS = "footsteps"
    CRUNCH = "crunch"
    CROWD = "crowd"
    APPLAUSE = "applause"
    CITY = "city"
    TRAFFIC = "traffic"
    ENGINE = "engine"
    TRAIN = "train"
    BELL = "bell"
    DRONE = "drone"
    EXPLOSION = "explosion"
    FIREWORKS = "fireworks"
    GLASS = "glass"
    SPLASH = "splash"
    WHOOSH = "whoosh"
    PIANO = "piano"
    GUITAR = "guitar"
    MUSIC_BOX = "music_box"
    DRUM = "drum"
    DOG = "dog"
    CAT = "cat"
    HORSE = "horse"
    CLOCK = "clock"
    TYPING = "typing"
    SIREN = "siren"
    HEARTBEAT = "heartbeat"


@dataclass(frozen=True, slots=True)
class Step:
    """One camera move within a shot.

    Attributes:
        move: which move.
        speed: how fast.
        start, end: when, as fractions of the shot's length from 0 to 1.
        degrees: how far it turns, if the prompt says.
        amount: how far it goes, above 0 to 10, if it was asked for in numbers; then neither the
            speed nor the length of the shot matters.
    """

    move: Move
    speed: Speed
    start: float
    end: float
    degrees: int | None = None
    amount: float | None = None

    def describe(self) -> dict[str, Any]:
        """The step as JSON values."""
        described: dict[str, Any] = {
            "move": self.move.value,
            "speed": self.speed.value,
            "from": round(self.start, 3),
            "to": round(self.end, 3),
        }
        if self.degrees is not None:
            described["degrees"] = self.degrees
        if self.amount is not None:
            described["amount"] = self.amount
        return described


@dataclass(frozen=True, slots=True)
class Direction:
    """What the camera does during a shot.

    Attributes:
        steps: moves; those that overlap in time are combined. Empty means a static camera.
        understood: the words of the prompt that were read as camera direction, normalised, in
            their order.
        avoided: moves that the prompt or the negative prompt rules out, sorted.
        default: whether the moves were chosen by the seed because the prompt names none.
        given: whether they were asked for in numbers.
        overruled: the words of the prompt for other moves, which numbers count more than.
    """

    steps: tuple[Step, ...]
    understood: tuple[str, ...] = ()
    avoided: tuple[Move, ...] = ()
    default: bool = False
    given: bool = False
    overruled: tuple[str, ...] = ()

    @property
    def follows(self) -> bool:
        """Whether the camera keeps up with a subject."""
        return any(step.move is Move.FOLLOW for step in self.steps)

    def describe(self) -> dict[str, Any]:
        """The direction as JSON values, for a task's ``metadata.direction``."""
        moves = [step.describe() for step in self.steps]
        described: dict[str, Any] = {
            "moves": moves or [{"move": Move.STATIC.value, "from": 0.0, "to": 1.0}],
            "understood": list(self.understood),
            "avoided": [move.value for move in self.avoided],
            "default": self.default,
        }
        if self.given:
            described["given"] = True
        return described


@dataclass(frozen=True, slots=True)
class SceneDescription:
    """What a scene shows.

    Attributes:
        time, weather, season, terrain: one of each, named by the prompt or chosen. Indoors the
            terrain is what would be seen through a window.
        place: where it is.
        neon: whether the place has neon signs.
        crop: what grows in its fields, one of the names in the engine's table of crops.
        surface: what its table top or its backdrop is made of, one of the names in the engine's
            table of surfaces.
        extras: what else is in it.
        understood: values of the above that the prompt names, sorted.
        variety: 0 to 2**63 - 1, the seed of every random choice in drawing the scene. It is
            derived from the seed and the whole prompt, so that no two prompts give the same
            picture.
        guessed: values that no word names but the meaning of the prompt suggests, sorted.
        by_chance: names of the values above that another seed may choose otherwise, sorted; of
            ``extras`` those that are not understood.
    """

    time: Time
    weather: Weather
    season: Season
    terrain: Terrain
    extras: frozenset[Extra]
    understood: tuple[str, ...]
    variety: int
    guessed: tuple[str, ...] = ()
    place: Place = Place.MOUNTAINS
    neon: bool = False
    crop: str | None = None
    surface: str | None = None
    by_chance: tuple[str, ...] = ()

    def describe(self) -> dict[str, Any]:
        """The description as JSON values, for a task's metadata."""
        made_of = {"crop": self.crop, "surface": self.surface}
        return {
            "place": self.place.value,
            "time": self.time.value,
            "weather": self.weather.value,
            "season": self.season.value,
            "terrain": self.terrain.value,
            "extras": sorted(extra.value for extra in self.extras),
            "understood": list(self.understood),
            "guessed": list(self.guessed),
            **{name: value for name, value in made_of.items() if value},
        }


@dataclass(frozen=True, slots=True)
class SoundLayer:
    """One ambient sound of a shot.

    Attributes:
        kind: which sound.
        intensity: 0 (faint) to 1 (heavy); 0.5 where the prompt does not say.
    """

    kind: Ambience
    intensity: float


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words that a prompt puts in quotation marks.

    Attributes:
        words: without the marks.
        written: whether they are lettering in the picture (a sign, a title) and not speech.
    """

    words: str
    written: bool = False


@dataclass(frozen=True, slots=True)
class Intent:
    """What a shot's prompt and negative prompt ask for.

    Attributes:
        camera: camera moves.
        scene: place, time, weather and season.
        sounds: ambient sounds, those that the prompt names first; never empty.
        quotations: quoted words, in their order.
        cast: who and what is on screen, in which style; empty where nothing is drawn from the
            prompt.
        becomes: the scene at the end of the shot, where the prompt says that it changes: "from
            day to night", "it starts to snow". Same terrain, place and variety.
        unheard: words of the prompt for sounds that cannot be made, in their order.
        motion: what moves in a given picture.
    """

    camera: Direction
    scene: SceneDescription
    sounds: tuple[SoundLayer, ...]
    quotations: tuple[Quotation, ...]
    cast: Cast = field(default_factory=Cast)
    becomes: SceneDescription | None = None
    unheard: tuple[str, ...] = ()
    motion: PictureMotion = field(default_factory=PictureMotion)
