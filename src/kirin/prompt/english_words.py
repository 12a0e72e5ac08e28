"""The English words of camera direction: verbs with their headings, speeds, cameras, fillers."""

from __future__ import annotations

from enum import Enum

from kirin.prompt.cues import Move, Speed


class Form(Enum):
    """Form of a verb; a noun of the same stem counts as its base form."""

    BASE = 0
    THIRD = 1
    ING = 2
    PAST = 3


def _all(words: str) -> frozenset[str]:
    return frozenset(words.split())


IN, OUT, LEFT, RIGHT, UP, DOWN = "in", "out", "left", "right", "up", "down"
AROUND, CLOCK, COUNTER, BARE = "around", "clockwise", "counter", ""

HEADINGS: dict[str, str] = {
    **dict.fromkeys(("in", "into", "inward", "inwards", "forward", "forwards", "closer"), IN),
    **dict.fromkeys(("toward", "towards", "through", "nearer", "ahead"), IN),
    **dict.fromkeys(("out", "outward", "outwards", "back", "backward", "backwards", "away"), OUT),
    **dict.fromkeys(("left", "leftward", "leftwards"), LEFT),
    **dict.fromkeys(("right", "rightward", "rightwards"), RIGHT),
    **dict.fromkeys(("up", "upward", "upwards"), UP),
    **dict.fromkeys(("down", "downward", "downwards"), DOWN),
    **dict.fromkeys(("around", "round"), AROUND),
    "clockwise": CLOCK,
    **dict.fromkeys(("counterclockwise", "anticlockwise", "counter", "anti"), COUNTER),
}

TRUCK = {LEFT: Move.TRUCK_LEFT, RIGHT: Move.TRUCK_RIGHT}
CRANE = {UP: Move.CRANE_UP, DOWN: Move.CRANE_DOWN}
DEPTH = {IN: Move.PUSH_IN, OUT: Move.PULL_OUT}
TILT = {UP: Move.TILT_UP, DOWN: Move.TILT_DOWN}
# Seen from above, a camera south of its subject that goes clockwise goes west: to its left.
ORBIT = {
    LEFT: Move.ORBIT_LEFT,
    RIGHT: Move.ORBIT_RIGHT,
    CLOCK: Move.ORBIT_LEFT,
    COUNTER: Move.ORBIT_RIGHT,
    AROUND: Move.ORBIT_RIGHT,
}
ROLL = {
    LEFT: Move.ROLL_COUNTER,
    RIGHT: Move.ROLL_CLOCKWISE,
    CLOCK: Move.ROLL_CLOCKWISE,
    COUNTER: Move.ROLL_COUNTER,
}
TRAVEL = TRUCK | CRANE | DEPTH | {AROUND: Move.ORBIT_RIGHT}

