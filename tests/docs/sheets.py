"""Where each line of the two sheets of facts about real servers has its row in docs/servers.md.

By section and number of the line: the beginnings of rows, `;` between them. `-`: the line is about
other programs, complaints, or the sheet itself, or says again what another line says.
"""

from __future__ import annotations

PLEX = """
top.1 -
top.2 -
top.3 -
top.4 -
1.1 Speaks XML; Behind a proxy
1.2 A client has one id; The token goes in a header
1.3 Codes: begun
1.4 plex.tv may be away; Account tokens
1.5 Servers of an account; Near ways
1.6 Signed device tokens; Account tokens
1.7 The token goes in a header; A redirect; Hosts of portraits; Certificates; Plain http
2.1 `/identity` answers
2.2 Sections, their keys; What an agent; `contentChangedAt`; A section tells
2.3 Flat listings
2.4 Start and Size; A page may tell no; Fewer rows
2.5 Large pages
2.6 Flat listings; `totalSize` moves
2.7 Filters
2.8 Flat listings
2.9 `excludeElements`
2.10 `excludeElements`
3.1 Listings show
3.2 Listings show; Full records end
3.3 Listings show
3.4 Listings show
3.5 Listings show
3.6 Listings show
3.7 Flat listings
3.8 Listings show
3.9 Full records end
3.10 Numbers as text
3.11 The order of a list
3.12 Four kinds
3.13 Four kinds; Numbers of tags
3.14 Numbers as text; Numbers of tags
3.15 Shows have roles
3.16 What is listed may be
3.17 Absent lists
4.1 Many keys
4.2 Many keys
4.3 Records come in no
4.4 Proxies cut; Heavy records
4.5 A batch of keys; One title makes
5.1 Parents may be missing
5.2 Episodes have people
5.3 Guest stars
5.4 Listings show
5.5 Episodes have people; People of agents
6.1 Endpoints about people
6.2 Endpoints about people
6.3 Endpoints about people
6.4 Endpoints about people
6.5 Numbers of tags; People of agents; Namesakes keep
6.6 One person with two
6.7 Endpoints about people
6.8 Endpoints about people
6.9 Portraits are absolute
6.10 Portraits are absolute; A dead portrait
7.1 `guid`s, modern
7.2 Rating keys; A title that is added again
8.1 One added film; Recorders number; Server-sent events
8.2 One added film; An end is told
8.3 Webhooks
8.4 `updatedAt` may be missing; A cast may change
8.5 Filters; A cast may change
8.6 Nothing says what was deleted
9.1 `/identity` answers; Errors are HTML; A server with too much; Account tokens
9.2 Errors are HTML; A server that starts
9.3 Absent lists; Numbers as text
9.4 Numbers as text; Rating keys
9.5 Behind a proxy; XML has
9.6 Characters joined
9.7 Somebody listed twice
9.8 Four kinds; Numbers of tags
9.9 Certificates; Near ways
9.10 A managed account; Many keys
10.1 -
10.2 -
10.3 -
10.4 -
10.5 -
10.6 -
10.7 -
10.8 -
10.9 -
10.10 -
10.11 -
11.1 -
11.2 -
11.3 N films and E episodes
11.4 -
11.5 -
11.6 -
seen.1 An episode's `year`
seen.2 Numbers of tags
seen.3 Parents may be missing
seen.4 Flat listings; Absent lists
seen.5 Characters joined
seen.6 Ratings
seen.7 Server-sent events; One added film
seen.8 Filters
"""

JELLYFIN = """
top.1 -
top.2 -
top.3 -
0.1 A person is a name
0.2 What a Person item says; Order: billing
0.3 People costs; People is asked for
0.4 LibraryChanged; Editing persons
1.1 `Authorization: MediaBrowser`
1.2 -
1.3 -
1.4 `Authorization: MediaBrowser`
1.5 `Authorization: MediaBrowser`
1.6 `Authorization: MediaBrowser`
1.7 `Authorization: MediaBrowser`
1.8 -
1.9 Emby answers
1.10 Signing in
1.11 `/Users/Me`; Libraries
1.12 Quick Connect
1.13 A starting server; Emby answers
1.14 `/Users/Me`
1.15 401 has no body; `/Users/Me`; A library that is not open
2.1 People is asked for; Libraries
2.2 Unknown fields
2.3 -
2.4 Looking into folders
2.5 Looking into folders
2.6 With a user
2.7 Past the end
2.8 Past the end
2.9 Equal sort names
2.10 Many ids; A request line; One row that
2.11 An Etag is made; A new Etag
2.12 Unknown fields
2.13 `minDateLastSaved` alone
2.14 `/Users/Me`; Libraries; Kinds of libraries
2.15 A library that is not open
2.16 Episodes that are only; Weekly tasks
3.1 No portrait
3.2 No portrait
3.3 Role is missing
3.4 People is asked for
3.5 Kinds of people
3.6 Order: billing
3.7 No cap
3.8 No cap
3.9 Duplicates are merged
3.10 Duplicates are merged; One person in several
3.11 Credits whose person
3.12 Names with blanks
4.1 A person is a name
4.2 What a Person item says
4.3 `/Persons`
4.4 `/Persons`
4.5 People is asked for; Persons asked for as a user
4.6 Persons: birth; A day of birth
4.7 People is asked for
4.8 Weekly tasks
4.9 Orphaned persons
5.1 Portraits need no token; A picture that fails
5.2 Portraits need no token
5.3 Portraits need no token
5.4 A picture that fails
5.5 No portrait
6.1 A socket without; LibraryChanged
6.2 LibraryChanged; An API key must ask
6.3 LibraryChanged
6.4 An item is saved before
6.5 People arrive piecemeal
6.6 Editing persons; Portraits need no token
6.7 Nothing says what was deleted
6.8 The server's clock
6.9 A scan is told
7.1 People costs
7.2 People costs
7.3 People is asked for; Batches grow; Few requests; A server that is slow
7.4 People is asked for
7.5 `/Persons`
7.6 Answers come packed
8.1 Nothing is inherited
8.2 Nothing is inherited
8.3 -
8.4 -
9.1 Refusals
9.2 A starting server; Before 10.11
9.3 Portals
9.4 Ids of zeros
9.5 Dates of seven
9.6 Ids of zeros
9.7 Other versions of a film
9.8 Names with blanks; Kinds of people
9.9 A refresh may lose
9.10 Emby answers
10.1 -
10.2 -
10.3 -
10.4 -
10.5 -
10.6 -
10.7 -
10.8 -
10.9 -
10.10 -
10.11 -
10.12 -
10.13 -
10.14 -
10b.1 Role is missing; Kinds of people
10b.2 Portraits need no token
10b.3 Orphaned persons
10b.4 `/Persons`; 401 has no body; Quick Connect
11.1 Persons asked for as a user; A day of birth
"""


def rows_of(text: str) -> dict[str, list[str]]:
    """The beginnings of rows by line of the sheet."""
    lines = [line.partition(" ") for line in text.split("\n") if line]
    return {
        number: [] if rows == "-" else [row.strip() for row in rows.split(";")]
        for number, _, rows in lines
    }
