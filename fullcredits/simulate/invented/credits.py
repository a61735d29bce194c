"""Who works on an invented film or episode."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from fullcredits.simulate.catalogue import Human, Stated
from fullcredits.simulate.invented.people import Troupe
from fullcredits.simulate.invented.stories import bit_character, lead_character, with_notes

# (department, job, how many at least, at most): what a film of some means employs.
_CREW = (
    ("Writing", "Screenplay", 1, 2),
    ("Writing", "Story", 0, 1),
    ("Production", "Producer", 1, 3),
    ("Production", "Executive Producer", 0, 3),
    ("Production", "Co-Producer", 0, 1),
    ("Sound", "Original Music Composer", 1, 1),
    ("Camera", "Director of Photography", 1, 1),
    ("Editing", "Editor", 1, 2),
    ("Production", "Casting", 0, 2),
    ("Art", "Production Design", 1, 1),
    ("Costume & Make-Up", "Costume Design", 1, 1),
    ("Sound", "Sound Designer", 0, 1),
    ("Visual Effects", "Visual Effects Supervisor", 0, 1),
    ("Crew", "Stunt Coordinator", 0, 1),
)
_CHILD, _GROWN = 6, 23
"""The youngest who act, and the youngest who are hired behind the camera."""
_ADAPTED = ("Novel", "Short Story", "Theatre Play", "Characters")


class Casting:
    """Hires from one troupe: well-known people often, everyone once before the unknown twice."""

    def __init__(self, random: Random, troupe: Troupe) -> None:
        self._random = random
        self._troupe = troupe
        self._unused = list(troupe.humans)
        random.shuffle(self._unused)
        self._fixed = {h.id for pair in troupe.pairs for h in pair} | set(troupe.spellings)
        self._unused = [h for h in self._unused if h.id not in self._fixed]
        self._stars = frozenset(h.id for h in self._unused[:220])

    def company(self, year: int, count: int, *, grown: bool = False, until: int = 0) -> list[Human]:
        """``count`` different people who can work then, half of them much employed.

        ``grown`` people only behind the camera; ``until`` is the last year of what takes long.
        """
        able = self._troupe.alive_in(year, _GROWN if grown else _CHILD, max(year, until))
        alive = [h for h in able if h.id not in self._fixed]
        stars = [h for h in alive if h.id in self._stars]
        chosen = self._random.sample(stars, min(len(stars), count // 2))
        taken = {h.id for h in chosen}
        possible = {h.id for h in alive}
        fresh = [h for h in self._unused if h.id in possible and h.id not in taken]
        chosen += fresh[: max(0, count - len(chosen) - count // 6)]
        taken = {h.id for h in chosen}
        self._unused = [h for h in self._unused if h.id not in taken]
        rest = [h for h in alive if h.id not in taken]
        chosen += self._random.sample(rest, min(len(rest), count - len(chosen)))
        self._random.shuffle(chosen)
        return chosen

    def cast(self, people: Sequence[Human], *, voiced: bool) -> list[Stated]:
        """Acting credits in billing order; a few people play a second, separate character."""
        random = self._random
        stated: list[Stated] = []
        for billing, human in enumerate(people):
            leading = billing < max(5, len(people) // 4)
            plain = lead_character(random) if leading else bit_character(random, billing)
            late = billing > len(people) * 0.6
            text = with_notes(random, plain, voiced=voiced, late=late)
            stated.append(self.acting(human, text, billing))
        if len(people) > 12 and random.random() < 0.3:
            twice = people[random.randrange(3, 9)]
            stated.append(self.acting(twice, lead_character(random), len(people)))
        return stated

    def acting(self, human: Human, character: str, billing: int, *, guest: bool = False) -> Stated:
        """One acting credit under the spelling that the work prints."""
        return Stated(human, self._printed(human), "Acting", "Actor", character, billing, guest)

    def working(self, human: Human, department: str, job: str) -> Stated:
        """One crew credit under the spelling that the work prints."""
        return Stated(human, self._printed(human), department, job)

    def crew(self, people: Sequence[Human], cast: Sequence[Stated], year: int) -> list[Stated]:
        """Crew credits; directors like to write, produce, cut and appear in their own films."""
        random = self._random
        hands = list(people)
        directors = [hands.pop() for _ in range(2 if random.random() < 0.1 else 1)]
        born = cast[0].human.born if cast else None
        if random.random() < 0.08 and born and year - int(born[:4]) >= _GROWN:
            directors[0] = cast[0].human
        stated = [self.working(d, "Directing", "Director") for d in directors]
        for department, job, least, most in _CREW:
            if department == "Writing" and job == "Story" and random.random() < 0.4:
                job = random.choice(_ADAPTED)
            for _ in range(random.randint(least, most)):
                again = random.random()
                human = directors[0] if again < 0.14 else hands.pop() if hands else directors[0]
                credit = self.working(human, department, job)
                if credit not in stated:
                    stated.append(credit)
        return stated

    def _printed(self, human: Human) -> str:
        return self._troupe.spellings.get(human.id, human.name)
