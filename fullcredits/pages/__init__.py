"""One function per page: a connection in, a documented value with everything shown out.

HTML, JSON and the command line all show these values, so nothing is computed after them: they
are frozen dataclasses of plain values. A page function raises NotFound for what does not exist
and Moved for what goes by another address.
"""

from fullcredits.pages.access import AccessPage, access
from fullcredits.pages.addresses import Moved
from fullcredits.pages.appearances import AppearancesPage, appearances
from fullcredits.pages.characters import CharacterPage, character
from fullcredits.pages.choices import choices_in
from fullcredits.pages.decisions import DecisionsPage, decision, decisions, decisions_of
from fullcredits.pages.episodes import EpisodePage, episode
from fullcredits.pages.everybody import PeoplePage, all_people
from fullcredits.pages.everything import Asked, TitlesPage, all_titles, library
from fullcredits.pages.front import HomePage, home
from fullcredits.pages.identity import IdentityPage, identity
from fullcredits.pages.lists import CreditsPage, credits
from fullcredits.pages.movies import MoviePage, movie
from fullcredits.pages.people import FilmographyPage, PersonPage, filmography, person
from fullcredits.pages.proposals import ReviewPage, SuspectsPage, review, suspects
from fullcredits.pages.quality import QualityPage, QualityPartPage, quality, quality_part
from fullcredits.pages.searches import SHOWN_AT_ONCE, SearchPage, search
from fullcredits.pages.servers import (
    RemovalPage,
    ServerPage,
    ServersPage,
    removal,
    server,
    servers,
)
from fullcredits.pages.shows import SeasonPage, ShowPage, season, show
from fullcredits.pages.syncs import SyncPage, syncs
from fullcredits.pages.together import (
    CollaboratorsPage,
    MostPage,
    TogetherPage,
    collaborators,
    most_together,
    together,
)
from fullcredits.pages.wanted import Wanted

__all__ = [
    "SHOWN_AT_ONCE",
    "AccessPage",
    "AppearancesPage",
    "Asked",
    "CharacterPage",
    "CollaboratorsPage",
    "CreditsPage",
    "DecisionsPage",
    "EpisodePage",
    "FilmographyPage",
    "HomePage",
    "IdentityPage",
    "MostPage",
    "Moved",
    "MoviePage",
    "PeoplePage",
    "PersonPage",
    "QualityPage",
    "QualityPartPage",
    "RemovalPage",
    "ReviewPage",
    "SearchPage",
    "SeasonPage",
    "ServerPage",
    "ServersPage",
    "ShowPage",
    "SuspectsPage",
    "SyncPage",
    "TitlesPage",
    "TogetherPage",
    "Wanted",
    "access",
    "all_people",
    "all_titles",
    "appearances",
    "character",
    "choices_in",
    "collaborators",
    "credits",
    "decision",
    "decisions",
    "decisions_of",
    "episode",
    "filmography",
    "home",
    "identity",
    "library",
    "most_together",
    "movie",
    "person",
    "quality",
    "quality_part",
    "removal",
    "review",
    "search",
    "season",
    "server",
    "servers",
    "show",
    "suspects",
    "syncs",
    "together",
]
