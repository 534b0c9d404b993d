"""Invented people for the gallery's page on which one signs in."""

from __future__ import annotations

from widgets.person_row import PersonRow
from widgets.sign_in_page import SignInPage

PEOPLE = (
    PersonRow(name="A. Meier", role="nurse"),
    PersonRow(name="Bettina von Arnim-Schwarzenberg", role="charge nurse"),
    PersonRow(name="Dr. Roth", role="physician"),
    PersonRow(name="J. Okafor", role="technician"),
)


def sign_in_page() -> SignInPage:
    """Somebody has touched a name, and mistyped."""
    page = SignInPage()
    page.set_people(PEOPLE)
    page.choose("A. Meier")
    page.tell("That is not the PIN of A. Meier.", ill=True)
    return page


def sign_in_page_glass() -> SignInPage:
    """The reasons are asked."""
    page = sign_in_page()
    page.tell("")
    page.break_glass.click()
    return page
