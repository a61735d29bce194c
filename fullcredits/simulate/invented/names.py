"""Full names of invented people."""

from __future__ import annotations

from random import Random

from fullcredits.simulate.invented.tongues import TONGUES

_SUFFIXES = (" Jr.", " Sr.", " III", ", Jr.")


def invent_name(random: Random) -> tuple[str, str]:
    """A full name and a birthplace that goes with it."""
    tongue = random.choices(TONGUES, [t.weight for t in TONGUES])[0]
    given = random.choice(tongue.given)
    family = random.choice(tongue.family)
    if random.random() < tongue.stress:
        family = f"{family}{tongue.joiner}{random.choice(tongue.family)}"
    name = tongue.pattern.format(given=given, family=family, other=random.choice(tongue.family))
    if tongue is TONGUES[0]:
        name = _flourish(random, name, given, family)
    return name, random.choice(tongue.places)


def _flourish(random: Random, name: str, given: str, family: str) -> str:
    """An initial, a nickname or a suffix for a few of the English names."""
    chance = random.random()
    if chance < 0.12:
        return f"{given} {random.choice('ABCDEFGHJLMNPRSTW')}. {family}"
    if chance < 0.15:
        return name + random.choice(_SUFFIXES)
    if chance < 0.17:
        return f"{given} “{random.choice(('Ace', 'Birdie', 'Dutch', 'Skip', 'Tex'))}” {family}"
    if chance < 0.18:
        return given
    return name
