"""What a Jellyfin can tell of people, by its settings and by a sample of its titles. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from fullcredits.sources.jellyfin.wire import Item, User, View
from fullcredits.sources.remarks import Remark, cut_at, some_of
from fullcredits.sources.values import words

LEAST = (10, 8)
"""The oldest version we know."""
MOST_CAST = 15
"""What the importer from The Movie Database keeps unless told otherwise."""
_IMPORTER = "TheMovieDb"


def of_account(user: User | None) -> list[Remark]:
    """By whose token it is; None: an API key."""
    names = Remark(
        "names-only", "Jellyfin knows people by their names: namesakes are one person there"
    )
    if user is None:
        text = (
            "no user stands behind an API key: it sees every library, but is told of no changes; "
            "sign in beside it with "
            "`fullcredits source sign-in` and changes come within seconds"
        )
        return [Remark("api-key", text), names]
    found = [names]
    policy, name = user.policy, words(user.name) or "this user"
    if policy is not None and policy.enable_all_folders is False:
        text = f"{name} may see some libraries only: others are not read"
        found.append(Remark("some-libraries", text, limits=True))
    if policy is not None and (
        policy.max_parental_rating is not None
        or policy.blocked_tags
        or policy.allowed_tags
        or policy.block_unrated_items
    ):
        text = f"parental control hides titles from {name}: sign in as somebody without it"
        found.append(Remark("hidden-titles", text, limits=True))
    return found


def of_settings(view: View) -> list[Remark]:
    """By who brings people into a library, as far as an administrator's token shows it."""
    options = view.library_options
    if options is None:
        return []
    name = words(view.name)
    fetchers = {
        fetcher
        for option in options.type_options or ()
        for fetcher in option.metadata_fetchers or ()
        if fetcher
    }
    if not fetchers:
        text = "nothing is fetched for it from outside: people are those in your NFO files"
        return [Remark("files-only", text, name)]
    if _IMPORTER in fetchers:
        text = (
            f"people come from The Movie Database by an importer that keeps {MOST_CAST} actors of "
            "a title, and few jobs of the crew, unless told otherwise: Dashboard → Plugins → TMDb"
        )
        return [Remark("importer", text, name)]
    return [Remark("fetchers", f"people come from {', '.join(sorted(fetchers))}", name)]


def of_sample(view: View, titles: Sequence[Item]) -> list[Remark]:
    """By some of a library's titles."""
    name = words(view.name)
    cast = [sum(one.type == "Actor" for one in title.people or ()) for title in titles]
    if exact := cut_at(cast, MOST_CAST):
        text = (
            f"{some_of(exact, titles)} exactly {MOST_CAST} actors, none "
            "has more: Jellyfin's importer cut them; raise its limit (Dashboard → Plugins → TMDb) "
            "and refresh the metadata"
        )
        return [Remark("capped", text, name, limits=True)]
    if titles and not any(title.people for title in titles):
        text = "none of its newest titles names anybody: refresh its metadata"
        return [Remark("no-people", text, name, limits=True)]
    return []
