"""What all dialogs have in common."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from kirin.accounts.keys import Scope
from support.console import Site, Window

WATCH = """
() => {
  window.names = [];
  const look = () => {
    const dialog = document.querySelector("[role=dialog]");
    const title = dialog && document.getElementById(dialog.getAttribute("aria-labelledby"));
    if (dialog) window.names.push(title ? title.textContent : null);
  };
  look();
  new MutationObserver(look).observe(
    document.body, {subtree: true, childList: true, attributes: true, characterData: true});
}
"""


def test_a_dialog_keeps_its_name_until_it_is_gone(browser: Browser, site: Site) -> None:
    window = Window(browser, site)
    page = window.page
    page.goto("/keys")
    page.get_by_label("Operator's key").fill(site.operator(*Scope))
    page.get_by_role("button", name="Open", exact=True).click()
    page.get_by_role("button", name="New key", exact=True).click()
    expect(page.get_by_role("dialog", name="New key")).to_be_visible()
    page.evaluate(WATCH)
    page.get_by_role("button", name="Close", exact=True).click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert set(page.evaluate("window.names")) == {"New key"}
    window.context.close()
    assert window.troubles == []
