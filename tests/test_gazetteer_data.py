"""The gazetteer that the project ships: sound, large enough, and right where a mistake would be seen at once."""

from collections import Counter
from pathlib import Path
from typing import get_args

import pytest

from flows.gazetteer import Gazetteer, load_gazetteer, read_entries
from flows.gazetteer.check import check
from flows.gazetteer.load import Sources
from flows.gazetteer.suggest import suggest
from schemas.gazetteer import Style

FOLDER = Path(__file__).parents[1] / "config/gazetteer"

# ISO 3166-1 alpha-2, with Kosovo's user-assigned code.
ISO = (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW "
    "BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI "
    "FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN "
    "IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME "
    "MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF "
    "PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV "
    "SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK "
    "YE YT ZA ZM ZW "
)

# They have no permanent inhabitants, or their people have no name of their own that one could go by.
WITHOUT_PEOPLE = {"BL", "BQ", "BV", "CG", "DM", "GG", "GS", "HM", "MF", "MP", "PM", "SJ", "TF", "UM", "VA"}


@pytest.fixture(scope="module")
def sources() -> Sources:
    """The entries as written."""
    return read_entries(FOLDER)


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    """The compiled gazetteer."""
    return load_gazetteer(FOLDER)


@pytest.mark.parametrize("style", get_args(Style))
def test_nothing_is_wrong(sources: Sources, style: Style) -> None:
    """Every file is read, and neither house style has an error or a warning."""
    assert [str(problem) for problem in sources.problems] == []
    assert [f"{problem.severity} {problem}" for problem in check(sources, style)] == []


def test_it_is_large_enough(sources: Sources) -> None:
    """The counts promised to users hold."""
    types = Counter(entry.type for entry in sources.entries)
    assert types["person"] >= 3_000
    assert types["place"] >= 2_500
    assert types["organization"] >= 1_200
    assert types["weapon"] >= 300
    assert types["group"] >= 200
    assert types["event"] >= 150


def test_every_country_and_territory_is_there(gazetteer: Gazetteer) -> None:
    """Each code of ISO 3166-1 has an entry, with an adjective or a name of its people where there is one."""
    assert sorted(set(ISO.split()) - set(gazetteer.countries)) == []
    nameless = {c for c, e in gazetteer.countries.items() if not e.adjectives and not e.people}
    assert nameless <= WITHOUT_PEOPLE


def test_every_country_has_a_capital(sources: Sources, gazetteer: Gazetteer) -> None:
    """A country has a capital, unless it is a city-state or its seat of government is claimed otherwise."""
    seats = {entry.country for entry in sources.entries if entry.kind == "capital"}
    countries = {code for code, entry in gazetteer.countries.items() if entry.kind == "country"}
    assert countries - seats <= {"SG", "MC", "LU", "DJ", "SM", "VA", "NR", "PS", "TW", "IL"}


@pytest.mark.parametrize(
    ("country", "centres"),
    {
        "UA": "Vinnytsia Lutsk Dnipro Donetsk Zhytomyr Uzhhorod Zaporizhzhia Ivano-Frankivsk Kyiv Kropyvnytskyi Luhansk"
        " Lviv Mykolaiv Odesa Poltava Rivne Sumy Ternopil Kharkiv Kherson Khmelnytskyi Cherkasy Chernivtsi Chernihiv"
        " Simferopol Sevastopol Mariupol Bakhmut Avdiivka Pokrovsk Kramatorsk Melitopol Bucha Irpin",
        "BY": "Minsk Brest Gomel Grodno Mogilev Vitebsk",
        "RU": "Moscow Kazan Ufa Grozny Makhachkala Nalchik Vladikavkaz Magas Elista Yakutsk Kyzyl Izhevsk Krasnodar"
        " Vladivostok Khabarovsk Belgorod Bryansk Kursk Rostov-on-Don Yekaterinburg Volgograd Voronezh Murmansk",
        "GE": "Tbilisi Kutaisi Batumi Sukhumi Tskhinvali Gori Zugdidi Telavi Poti",
        "AM": "Yerevan Gyumri Vanadzor Kapan Goris",
        "AZ": "Baku Ganja Sumgait Stepanakert Shusha Lachin",
        "KZ": "Astana Almaty Shymkent Aktobe Aktau Atyrau Karaganda Semey",
        "UZ": "Tashkent Samarkand Bukhara Andijan Nukus Termez",
        "KG": "Bishkek Osh Naryn Talas",
        "TJ": "Dushanbe Khujand Bokhtar",
        "TM": "Ashgabat Turkmenabat Balkanabat",
        "MD": "Chisinau Tiraspol Comrat",
    }.items(),
)
def test_regional_centres_are_there(country: str, centres: str, gazetteer: Gazetteer) -> None:
    """The regional centres of the former Soviet Union, and the cities of the war, are known in their country."""
    for name in centres.split():
        assert country in {gazetteer.entries[form.entry_id].country for form in gazetteer.known.forms_of(name)}, name


def test_misspelt_names_get_suggestions(gazetteer: Gazetteer) -> None:
    """Misspellings of well-known names are asked about; running news text is not."""
    text = "Lukashenkо met Benjamin Netanyhau near Zaporizhzia; Ukranian and Azerbijani officials were there."
    meant = ["Lukashenko", "Benjamin Netanyahu", "Zaporizhzhia", "Ukrainian", "Azerbaijani"]
    assert [suggestion.name for suggestion in suggest(text, gazetteer)] == meant
    quiet = "Police in London said Thursday that Sarah Johnston, a teacher from Carlisle, had met Gary Ackland."
    assert suggest(quiet, gazetteer) == []
