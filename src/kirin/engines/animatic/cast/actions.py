"""Which function performs which action."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kirin.domain.cast import Action
from kirin.engines.animatic.cast import changes, gestures, painting, pouring, rest, travel
from kirin.engines.animatic.cast.rehearsal import Rehearsal

Perform = Callable[[Rehearsal, int], None]
"""Changes the motions of a member, given by its index."""

ACTIONS: Mapping[Action, Perform] = {
    Action.WALK: travel.walk,
    Action.RUN: travel.run,
    Action.JUMP: travel.jump,
    Action.DANCE: gestures.dance,
    Action.FLY: travel.fly,
    Action.SWIM: travel.swim,
    Action.DRIVE: travel.drive,
    Action.SAIL: travel.sail,
    Action.FALL: travel.fall,
    Action.RISE: travel.rise,
    Action.SPIN: gestures.spin,
    Action.ROLL: travel.roll,
    Action.CHASE: travel.chase,
    Action.APPROACH: travel.approach,
    Action.LEAVE: travel.leave,
    Action.ENTER: travel.enter,
    Action.LOOK: gestures.look,
    Action.WAVE: gestures.wave,
    Action.EAT: gestures.eat,
    Action.DRINK: gestures.drink,
    Action.POUR: pouring.pour,
    Action.COOK: gestures.cook,
    Action.PAINT: painting.paint,
    Action.READ: gestures.read,
    Action.WRITE: gestures.write,
    Action.PLAY: gestures.play,
    Action.SING: gestures.sing,
    Action.TALK: gestures.talk,
    Action.SLEEP: rest.sleep,
    Action.SIT: rest.sit,
    Action.FIGHT: gestures.fight,
    Action.THROW: gestures.throw,
    Action.CATCH: gestures.catch,
    Action.BURN: changes.burn,
    Action.EXPLODE: changes.explode,
    Action.SMOKE: changes.smoke,
    Action.MELT: changes.melt,
    Action.GROW: changes.grow,
    Action.SHRINK: changes.shrink,
    Action.BLOOM: changes.bloom,
    Action.GLOW: changes.glow,
    Action.OPEN: gestures.open_up,
    Action.CLOSE: gestures.close_up,
    Action.SHAKE: gestures.shake,
    Action.FLOAT: travel.drift,
    Action.CLIMB: travel.climb,
    Action.RIDE: travel.ride,
}
"""Every action has an entry."""

TRAVELS = frozenset(
    {
        Action.WALK,
        Action.RUN,
        Action.FLY,
        Action.SWIM,
        Action.DRIVE,
        Action.SAIL,
        Action.ROLL,
        Action.CHASE,
        Action.RIDE,
        Action.JUMP,
    }
)
"""Actions that a camera can follow."""

HANDLES = frozenset(
    {
        Action.EAT,
        Action.DRINK,
        Action.READ,
        Action.WRITE,
        Action.PLAY,
        Action.POUR,
        Action.PAINT,
        Action.COOK,
        Action.THROW,
        Action.CATCH,
    }
)
"""Actions that move their target."""
