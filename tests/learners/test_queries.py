"""People are found by what staff have at hand: words without accents, codes, phones, numbers."""

import pytest

from classroom.learners import queries
from tests.factories import LearnerFactory, OrganisationFactory

NAMES = [
    "Nguyễn Văn An", "Lê Hoàng Anh", "Nguyễn Thị Ánh", "Trần Thị Ân", "Phạm Văn Ẩn", "Nguyễn Thị Dung",
    "Nguyễn Tiến Dũng", "Võ Đức Duy", "Đặng Thị Đào", "Hồ Minh Đức", "Nguyễn Ngọc Lan", "Hoàng Thị Lan",
    "Nguyễn Thị Lan", "Nguyễn Thị Mai Lan", "Bùi Văn Lan", "Nguyễn Văn Út", "Lô Thị Ước", "Vừ Y",
]  # fmt: skip


@pytest.fixture
def organisation(any_app):
    return OrganisationFactory()


@pytest.fixture
def anh(organisation):
    return LearnerFactory(
        organisation_id=organisation.id,
        name="Đặng Thị Hoà",
        code="0A1B2C3D",
        phone="+84912345678",
        id_number="040185012345",
        unit="Trạm Y tế xã Đô Lương",
    )


def names(organisation, text, **options) -> list[str]:
    return [one.name for one in queries.search(organisation.id, text, **options)]


@pytest.mark.parametrize(
    "text",
    [
        "Đặng Thị Hoà", "ĐẶNG THỊ HÒA", "dang thi hoa", "hoa dang", "da hoa", "tram y te", "hoa do luong", "0A1B2C3D",
        "oa1b-2c3d", "0912345678", "0912 345 678", "+84 912.345.678", "912345678", "5678", "040185012345",
        "040 185 012 345", "2345",
    ],
)  # fmt: skip
def test_somebody_is_found_by(organisation, anh, text):
    LearnerFactory(organisation_id=organisation.id, name="Lê Văn Khác", phone="+84900000000", id_number="040099999999")
    assert names(organisation, text) == ["Đặng Thị Hoà"]


@pytest.mark.parametrize("text", ["nguyen", "04018501234", "185012", "%", "_", "\\", "0A1B2C3E", "dang q"])
def test_somebody_is_not_found_by(organisation, anh, text):
    assert names(organisation, text) == []


@pytest.mark.parametrize("text", ["\x00", "a\x00b", "'; DROP TABLE learner", "\ud800", "9" * 400, "😀"])
def test_no_search_is_too_strange_to_be_answered(organisation, anh, text):
    names(organisation, text)


def test_lists_are_in_vietnamese_order(organisation):
    for name in reversed(NAMES):
        LearnerFactory(organisation_id=organisation.id, name=name)
    assert names(organisation, "") == NAMES


def test_namesakes_stand_by_birth_then_as_they_came(organisation):
    for year in (1990, 1980, None):
        LearnerFactory(organisation_id=organisation.id, name="Lê An", birth_year=year)
    found = [one.birth_year for one in queries.search(organisation.id, "le an")]
    assert [year for year in found if year] == [1980, 1990]


def test_a_search_stays_in_the_organisation_and_among_the_living(organisation, anh):
    from classroom.learners import services

    LearnerFactory(name="Đặng Thị Hoà")
    assert len(names(organisation, "hoa")) == 1
    services.annul_many([anh.id])
    assert names(organisation, "hoa") == names(organisation, "0A1B2C3D") == []


def test_an_audience_narrows_the_list_and_the_count(organisation):
    for audience in ("official", "citizen", "citizen"):
        LearnerFactory(organisation_id=organisation.id, audience=audience)
    assert len(names(organisation, "", audience="citizen")) == queries.count(organisation.id, audience="citizen") == 2


def test_a_limit_holds(organisation):
    for _ in range(3):
        LearnerFactory(organisation_id=organisation.id)
    assert (len(names(organisation, "", limit=2)), queries.count(organisation.id)) == (2, 3)
