"""Every view, size and theme: nothing for axe to find, nothing that sticks out."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from conftest import SIZES

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# What is wider than its box without being there to be scrolled: a text over a button passes axe, but not this.
OVERFLOW = """() => [...document.querySelectorAll("body, body *")].filter((e) => {
    const s = getComputedStyle(e);
    if (e.scrollWidth <= e.clientWidth + 1 || s.display === "none" || s.display.startsWith("inline")) return false;
    if (s.textOverflow === "ellipsis" || s.display === "-webkit-box" || s.clipPath !== "none") return false;
    if (e.closest(".unseen") || e.matches("svg, svg *, input, select, progress, meter, video, textarea, pre")) return false;
    // These may: the filters and the tracks scroll on a phone, a clip cuts its name off, the search unfolds.
    return !e.matches("#chips, .feed .bar, #tracks, .track li, .track li *, .ruler, .search, .brand, .head, .head *, .dlg *");
}).map((e) => `${e.tagName}.${e.className} ${e.scrollWidth}>${e.clientWidth}`)"""

VIEWS = {390: ["queue", "create", "view", "timeline"], 1024: ["queue", "view"], 1366: ["queue"], 1600: ["queue"]}


def axe(page):
    found = Axe().run(page, options={"runOnly": TAGS}).response["violations"]
    return [(one["id"], [(node["target"], node["failureSummary"][:300]) for node in one["nodes"][:3]]) for one in found]


def add_clips(page, count):
    """Puts films on the timeline as a person with a mouse does."""
    for index in range(count):
        page.locator(".strip .take, #view-acts [data-act=timeline]").first.wait_for(state="attached")
        page.evaluate("(n) => document.querySelectorAll('#view-acts [data-act=timeline]')[0].click()", index)


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_views_haveNoViolations_noOverflow_noMessages(filled, pages, artifacts, scheme):
    problems = []
    for width in SIZES:
        context = pages.context(width=width, scheme=scheme)
        page = pages.open(filled.url, context)
        expect(page.locator("job-card, take-card").first).to_be_visible()
        expect(page.locator("#link")).to_have_text("Live")
        expect(page.locator("#view-acts [data-act=timeline]")).to_be_attached()
        add_clips(page, 2)
        page.evaluate("document.querySelector('#tl-caption').click(); document.activeElement.blur()")
        page.locator("#tl-captions input").evaluate("(e) => { e.value = 'Every evening they leave'; e.dispatchEvent(new Event('input')) }")
        for view in VIEWS[width]:
            page.evaluate("(view) => { document.body.dataset.view = view }", view)
            page.wait_for_timeout(300)
            page.screenshot(path=artifacts / f"{view}-{width}-{scheme}.png")
            for name, found in (("axe", axe(page)), ("overflow", page.evaluate(OVERFLOW))):
                if found:
                    problems.append((width, scheme, view, name, found))
        context.close()
    assert not problems, "\n".join(map(str, problems))


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_dialogs_haveNoViolations(filled, pages, artifacts, scheme):
    page = pages.open(filled.url, width=1600, scheme=scheme)
    problems = []

    def look(name):
        page.wait_for_timeout(300)
        page.screenshot(path=artifacts / f"{name}-{scheme}.png")
        for kind, found in (("axe", axe(page)), ("overflow", page.evaluate(OVERFLOW))):
            if found:
                problems.append((name, kind, found))

    page.get_by_role("button", name="Compare takes").click()
    look("compare")
    page.get_by_role("button", name="Close").click()
    page.get_by_role("button", name="Keyboard shortcuts").click()
    look("keys")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Storage").click()
    expect(page.locator("dialog table").first).to_be_visible()
    look("storage")
    page.keyboard.press("Escape")
    page.locator(".job.failed").first.get_by_role("button", name="Log").click()
    look("log")
    page.keyboard.press("Escape")
    page.locator(".job.queued").get_by_role("button", name="Edit before it starts").click()
    look("edit")
    page.keyboard.press("Escape")
    page.locator(".job.failed").first.get_by_role("button", name="More actions").click()
    look("menu")
    assert not problems, "\n".join(map(str, problems))


def test_emptySpool_saysWhatToDo(daemon, pages, artifacts):
    page = pages.open(daemon.url)
    expect(page.get_by_text("No film yet")).to_be_visible()
    page.screenshot(path=artifacts / "empty.png")
    assert axe(page) == []
    page.get_by_role("searchbox").fill("nothing like it")
    expect(page.get_by_text("Nothing fits the filter.")).to_be_visible()
