"""Which given names are one name, and which are merely alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.frequencies import given_frequency, is_listed, is_well_known
from matching.name_parts import PartRelation, relate_givens

ONE_NAME = [
    "Bob/Robert", "Bobby/Bob", "Liz/Elizabeth", "Jon/Jonathan", "Kate/Katherine", "Kate/Katie", "Peggy/Margaret", "Jack/John",
    "Tony/Anthony", "Pepe/José", "Sasha/Aleksandra", "Chris/Christopher", "Pat/Patricia", "Pat/Patrick", "Billy/William",
    "Sara/Sarah", "Jon/John", "Ann/Anne", "Catherine/Katherine", "Stephen/Steven", "Mohammed/Muhammad", "Ahmed/Ahmad",
    "Sean/Shawn", "Geoffrey/Jeffrey", "Sophia/Sofia", "Eric/Erik", "Teresa/Theresa", "Kelly/Kellie", "Michael/Micheal",
    "Zoe/Zoey", "Kathryn/Catherine", "Deborah/Debra", "Allison/Alyson", "Yekaterina/Ekaterina", "Yevgeny/Evgenii", "Oxana/Oksana",
    "Sasha/Aleksandr", "Dima/Dmitriy", "Natasha/Natalya", "Pooja/Puja", "Lynn/Lynne", "Isabel/Isabelle",
    "Hamid/Hamed", "Moshe/Moishe", "Sourav/Saurav", "Yuko/Yuuko", "Laila/Leila", "Abdulrahman/Abdelrahman", "Fyodor/Fedor", "Junghee/Jeong-hui", "Omr/Omer", "Natalia/Natasha",
    "Gus/Konstantinos", "Jim/Dimitrios", "Manny/Emmanuel", "Chema/Jose-Maria", "Abdul/Abdulrahman", "Joe/Jose",
]  # fmt: skip

TWO_NAMES = [
    "Antonio/Antonia", "Adrian/Adriana", "Angelo/Angela", "Andrew/Andrea", "Aaron/Erin", "Jenna/Jenny", "Brandon/Brendan",
    "Joan/Jane", "Joan/Joanne", "Kayla/Kaylee", "Frances/Francis", "Anna/Hanna", "Ella/Bella", "Molly/Polly", "Maria/Marie",
    "Mary/Marie", "Terry/Teresa", "Emily/Emma", "Ravi/Rani", "Jayden/Jaden", "Carlos/Carlo", "Sara/Zara", "Diana/Dana",
    "Diana/Diane", "Fran/Frank", "Yan/Yang", "Lin/Ling", "Jane/Jan", "Tim/Jim", "Daniel/Daniela", "Eric/Erica",
    "Emily/Amelia", "Linda/Lynn", "Kathy/Katie", "Christine/Kristin", "Lena/Ellen", "Arjun/Arun", "Anil/Sunil", "Brook/Brock",
    # Of two sexes, or of one family.
    "Pascal/Pascale", "Fabien/Fabienne", "Jean/Jeanne", "Dominic/Dominique", "Ivan/Ivanna", "Naoki/Naoko", "Haruka/Haruki",
    "Masao/Masako", "Radek/Radka", "Kazimierz/Kazimiera", "Mihail/Mihaela", "Vasant/Vasanti", "Dimitris/Dimitra", "Sven/Svea",
    "Xiaoming/Xiaohong", "Robert/Rupert", "Molly/Milly", "Min-jun/Min-ji", "Marian/Marianna",
    # Rare names of other vowels, which no phonetic code keeps; or of another syllable.
    "Takeshi/Takashi", "Armen/Arman", "Arjun/Arjan", "Kiran/Karan", "Samir/Samar", "Khalid/Khulud", "Marek/Mirek", "Noam/Naomi", "Minseo/Minsoo",
    "Junho/Junhee", "Thanh/Thinh", "Tuan/Toan", "Trang/Trung", "Hyunwoo/Hyunjoo", "Jianming/Jianmin", "Ciara/Ciaran", "Joni/Juan", "Angel/Angelica", "Angel/Angela",
    # In no list: a slip of the pen does not look like this.
    "Tzvetan/Tzvetana", "Amitav/Sumitav", "Zorko/Zorka", "Drogo/Drobo",
]  # fmt: skip

SLIPS = [
    "Jhon/John",
    "Xiomara/Xiomarra",
    "Wolodymyr/Wolodimyr",
    "Elizbeth/Elizabeth",
    "Robbert/Robert",
    "Drogo/Drgoo",
    "Joseh/Joseph",
    "Sophue/Sophie",
    "Lachlnn/Lachlan",
    "Michal/Michael",
    "Imogen/Imoogen",
    "Layla/Laylau",
]


def relation(pair: str) -> PartRelation:
    one, other = pair.lower().replace("é", "e").replace("-", " ").split("/")
    assert relate_givens(one, other) is relate_givens(other, one)
    return relate_givens(one, other)


@pytest.mark.parametrize("pair", ONE_NAME)
def test_spellings_and_short_forms_are_one_name(pair: str) -> None:
    assert relation(pair) in {PartRelation.NICKNAME, PartRelation.PHONETIC}


@pytest.mark.parametrize("pair", TWO_NAMES)
def test_two_names_that_are_merely_alike_are_two(pair: str) -> None:
    assert relation(pair) in {PartRelation.ALIKE, PartRelation.DIFFERENT}


@pytest.mark.parametrize("pair", SLIPS)
def test_a_slip_of_the_pen_makes_no_other_name(pair: str) -> None:
    assert relation(pair) in {PartRelation.PHONETIC, PartRelation.TYPO, PartRelation.SIMILAR}


def test_names_that_have_become_common_since_the_census_are_known() -> None:
    assert is_well_known("jayden")
    assert is_well_known("priya")
    assert given_frequency("mohammed") > 7e-5
    assert not is_listed("zzyzx")


@given(st.text("abcehiknoprsty", max_size=8), st.text("abcehiknoprsty", max_size=8))
def test_relating_given_names_is_symmetric(one: str, other: str) -> None:
    assert relate_givens(one, other) is relate_givens(other, one)
