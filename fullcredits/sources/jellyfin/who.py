"""Who answers at a Jellyfin's address, whose eyes we see it with, and which libraries those see."""

from __future__ import annotations

from fullcredits.errors import Busy, Nonsense, Refused
from fullcredits.model import Server, SourceKind
from fullcredits.sources import probe
from fullcredits.sources.decoding import decode
from fullcredits.sources.http import Http
from fullcredits.sources.jellyfin.wire import PublicInfo, Task, User, View, ViewsAnswer
from fullcredits.sources.patience import SMALL
from fullcredits.sources.trouble import Another, Missing, NotSetUp, sign_in_again
from fullcredits.sources.values import words


async def server(http: Http, meant: str | None = None) -> Server:
    """`/System/Info/Public` says whether this is a Jellyfin, and which, before it is shown our
    token; `/Users/Me` whose that is.

    Raises Another where another server answers than the one that is `meant`, NotSetUp where nobody
    set it up, Busy while the server starts up: then its keys are in camel case, and what they say
    is not yet true, an unfinished wizard among it.
    """
    try:
        content = await http.get("/System/Info/Public", own=False, within=SMALL)
        info = decode(http.name, content, PublicInfo)
    except (Nonsense, Refused) as error:
        await probe.refuse_other_kind(http, SourceKind.JELLYFIN)
        raise error
    own_id = words(info.id)
    if not own_id:
        if b'"startupWizardCompleted"' in content:
            raise Busy(http.name, "is starting up: try again in a minute", 5.0)
        raise Nonsense(http.name, "does not say who it is: is this a Jellyfin server?")
    if "jellyfin" not in (info.product_name or "").lower():
        await probe.refuse_other_kind(http, SourceKind.JELLYFIN)
    if info.startup_wizard_completed is False:
        raise NotSetUp(http.name, http.base)
    if meant and own_id != meant:
        raise Another(http.name, http.base)
    owner = await user(http)
    return Server(
        id=own_id,
        name=words(info.server_name) or http.name,
        version=words(info.version) or "",
        account=words(owner.name) if owner else None,
    )


async def user(http: Http) -> User | None:
    """Whose token ours is; None for an API key, which gets a 400.

    Raises Refused for a wrong token (401) and for that of a deleted user (404).
    """
    try:
        content = await http.find("/Users/Me", absent=(400,), within=SMALL)
    except Missing:
        raise Refused(
            http.name,
            f"the user of our token is gone: {sign_in_again(http.name, http.base)}",
        ) from None
    return None if content is None else decode(http.name, content, User)


async def views(http: Http) -> list[View]:
    """`/Library/VirtualFolders` for administrators, else what the token's user may see."""
    content = await http.find("/Library/VirtualFolders", absent=(403, 404))
    if content is None:
        return await _user_views(http)
    return decode(http.name, content, list[View])


async def scanning(http: Http) -> bool:
    """Whether the server looks through its folders, or refreshes a library; False where our token
    may not know.
    """
    content = await http.find("/ScheduledTasks", absent=(403, 404))
    if content is None:
        return False
    tasks = decode(http.name, content, list[Task])
    if any(task.key == "RefreshLibrary" and task.state != "Idle" for task in tasks):
        return True
    content = await http.find("/Library/VirtualFolders", absent=(403, 404))
    folders = [] if content is None else decode(http.name, content, list[View])
    return any(folder.refresh_status not in (None, "Idle") for folder in folders)


async def _user_views(http: Http) -> list[View]:
    owner = await user(http)
    if owner is None or not owner.id:
        raise Refused(http.name, "this token may not list libraries: use an API key")
    content = await http.find("/UserViews", {"userId": owner.id})
    if content is None:  # 10.8
        content = await http.get(f"/Users/{owner.id}/Views")
    return decode(http.name, content, ViewsAnswer).items
