"""What invented films are called and what they are about."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Genre:
    """Building blocks for one kind of film: title parts, a hero, a trouble and a turn."""

    name: str
    second: tuple[str, ...]
    openings: tuple[str, ...]
    nouns: tuple[str, ...]
    heroes: tuple[str, ...]
    troubles: tuple[str, ...]
    turns: tuple[str, ...]


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";"))


GENRES: tuple[Genre, ...] = (
    Genre(
        "Drama",
        ("Romance", "History", "Family"),
        _list("The Quiet; A Borrowed; Every Second; The Last; Our Lady of the; Half a; The Unsent"),
        _list("Orchard; Winter; Confession; Harbour; Inheritance; Sunday; Piano; Letter; Ferry"),
        _list(
            "a retired piano tuner; an estranged twin; a night-shift nurse; the last ferryman "
            "of a drowned valley; a translator who has stopped speaking; a widowed beekeeper"
        ),
        _list(
            "inherits a house full of other people's letters; agrees to drive a stranger across "
            "the country; comes home for one weekend and stays for thirty years; is asked to "
            "testify against an old friend"
        ),
        _list(
            "What begins as a favour becomes the only honest thing left; Nobody in the village "
            "will say why the bells stopped; By the first frost, someone will have to forgive"
        ),
    ),
    Genre(
        "Science Fiction",
        ("Thriller", "Adventure", "Mystery"),
        _list("Signal from; Beyond; Orbit of; Children of; Return to; Last Call from; Exiles of"),
        _list(
            "Ceres; Meridian Station; Perihelion; Lagrange Five; the Long Dark; the Ninth Engine"
        ),
        _list(
            "a salvage crew of five; the only cartographer on Ceres; a grieving botanist; an "
            "obsolete navigation computer; a courier between two dying colonies"
        ),
        _list(
            "picks up a distress call in a familiar voice; finds a sea where charts show stone; "
            "wakes eleven years too early; smuggles the last seed bank past a blockade"
        ),
        _list(
            "The ship has been lying to them since launch; Someone aboard remembers the future; "
            "There is air for four, and six of them breathing"
        ),
    ),
    Genre(
        "Crime",
        ("Thriller", "Mystery", "Drama"),
        _list("Cold; Dead Man's; The Paper; The Second; The Tollgate; Blue; Nobody's"),
        _list("Ledger; Alibi; Quay; Witness; Saint; Arithmetic; Midnight; Informant; Bridge"),
        _list(
            "a disgraced harbour detective; a forger on her final job; a small-town coroner; a "
            "pawnbroker's younger brother; an accountant with a perfect memory"
        ),
        _list(
            "is handed a case that was closed twenty years ago; witnesses the wrong murder; "
            "finds a body in a locked lighthouse; is blackmailed with a photograph of nothing"
        ),
        _list(
            "Every answer in the ledger is a name; The only alibi in town is for sale; "
            "Before dawn the tide will take the evidence with it"
        ),
    ),
    Genre(
        "Comedy",
        ("Romance", "Family", "Music"),
        _list("Meet the; Mind the; Honey, I Sold the; The Incomparable; A Very Small; Two for the"),
        _list("Goose; Wedding; Understudy; Landlady; Accordion; Embassy; Soufflé; Honeymoon"),
        _list(
            "an unlucky wedding planner; the world's third-best accordionist; a nervous stage "
            "hypnotist; a feuding cheesemaker; a very polite bank robber"
        ),
        _list(
            "accidentally becomes mayor; has three days to return a stolen goose; must pretend to "
            "be married to her landlord; enters the wrong competition and keeps winning"
        ),
        _list(
            "The goose has other plans; Nobody told the ambassador; It would all be simple, were "
            "it not for the soufflé"
        ),
    ),
    Genre(
        "Horror",
        ("Mystery", "Thriller"),
        _list("The Tenant of the; Beneath the; Inside the; The Thirteenth; Behind the; Wake the"),
        _list("Attic; Well; Lullaby; Marsh; Cellar; Hour; Mother; Wallpaper; Bell Tower"),
        _list(
            "a family of six; the caretaker of an empty sanatorium; a folklorist; a student "
            "on a dare; a sleepwalking child"
        ),
        _list(
            "moves into a house with one door too many; records a song nobody should finish; "
            "hears the well answer back; counts the guests and gets a different number each time"
        ),
        _list(
            "Something has learned their names; The walls remember the last tenants; "
            "It only moves when the clock strikes thirteen"
        ),
    ),
    Genre(
        "Adventure",
        ("Action", "Fantasy", "Family"),
        _list("The Road to; Riders of; The Lantern of; Seven Days to; The Map of; Storm over"),
        _list("Samarra; Thule; Ember Pass; Kestrel Island; the Glass Desert; Silver Fjord"),
        _list(
            "a disinherited mapmaker; an orphaned caravan guide; a stunt pilot with vertigo; the "
            "youngest captain of the mail fleet; a swordsmith's daughter"
        ),
        _list(
            "stakes everything on a map drawn by a child; races a monsoon over the pass; must "
            "carry a lantern that may never go out; finds that the island has moved again"
        ),
        _list(
            "The desert keeps what it is given; Old enemies make the best guides; "
            "The storm was only the beginning"
        ),
    ),
    Genre(
        "Animation",
        ("Family", "Fantasy", "Comedy"),
        _list("The Little; Captain; Princess; Mister; Luna and the; The Brave; Goodnight,"),
        _list("Teapot; Moth; Umbrella; Snowplough; Dandelion; Otters; Cloud Shepherd; Octopus"),
        _list(
            "a timid snowplough; an umbrella that fears the rain; a family of otters; a moth in "
            "love with the moon; an octopus with eight opinions"
        ),
        _list(
            "sets out to find where the wind sleeps; must win the Great Puddle Race; discovers "
            "the city under the city; loses its colour one Tuesday morning"
        ),
        _list(
            "Friends turn up in the oddest drawers; Even the moon gets lonely; "
            "Nobody is too small for a big umbrella"
        ),
    ),
    Genre(
        "Western",
        ("Drama", "Action"),
        _list("Dust on; A Horse for; The Widow of; Ride Past; Six Crosses at; No Water in"),
        _list("Contrition; Juniper Creek; Mercy Flats; the Last Saloon; Copper Gulch; Sorrow"),
        _list(
            "a one-eyed telegraph operator; the widow of a hanged man; a preacher who cannot read; "
            "a deserter from both armies"
        ),
        _list(
            "rides back into the town that burned the chapel; is hired to guard an empty mine; "
            "wins a deed at cards and a feud with it"
        ),
        _list(
            "There are six bullets and seven reasons; The railway arrives on Friday, and so do they"
        ),
    ),
)

# (title, original title): films from elsewhere, the way both servers show them.
FOREIGN_TITLES: tuple[tuple[str, str], ...] = (
    ("The Salt Merchant's Daughter", "La fille du marchand de sel"),
    ("Where the Cranes Sleep", "鶴の眠るところ"),
    ("Nine Windows", "Nueve ventanas"),
    ("The Winter Clock", "Zimní hodiny"),
    ("A House in Aleppo", "بيت في حلب"),
    ("Midsummer Debt", "Midsommarskulden"),
    ("The Lighthouse Keeper's Radio", "등대지기의 라디오"),
    ("Bread and Lightning", "Хлеб и молния"),
    ("Tomorrow, the River", "Amanhã, o rio"),
    ("The Tailor of Lübeck", "Der Schneider von Lübeck"),
    ("Monsoon Ledger", "बारिश का बहीखाता"),
    ("The Paper Boats", "纸船"),
    ("Seven Sleepers of Üsküdar", "Üsküdar’ın Yedi Uyuyanı"),
    ("The Almond Judge", "השופט והשקדים"),
)

ODD_TITLES = (
    "Æon", "9½ Minutes", "¿Quién vive?", "Naïve", "1926", "Who’s There?", "M", "Re:Turn",
    "Half/Life of Mr. Ito", "The Lantern of Thule 2: Ember", "Wait — What?", "東京の雨",
)  # fmt: skip

CITIES = _list("Marseille; Valparaíso; Trieste; Lagos; Busan; Duluth; Gdańsk; Kochi; Tromsø; Belém")
STUDIOS = _list(
    "Lanternlight Pictures; Northgate Films; Ateliers Bellerose; Studio Kujira; Harbour & Sons; "
    "Blue Heron Productions; Ember Pass Entertainment; Filmgesellschaft Lindenthal; Tidewater"
)
COUNTRIES = _list("United States of America; United Kingdom; France; Japan; South Korea; Germany")
RATINGS = _list("G; PG; PG-13; R; TV-14")

CHARACTER_GIVEN = _list(
    "Ambrose; Bartholomew; Cora; Delphine; Dmitri; Esther; Felix; Goran; Hiro; Isolde; Jonah;"
    " Katya; Lucian; Mina; Noor; Orla; Pascal; Quinn; Rosa; Silas; Tala; Ulla; Viktor; Yusuf; Zora"
)
CHARACTER_FAMILY = _list(
    "Bellweather; Crane; Drummond; El-Amin; Finch; Grimaldi; Hawthorne; Ito; Jansen; Kovač;"
    " Lantos; Moreau; Ngata; Oyelaran; Pryce; Quist; Rook; Sandoval; Thorne; Vega; Wolff; Zielińska"
)
CHARACTER_TITLES = _list("Dr.; Captain; Sister; Inspector; Professor; Aunt; Judge; Old; Sgt.; Lady")
BIT_PARTS = _list(
    "Bartender; Waitress; Taxi Driver; Nurse; Desk Clerk; Reporter; Policeman; Wedding Guest; "
    "Dock Worker; Priest; Night Watchman; Neighbour; Flower Seller; Postman; Conductor; Soldier; "
    "Villager; Nun; Bank Teller; Dancer; Fisherman; Lift Attendant; Radio Announcer; Juror"
)
