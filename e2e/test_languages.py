"""Choosing a language, with scripts and without."""

from collections.abc import Callable

from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from e2e.pages import menu_button
from testing.fixtures.people import PASSWORD


def test_german_stays_chosen_after_signing_in(page: Page, ana: User) -> None:
    ana.set_password(PASSWORD)
    ana.save()
    page.goto("/")
    page.get_by_role("button", name="Deutsch").click()
    expect(page.get_by_role("heading", name="Behalte die Bilder, die du findest.")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    page.get_by_role("banner").get_by_role("link", name="Anmelden").click()
    page.get_by_label("Benutzername oder E-Mail-Adresse").fill("ana")
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Anmelden").click()
    expect(page.get_by_text("Noch keine Aktivitäten.")).to_be_visible()
    page.goto("/people/")
    expect(page.get_by_text("Das bist du")).to_be_visible()


def test_choosing_a_language_on_a_refused_form_leads_back_to_the_form(
    page: Page, viewer: User, expect_console_error: Callable[[str], None]
) -> None:
    page.goto("/settings/")
    page.get_by_label("Date of birth").fill("0999-01-01")
    page.get_by_role("button", name="Save profile").click()
    expect(page.get_by_text("Check the year of this date.")).to_be_visible()
    expect_console_error("422")
    menu_button(page, "Ana Silva").click()
    page.get_by_role("button", name="Deutsch").click()
    expect(page).to_have_url("/settings/")
    expect(page.get_by_label("Geburtsdatum")).to_be_visible()
