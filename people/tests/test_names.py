"""The rules for displayed names."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from people.names import passes_for_staff
from testing.fixtures.people import PASSWORD


@pytest.mark.parametrize(
    "name",
    [
        "Admin",
        "ADMIN",
        "Magpie Support",
        "MAGPIE team",
        "Magpie · Support",
        "Official Magpie",
        "Administrator",
        "Moderator",
        "Support",
        "Support Team",
        "The Site Staff",
        "Root",
        "Official Demo Team",
        "Ana Silva (Admin)",
        "Ana, Moderator",
        "Adm1n",
        "4dm1n",
        "@dmin",
        "ADM|N",
        "Admin!",
        "Admin 2",
        "Admin2",
        "M4gp13",
        "MAGPlE",
        "Аdmin",  # with a Cyrillic letter
        "Αdmin",  # with a Greek letter
        "аdмin",
        "Ádmin",
        "A\u0336d\u0336m\u0336i\u0336n",
        "Adm\u200din",
        "ＡＤＭＩＮ",
        "𝐌𝐚𝐠𝐩𝐢𝐞 𝐓𝐞𝐚𝐦",
        "ᴀᴅᴍɪɴ",
        "🅰dmin",
        "🇦 🇩 🇲 🇮 🇳",
        "Adrnin",
        "A d m i n",
        "M.a.g.p.i.e",
        "Ana M-a-g-p-i-e",
        "Ad Min",
        "Mag Pie",
        "MagpieSupport",
        "magpieteam",
        "AdminAna",
        "official_support",
        "Magpie's helpdesk",
        *("Suppørt", "Ađmin", "Aðmin", "Admɨn", "Adɱin", "ɐdmin", "Λdmin", "Δdmin", "Sμpport"),
        *("Sʉpport", "Suppǿrt", "Ʌdmin", "ÆDMIN", "ADMIИ", "SUPPOЯT", "MΛGPIEBOT", "Ana MΛGPIEBOT"),
        *("ᎪᎠᎷᏆΝ", "ᏕᏬᎮᎮᎧᏒᏖ", "ᗩdmin", "ᗩᗪᗰIᑎ", "mᗩgpiebot", "ⲁdmin", "AnaАдмин"),
        *("Supp○rt", "Supp°rt", "Supp🔴rt", "Magpi€", "Magpi℮", "ADM¡N", "§upport", "Suppor+"),
        *("Magpie°Support", "S⃝upp○rt", "Admin●Ana", "Su99ort", "Ma9pie", "Ma6pie", "Aclmin"),
        *("Mod Team", "Mocl Team", "Ana (Mod)", "System", "Site Owner", "siteowner", "Superuser"),
        *("Moderatorin", "Administratorin", "Administratoren", "Administración", "Modérateur"),
        *(
            "Techsupport",
            "Verwaltung",
            "Seitenverwaltung",
            "Betreiber",
            "Betreiberin",
            "Kundensupport",
        ),
        *("Das Magpieteam", "Magpiebot", "Magpieapp", "Supermoderator", "Unser Team", "Das Team"),
        *("Админ", "АДМИН", "Администрация", "Модераторы", "管理员", "管理员小明", "サポート"),
        *("ađmin", "suppørt", "aðmin", "админ", "ᎪᎠᎷᏆ", "moderatorin", "administratorin", "system"),
        *("owner", "mod", "mods", "magpies", "magpieapp", "kundensupport", "su99ort"),
    ],
)
def test_a_name_that_passes_for_the_staff_or_the_site_is_recognized(name: str) -> None:
    assert passes_for_staff(name)


@pytest.mark.parametrize(
    "name",
    [
        "Ana Silva",
        "Roots",
        "Rooty McRootface",
        "Elihu Root",
        "Robin Demo",
        "Adminah",
        "Nadmin",
        "Maggie Pierce",
        "Magnus Pieper",
        "Teamwork Ana",
        "Demosthenes",
        "Theo Service",
        "Supporter",
        "Ben O'Neill-Smith",
        "María José",
        "Łukasz Żółć",
        "陳小明",
        "山田 太郎",
        "김민수",
        "Ольга Модерн",
        "محمد علی",
        "ना\u200dम",
        "",
        "123",
        "👩\u200d🎨 Ana",
        "🔴",
        *("Søren Ødegård", "Ðorđe", "Bård", "Λάμπρος", "Адам", "Иван Админов", "Yağız Özdemir"),
        *("Modesty Blaise", "Modi", "Mo D.", "Moderato", "Systema", "Owen", "Admir", "Teamur"),
        *("Sitesh", "Magda Pieper", "Ana Sales", "Arjun Das", "Ann Owner", "Claudia 99"),
    ],
)
def test_an_ordinary_name_does_not_pass_for_the_staff(name: str) -> None:
    assert not passes_for_staff(name)


@pytest.mark.parametrize(("first", "last"), [("Magpie", "Support"), ("Mag", "Pie"), ("", "Admin")])
def test_first_and_last_name_are_checked_together(
    as_ana: Client, ana: User, first: str, last: str
) -> None:
    response = as_ana.post("/profile/", {"first_name": first, "last_name": last})
    assert response.status_code == 422
    assert "reserved for the people who run this site" in response.text
    ana.refresh_from_db()
    assert ana.get_full_name() == "Ana Silva"


def test_the_staff_may_have_such_a_name(as_ana: Client, ana: User) -> None:
    User.objects.update(is_staff=True)
    response = as_ana.post("/profile/", {"first_name": "Magpie", "last_name": "Support"})
    assert response.status_code == 303


def test_an_existing_name_is_kept_until_it_is_changed(as_ana: Client, ana: User) -> None:
    User.objects.update(first_name="Magpie", last_name="Support")
    form = {"first_name": "Magpie", "last_name": "Support", "date_of_birth": "1990-01-01"}
    assert as_ana.post("/profile/", form).status_code == 303
    assert as_ana.post("/profile/", form | {"first_name": "The"}).status_code == 422


@pytest.mark.parametrize(("is_staff", "status"), [("", 200), ("on", 302)])
def test_the_admin_allows_such_a_name_only_for_staff(
    admin_client: Client, ana: User, is_staff: str, status: int
) -> None:
    data = {"username": "ana", "first_name": "Magpie", "last_name": "Support"}
    data |= {"date_joined_0": "2026-11-22", "date_joined_1": "12:00", "is_active": "on"}
    data |= {"is_staff": is_staff} if is_staff else {}
    assert admin_client.post(f"/admin/auth/user/{ana.pk}/change/", data).status_code == status


@pytest.mark.parametrize("username", ["magpie.support", "the-admin", "Adm1n", "support2", "ađmin"])
def test_the_same_rule_applies_to_usernames(client: Client, db: None, username: str) -> None:
    form = {"username": username, "email": "d@example.org", "password1": PASSWORD}
    response = client.post("/accounts/signup/", form | {"password2": PASSWORD})
    assert "reserved for the people who run this site" in response.text
    assert not User.objects.exists()
