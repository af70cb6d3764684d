"""What typed words find in a catalogue: codes, words, abbreviations, slips, and in which order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from console.domain.agency import Nature
from console.domain.ids import NatureCode
from console.domain.nature_search import NatureSearch, search_in
from console.domain.natures import BaseNature, Modifier, catalogue
from tests.support.agency import AGENCY


def base(code: str, name: str, *aliases: str, groups: tuple[str, ...] = ("g",)) -> BaseNature:
    return BaseNature(NatureCode(code), name, "3", aliases=aliases, groups=groups)


BASES = (
    base("MENTAL", "Mental Health Crisis", "mh", "hearing voices"),
    base("CCD", "Crisis Call Diversion"),
    base("TRESPASS", "Trespass", "tp"),
    base("WELFARE", "Welfare Check", "not heard from"),
    base("DISTURB", "Disturbance"),
    base("DISTURBV", "Verbal Disturbance"),
    base("WEAPON", "Armed Person", "gun", groups=()),
    base("BREATHING", "Breathing Problem", groups=()),
    base("ARREST", "Cardiac Arrest", "not breathing", groups=()),
)
MODIFIERS = (
    Modifier("IP", "In Progress", ("g",), aliases=("now",)),
    Modifier("WPN", "Weapon", ("g",), aliases=("gun", "knife")),
    Modifier("SCH", "At a School", ("g",)),
)
NATURES = {nature.code: nature for nature in catalogue(BASES, MODIFIERS)}
SEARCH = NatureSearch(NATURES)


def first(typed: str) -> str:
    found = SEARCH.find(typed, most=1)
    return found[0].nature.code if found else ""


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("trespass", "TRESPASS"), ("TRES", "TRESPASS"), ("tp", "TRESPASS"), ("mh", "MENTAL"), ("mhc", "MENTAL"),
        ("check welf", "WELFARE"), ("tres prog", "TRESPASS-IP"), ("tp-ip", "TRESPASS-IP"),
        ("trespass in prog", "TRESPASS-IP"),
        ("gun", "WEAPON"), ("mental gun", "MENTAL-WPN"), ("not breathing", "ARREST"), ("hearing voices", "MENTAL"),
        ("pass", "TRESPASS"), ("tresspass", "TRESPASS"), ("trepsass", "TRESPASS"), ("wlefare chekc", "WELFARE"),
        ("distrubance", "DISTURB"), ("school trespass", "TRESPASS-SCH"), ("Mental Health Crisis - Weapon", "MENTAL-WPN"),
        ("zzz", ""), ("", ""), (" , ", ""),
    ],
)  # fmt: skip
def test_given_a_catalogue_when_words_are_typed_then_the_likeliest_stands_first(typed: str, code: str) -> None:
    assert first(typed) == code


def test_given_words_of_what_goes_with_a_nature_only_when_typed_then_natures_with_it_are_found_last() -> None:
    found = SEARCH.find("school", most=50)
    assert {each.nature.code for each in found} == {f"{b.code}-SCH" for b in BASES if b.groups}
    assert not any(each.itself for each in found)


def test_given_equals_when_one_was_used_oftener_then_it_stands_first() -> None:
    assert [f.nature.code for f in SEARCH.find("tres", most=2)] == ["TRESPASS", "TRESPASS-IP"]
    used = {NatureCode("TRESPASS-WPN"): 3, NatureCode("TRESPASS-IP"): 1}
    assert [f.nature.code for f in SEARCH.find("tres", used=used, most=3)] == ["TRESPASS-WPN", "TRESPASS-IP", "TRESPASS"]


def test_given_a_better_likeness_when_another_was_used_oftener_then_the_better_stands_first() -> None:
    assert SEARCH.find("trespass", used={NatureCode("TRESPASS-WPN"): 9})[0].nature.code == "TRESPASS"


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("tres", ["TRESPASS"]), ("crisis", ["MENTAL", "CCD"]), ("disturb", ["DISTURB"]), ("verb", ["DISTURBV"]),
        ("tres now", ["TRESPASS-IP"]), ("tresspass", []), ("pass", []), ("school", []), ("400 main", []), ("", []),
    ],
)  # fmt: skip
def test_given_words_when_read_strictly_then_they_mean_what_stands_there_and_nothing_else(
    typed: str, codes: list[str]
) -> None:
    assert [nature.code for nature in SEARCH.meant(typed)] == codes


def test_given_the_same_agency_when_asked_again_then_the_catalogue_is_prepared_once_and_anew_for_another() -> None:
    held = search_in(AGENCY)
    assert search_in(AGENCY) is held
    other = replace(AGENCY, natures={})
    assert search_in(other) is not held and search_in(other).find("trespass") == []


natures = st.sampled_from(list(NATURES.values()))


@given(natures)
def test_given_any_nature_when_its_code_or_name_is_typed_then_it_is_meant(nature: Nature) -> None:
    assert nature in SEARCH.meant(nature.code) and nature in SEARCH.meant(nature.name)


@given(natures, st.data())
def test_given_any_nature_when_a_letter_slips_then_it_is_still_found(nature: Nature, data: st.DataObject) -> None:
    words = [word for word in nature.name.replace("-", " ").split() if len(word) > 4]
    word = data.draw(st.sampled_from(words))
    place = data.draw(st.integers(1, len(word) - 2))
    slipped = data.draw(
        st.sampled_from(
            (
                word[:place] + word[place + 1 :],
                word[:place] + "x" + word[place:],
                word[:place] + "x" + word[place + 1 :],
                word[:place] + word[place + 1] + word[place] + word[place + 2 :],
            )
        )
    )
    assert nature in [found.nature for found in SEARCH.find(slipped, most=len(NATURES))]


@given(st.text(max_size=30))
def test_given_any_text_when_typed_then_it_is_answered_and_what_is_meant_is_found(typed: str) -> None:
    found = [each.nature for each in SEARCH.find(typed, most=len(NATURES))]
    assert set(each.code for each in SEARCH.meant(typed)) <= {each.code for each in found}