VERBS: dict[str, tuple[str, dict[str, Move]]] = {
    "zoom": (
        "zoom zooms zooming zoomed",
        {IN: Move.ZOOM_IN, OUT: Move.ZOOM_OUT, BARE: Move.ZOOM_IN},
    ),
    "pan": (
        "pan pans panning panned",
        {LEFT: Move.PAN_LEFT, RIGHT: Move.PAN_RIGHT, BARE: Move.PAN_RIGHT} | TILT,
    ),
    "tilt": (
        "tilt tilts tilting tilted",
        TILT | ROLL | {BARE: Move.TILT_UP},
    ),
    "dolly": (
        "dolly dollies dollying dollied",
        DEPTH | TRUCK | {AROUND: Move.ORBIT_RIGHT, BARE: Move.PUSH_IN},
    ),
    "push": ("push pushes pushing pushed", {IN: Move.PUSH_IN, BARE: Move.PUSH_IN}),
    "pull": ("pull pulls pulling pulled", {OUT: Move.PULL_OUT, BARE: Move.PULL_OUT}),
    "truck": ("truck trucks trucking trucked", TRUCK | DEPTH | {BARE: Move.TRUCK_RIGHT}),
    "track": ("track tracks tracking tracked", TRUCK | DEPTH | {BARE: Move.TRUCK_RIGHT}),
    "crane": ("crane cranes craning craned", CRANE | {BARE: Move.CRANE_UP}),
    "boom": ("boom booms booming boomed", CRANE),
    "jib": ("jib jibs jibbing jibbed", CRANE | {BARE: Move.CRANE_UP}),
    "pedestal": ("pedestal pedestals pedestaling pedestaled", CRANE),
    "orbit": ("orbit orbits orbiting orbited", ORBIT | {BARE: Move.ORBIT_RIGHT}),
    "arc": ("arc arcs arcing arced", ORBIT | {BARE: Move.ORBIT_RIGHT}),
    "circle": ("circle circles circling circled", ORBIT | {BARE: Move.ORBIT_RIGHT}),
    "revolve": ("revolve revolves revolving revolved", ORBIT),
    "roll": ("roll rolls rolling rolled", ROLL | {BARE: Move.ROLL_CLOCKWISE}),
    "rotate": (
        "rotate rotates rotating rotated",
        ROLL | {AROUND: Move.ORBIT_RIGHT, BARE: Move.ROLL_CLOCKWISE},
    ),
    "rotation": ("rotation rotations", ROLL | {BARE: Move.ROLL_CLOCKWISE}),
    "spin": (
        "spin spins spinning spun",
        ROLL | {AROUND: Move.ORBIT_RIGHT, BARE: Move.ROLL_CLOCKWISE},
    ),
    "turn": ("turn turns turning turned", {LEFT: Move.PAN_LEFT, RIGHT: Move.PAN_RIGHT}),
    "swing": ("swing swings swinging swung", {LEFT: Move.PAN_LEFT, RIGHT: Move.PAN_RIGHT}),
    "sweep": ("sweep sweeps sweeping swept", {LEFT: Move.PAN_LEFT, RIGHT: Move.PAN_RIGHT}),
    "look": ("look looks looking looked", TILT),
    "move": ("move moves moving moved", TRAVEL),
    "movement": ("movement movements", TRAVEL),
    "motion": ("motion motions", TRAVEL),
    "drift": ("drift drifts drifting drifted", TRAVEL),
    "glide": ("glide glides gliding glided", TRAVEL),
    "slide": ("slide slides sliding slid", TRAVEL),
    "float": ("float floats floating floated", TRAVEL),
    "travel": ("travel travels traveling traveled travelling", TRAVEL),
    "fly": ("fly flies flying flew", TRAVEL),
    "creep": ("creep creeps creeping crept", TRAVEL),
    "go": ("go goes going went", TRAVEL),
    "follow": ("follow follows following followed", TRUCK),
    "get": ("get gets getting got", DEPTH),
    "rise": ("rise rises rising rose", {BARE: Move.CRANE_UP, UP: Move.CRANE_UP}),
    "ascend": ("ascend ascends ascending ascended", {BARE: Move.CRANE_UP}),
    "lift": ("lift lifts lifting lifted", {BARE: Move.CRANE_UP, UP: Move.CRANE_UP}),
    "descend": ("descend descends descending descended", {BARE: Move.CRANE_DOWN}),
    "lower": ("lower lowers lowering lowered", {BARE: Move.CRANE_DOWN, DOWN: Move.CRANE_DOWN}),
    "approach": ("approach approaches approaching approached", {BARE: Move.PUSH_IN}),
    "retreat": ("retreat retreats retreating retreated", {BARE: Move.PULL_OUT}),
    "shake": ("shake shakes shaking shook shakiness", {BARE: Move.HANDHELD}),
    "wobble": ("wobble wobbles wobbling wobbled", {BARE: Move.HANDHELD}),
    "jitter": ("jitter jitters jittering jittered", {BARE: Move.HANDHELD}),
}

WORDS: dict[str, tuple[str, Form]] = {
    word: (lemma, Form(min(index, 3)))
    for lemma, (forms, _) in VERBS.items()
    for index, word in enumerate(forms.split())
}

