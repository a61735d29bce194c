"""What a Plex library can tell of people, by its agent and by a sample of its titles. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from fullcredits.sources.plex.translate import MOST_ROLES
from fullcredits.sources.plex.wire import Item, Section, listed
from fullcredits.sources.remarks import Remark, some_of
from fullcredits.sources.values import words

LEAST = (1, 32)
"""The oldest version we know."""


def of_agent(section: Section) -> Remark:
    """By the section's agent, which is who gets people from somewhere."""
    agent, name = words(section.agent) or "", words(section.title)
    if agent.endswith(".none"):
        text = (
            "has no agent, so people are known only where the files themselves name them: "
            "choose the Plex agent in the library's settings"
        )
        return Remark("agent-none", text, name, limits=True)
    if agent.startswith("com.plexapp.agents."):
        text = (
            f"its agent ({agent}) is a legacy one: people are names without ids, so namesakes "
            "cannot be told apart; Plex's current agent knows ids"
        )
        return Remark("agent-legacy", text, name, limits=True)
    if agent.startswith("tv.plex.agents."):
        crew = "of the show, crew of its episodes" if section.type == "show" else "and crew"
        text = (
            f"Plex's agent tells actors {crew} (directors, writers, producers; no other jobs), "
            f"at most {MOST_ROLES} actors a title"
        )
        return Remark("agent", text, name)
    text = f"its agent ({agent or 'unknown'}) is not one of Plex's own: people are what it gives"
    return Remark("agent-other", text, name)


def of_sample(section: Section, titles: Sequence[Item]) -> list[Remark]:
    """By full records of some of the section's titles."""
    name = words(section.title)
    found = []
    capped = sum(len(listed(title.roles)) >= MOST_ROLES for title in titles)
    if capped:
        text = f"{some_of(capped, titles)} exactly {MOST_ROLES} actors: there Plex cuts the list"
        found.append(Remark("capped", text, name, limits=True))
    tags = [
        tag
        for title in titles
        for tags in (title.roles, title.directors, title.writers, title.producers)
        for tag in listed(tags)
    ]
    without = sum(not tag.tag_key for tag in tags)
    if without and 5 * without >= len(tags):
        text = (
            f"{without} of {len(tags)} credits of the newest titles name people without an id: "
            "refresh the library's metadata with Plex's current agent"
        )
        found.append(Remark("no-person-ids", text, name, limits=True))
    if titles and not tags:
        text = "none of its newest titles names anybody: refresh its metadata"
        found.append(Remark("no-people", text, name, limits=True))
    return found
