"""Names: stored form, Vietnamese order, search fold, legacy encodings."""

import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classroom.core.legacy_text import convert_legacy, legacy_encoding, legacy_of_font
from classroom.core.names import clean_name, fold, looks_all_caps, looks_all_lower, sort_key, title_case

IN_ORDER = [
    "Nguyễn Văn An", "Lê Hoàng Anh", "Nguyễn Thị Ánh", "Trần Thị Ân", "Phạm Văn Ẩn", "Nguyễn Thị Dung",
    "Nguyễn Tiến Dũng", "Võ Đức Duy", "Đặng Thị Đào", "Hồ Minh Đức", "Nguyễn Ngọc Lan", "Hoàng Thị Lan",
    "Nguyễn Thị Lan", "Nguyễn Thị Mai Lan", "Bùi Văn Lan", "Nguyễn Văn Út", "Lô Thị Ước", "Vừ Y",
]  # fmt: skip
SYLLABLES = st.sampled_from(["Hoà", "Hòa", "Đặng", "Ước", "ước", "THỊ", "Y", "Niê", "H'Hen", "An", "Ẩn", "Zoë", "Jun"])
NAMES = st.lists(SYLLABLES, min_size=1, max_size=5).map(" ".join)


def test_a_class_list_is_in_the_order_a_vietnamese_reader_expects():
    shuffled = random.Random(7).sample(IN_ORDER, len(IN_ORDER))
    assert sorted(shuffled, key=sort_key) == IN_ORDER
    assert sorted(shuffled, key=lambda name: sort_key(name).encode()) == IN_ORDER


def test_tones_follow_each_other_in_the_dictionary_order():
    assert sorted(["mạ", "má", "mã", "mả", "mà", "ma"], key=sort_key) == ["ma", "mà", "mả", "mã", "má", "mạ"]


def test_letters_weigh_more_than_tones():
    assert sort_key("Lê Ạn") < sort_key("Lê Anh") < sort_key("Lê Ăn") < sort_key("Lê Ân") < sort_key("Lê Ba")


def test_latin_letters_outside_the_alphabet_stand_in_their_latin_places():
    assert sorted(["Zi", "Wu", "Xu", "Vu", "Ji", "Ki", "Fa", "Ga", "E"], key=sort_key) == [
        "E", "Fa", "Ga", "Ji", "Ki", "Vu", "Wu", "Xu", "Zi",
    ]  # fmt: skip


def test_both_ways_of_placing_the_tone_share_one_place():
    assert sort_key("Đặng Thị Hoà") == sort_key("ĐẶNG THỊ HÒA")


def test_a_key_is_plain_ascii_so_that_every_database_compares_it_alike():
    assert all(sort_key(name).isascii() for name in [*IN_ORDER, "李小龙", "Ñuñez", "Ðặng", ""])


def test_a_numbered_namesake_sorts_by_its_number():
    assert sort_key("Lê Lan") < sort_key("Lê Lan1") < sort_key("Lê Lan2")


@given(NAMES)
def test_composed_and_decomposed_names_have_one_key_and_one_stored_form(name):
    decomposed = unicodedata.normalize("NFD", name)
    assert sort_key(decomposed) == sort_key(name)
    assert clean_name(decomposed) == clean_name(name)
    assert fold(decomposed) == fold(name)


@given(st.text())
def test_folding_and_cleaning_twice_is_folding_and_cleaning_once(text):
    assert fold(fold(text)) == fold(text)
    assert clean_name(clean_name(text)) == clean_name(text)


@given(st.text())
def test_any_text_gives_a_key_without_control_characters(text):
    assert all(" " <= c <= "~" for c in sort_key(text))


@pytest.mark.parametrize("written", ["Đặng Thị Hoà", "ĐẶNG THỊ HÒA", "dang thi hoa", " Đặng  Thị Hòa", "Ðặng Thị Hoà"])
def test_a_search_finds_a_name_however_it_is_typed(written):
    assert fold(written) == "dang thi hoa"


def test_a_stored_name_has_single_spaces_and_nothing_invisible():
    assert clean_name("\ufeff  Thái  Trọng\u00a0\u200bBảo \n") == "Thái Trọng Bảo"


@pytest.mark.parametrize(
    ("capitals", "proposed"),
    [
        ("TRẦN THỊ NGỌC HÒA", "Trần Thị Ngọc Hòa"),
        ("H'HEN NIÊ", "H'Hen Niê"),
        ("ĐỖ Y", "Đỗ Y"),
        ("lê văn a", "Lê Văn A"),
    ],
)
def test_capitals_are_proposed_as_a_title(capitals, proposed):
    assert title_case(capitals) == proposed


def test_a_one_letter_given_name_is_not_taken_for_capitals():
    assert looks_all_caps("TRẦN Y")
    assert not looks_all_caps("Vừ Y")
    assert not looks_all_caps("Y")
    assert looks_all_lower("nguyễn an")
    assert not looks_all_lower("Nguyễn an")


@pytest.mark.parametrize(
    ("typed", "encoding", "meant"),
    [
        ("NguyÔn ThÞ ¸nh TuyÕt", "tcvn3", "Nguyễn Thị ánh Tuyết"),
        ("§Æng V¨n H\u00adng", "tcvn3", "Đặng Văn Hưng"),
        ("Lª ThÞ Hµ", "tcvn3", "Lê Thị Hà"),
        ("Nguyeãn Thò AÙnh", "vni", "Nguyễn Thị Ánh"),
        ("Traàn Ñöùc Löông", "vni", "Trần Đức Lương"),
        ("ÑAËNG THÒ HOAØNG YEÁN", "vni", "ĐẶNG THỊ HOÀNG YẾN"),
    ],
)
def test_text_in_an_old_font_encoding_is_recognised_and_read(typed, encoding, meant):
    assert legacy_encoding(typed) == encoding
    assert convert_legacy(typed, encoding) == meant


@pytest.mark.parametrize(
    "name",
    [*IN_ORDER, "Hoà", "Trần Thị Hoà", "Moong Văn Bình", "H'Hen Niê", "Müller", "François Hollande", "Ksor Phước",
     "Lý Quý Thuý", "Đinh Thị Thuỳ Dương", "nguyen van a", "Y Bih", "Nguyễn Quỳnh Huê", "bich@example.vn"],
)  # fmt: skip
def test_a_valid_name_is_never_taken_for_an_old_encoding(name):
    assert legacy_encoding(name) is None
    assert legacy_encoding(unicodedata.normalize("NFD", name)) is None


def test_an_old_font_names_its_encoding():
    assert legacy_of_font(".VnTime") == "tcvn3"
    assert legacy_of_font("VNI-Times") == "vni"
    assert legacy_of_font("Times New Roman") is None