CAMERAS_OWN = frozenset({"zoom", "pan", "tilt", "dolly"})
"""Verbs that hardly anyone but a camera does."""
SHARED = frozenset(
    {"push", "pull", "truck", "track", "crane", "boom", "jib", "pedestal"}
    | {"orbit", "arc", "circle", "roll", "rotate", "rotation"}
)
"""Verbs that direct a camera as an order, but are others' too when they have a subject."""
NOUNS = frozenset({"pan", "truck", "track", "crane", "boom", "pedestal", "roll", "circle", "arc"})
"""Verbs whose word is a common thing as well: after an article it is that thing."""
ORBITS = frozenset({"orbit", "arc", "circle", "revolve"})
ANY = frozenset({"move", "movement", "motion"})
TRANSITIVE = frozenset({"push", "pull"})

CAMERA = frozenset(
    {"camera", "cam", "lens", "shot", "view", "viewpoint", "frame", "framing"}
    | {"perspective", "pov", "camerawork", "we"}
)
FOOTAGE = CAMERA | {"footage", "style", "feel", "look", "angle", "video", "vibe", "movement"}
FOOTAGE |= {"handheld", "motion", "effect", "composition", "tripod", "take"}

SPEEDS: dict[str, Speed] = {
    **dict.fromkeys(
        ("slow", "slowly", "gentle", "gently", "gradual", "gradually", "leisurely", "softly"),
        Speed.SLOW,
    ),
    **dict.fromkeys(("subtle", "subtly", "slight", "slightly", "barely", "tiny"), Speed.VERY_SLOW),
    **dict.fromkeys(
        ("fast", "quick", "quickly", "rapid", "rapidly", "swift", "swiftly", "sudden"), Speed.FAST
    ),
    **dict.fromkeys(("suddenly", "whip", "crash", "dramatically", "hard", "speedy"), Speed.FAST),
}
MANNERS = frozenset(
    {"smooth", "smoothly", "cinematic", "steady", "steadily", "continuous", "continuously"}
    | {"constant", "constantly", "dramatic", "dynamic", "fluid", "soft", "long", "extremely"}
    | {"very", "really", "super", "ultra", "so", "more", "quite", "epic", "elegant", "graceful"}
    | {"gracefully", "simple", "full", "half", "complete", "completely", "perfectly", "totally"}
)
ARTICLES = frozenset({"a", "an", "the", "this", "our"})
AUXILIARIES = _all(
    "is are be been being was will would should can could must may has have do does did begins "
    "begin starts start starting beginning continues continue keeps keep stays stay remains "
    "remain holds hold ends end to that which gets let make made use using apply add perform "
    "performs performing featuring please first also just only then there any all some both "
    "aerial drone steadicam gimbal degree degrees wide medium establishing single entire "
    "scene video keeping remaining staying excessive unwanted strong"
)
NEGATIONS = _all(
    "no not without never avoid avoiding don't dont doesn't doesnt isn't isnt shouldn't won't "
    "can't cannot zero instead rather lacks lacking absent minus"
)
FILLERS = frozenset(SPEEDS) | MANNERS | ARTICLES | AUXILIARIES | NEGATIONS
AFTER_OBJECT = _all(
    "a an the his her its their my your our some one two three this that these those"
)
MEASURES = frozenset({"bit", "little", "touch", "tad", "while"})
STILL = frozenset({"static", "stationary", "motionless", "locked", "fixed", "still", "immobile"})
STILL_ALONE = frozenset({"static", "stationary", "motionless", "locked"})
SHOT_SIZES = frozenset({"wide", "medium", "long", "full", "close", "up", "off", "down", "on"})

SIDES = frozenset({"left", "right", "clockwise", "counterclockwise", "anticlockwise", "counter"})
SHOWY = frozenset({"smooth", "cinematic", "steady", "dramatic"})
"""Adjectives that show a noun to be the camera's, as a speed does."""
SHAKES = frozenset({"shake", "wobble", "jitter", "spin"})
UNSTEADY = frozenset({"handheld", "shaky", "unsteady"})
STATES = STILL | UNSTEADY | {"hand", "close", "closeup"}
DEGREES = frozenset({"very", "extremely", "ultra", "super"})
BEFORE_HEADING = ARTICLES | MANNERS | _all("to from further shot shots") | frozenset(SPEEDS)
AFTER_OTHER_ZOOMS = frozenset({"of", "call", "meeting", "lens", "class", "background"})
"""What follows a zoom that is no camera's."""
