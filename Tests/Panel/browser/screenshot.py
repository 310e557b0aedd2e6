"""Makes the README's pictures of the panel: films of a real daemon, looked at with a real browser."""

import json
import pathlib
import sys
import tempfile

from playwright.sync_api import expect, sync_playwright

from conftest import Daemon, browser_path

BOATS = "Paper boats drifting out of a harbour at dusk, lanterns reflecting, slow dolly forward, 35 mm film"


def fill(daemon):
    """A working day: four takes, two films, a failure, one that runs, two that wait."""
    films = [daemon.submit("RENDER", {"prompt": BOATS, "duration": 5, "resolution": "720p", "seed": seed})
             for seed in (51020, 88231, 10442, 63307)]
    others = [
        daemon.submit("RENDER", {"prompt": "Neon alley in the rain, camera gliding between umbrellas", "duration": 5, "resolution": "720p", "seed": 4211}),
        daemon.submit("RENDER", {"prompt": "Fog lifting off a pine forest at dawn, drone rising", "duration": 4, "resolution": "720p", "seed": 902}),
    ]
    for id_ in [*films, *others]:
        daemon.wait(id_)
    failed = daemon.submit("LIPSYNC", {"prompt": "Mira tells the story of the last harbour", "audio": "https://media.test/mira.wav", "duration": 5})
    daemon.wait(failed)
    running = daemon.submit("RENDER", {"prompt": "Camel caravan crossing golden dunes, long lens heat haze", "duration": 60, "resolution": "1080p", "seed": 77})
    daemon.submit("RENDER", {"prompt": "Aurora over a fjord, time lapse, stars turning", "duration": 5, "resolution": "720p", "seed": 5})
    daemon.submit("RENDER", {"prompt": "Snow falling on a night train, passing lights", "duration": 5, "resolution": "720p", "seed": 6})
    daemon.wait(running, "running")
    return films, others


def compose(page):
    """Clips on the timeline, captions, a star."""
    card = page.locator("take-card")
    card.locator(".take").nth(1).click()
    page.locator("#view").get_by_role("button", name="Mark as best").click()
    page.locator("#view").get_by_role("button", name="Add to timeline").click()
    for words in ("Neon alley", "Fog lifting"):
        page.locator("job-card", has_text=words).get_by_role("button", name="Add to the timeline").click()
    page.locator("#tl-title").fill("Harbour teaser")
    for share, text in ((0.04, "Every evening they leave"), (0.42, "past the last streetlight")):
        box = page.locator("#tl-ruler").bounding_box()
        page.mouse.click(box["x"] + box["width"] * share, box["y"] + 8)
        page.locator("#tl-caption").click()
        page.keyboard.type(text)
        page.keyboard.press("Enter")
    card.locator(".take").nth(1).click()
    page.locator("#film").evaluate("(v) => { v.currentTime = 1.8; }")
    page.locator("[name=prompt]").fill(BOATS)
    page.locator("[name=takes]").select_option("4")
    page.get_by_role("radio", name="720p").check()
    page.mouse.move(5, 5)
    page.evaluate("document.activeElement.blur()")
    page.locator("#queue").evaluate("(e) => e.scrollTo(0, 0)")


def wait_for_progress(daemon, page):
    for _ in range(600):
        running = [job for job in json.loads(daemon.get("/jobs?state=running")) if job["progress"] >= 30]
        if running:
            break
        page.wait_for_timeout(200)
    page.wait_for_timeout(1500)


def main(folder):
    with tempfile.TemporaryDirectory() as desk, sync_playwright() as playwright:
        daemon = Daemon(desk).start()
        browser = playwright.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
        try:
            fill(daemon)
            for name, size, phone in (("panel", (1600, 1000), False), ("panel-phone", (390, 844), True)):
                context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme="dark", reduced_motion="reduce",
                                              is_mobile=phone, has_touch=phone, device_scale_factor=2 if phone else 1)
                page = context.new_page()
                page.goto(daemon.url)
                expect(page.locator("#link")).to_have_text("Live")
                expect(page.locator("take-card .take")).to_have_count(4)
                if not phone:
                    compose(page)
                    page.locator("#toasts").evaluate("(e) => e.replaceChildren()")
                wait_for_progress(daemon, page)
                page.screenshot(path=folder / f"{name}.png")
                context.close()
        finally:
            browser.close()
            daemon.stop()


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
