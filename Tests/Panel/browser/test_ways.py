"""Whole ways through the panel: by keyboard alone, by mouse alone, and by dropping things."""

import json
import re
import subprocess
import time

from playwright.sync_api import expect

BLUR = "document.activeElement.blur()"


def drop(page, files):
    """Drops files anywhere: (name, media type, bytes as a list)."""
    page.evaluate(
        """(files) => {
            const data = new DataTransfer();
            for (const [name, type, bytes] of files) data.items.add(new File([new Uint8Array(bytes)], name, { type }));
            for (const kind of ["dragenter", "dragover", "drop"]) {
                document.body.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
            }
        }""", [[name, type_, list(content)] for name, type_, content in files])


def picture(tmp_path, name="cat.png"):
    path = tmp_path / name
    subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=size=320x180", "-frames:v", "1", path], check=True)
    return path


def test_happyPath_byKeyboardAlone(daemon, pages):
    """Prompt, Ctrl+Enter, cancel, retry, play, to the timeline, export."""
    page = pages.open(daemon.url)
    keys = page.keyboard
    expect(page.locator("#link")).to_have_text("Live")
    daemon.ask("POST", "/queue/pause")
    keys.press("n")
    expect(page.locator("[name=prompt]")).to_be_focused()
    keys.type("A lighthouse in a storm")
    keys.press("Control+Enter")
    card = page.locator("job-card")
    expect(card).to_have_count(1)
    expect(card.locator(".pill")).to_have_text("Waiting")
    page.keyboard.press("Shift+Tab")
    page.evaluate(BLUR)
    keys.press("j")
    expect(card.locator("article")).to_be_focused()
    keys.press("c")
    expect(card.locator(".pill")).to_have_text("Canceled")
    expect(card.locator("article")).to_be_focused()
    keys.press("r")
    expect(card.locator(".pill")).to_have_text("Waiting")
    daemon.ask("POST", "/queue/resume")
    expect(card.locator(".pill")).to_have_text("Done", timeout=60_000)
    keys.press("Enter")
    expect(page.locator("#film")).to_have_attribute("src", re.compile(r"/jobs/.*/artifacts/video\.mp4"))
    keys.press(" ")
    page.wait_for_function("() => true")
    expect(page.locator("#frame")).not_to_have_text(re.compile("frame 0$"))
    keys.press(" ")
    before = page.locator("#film").evaluate("(v) => v.currentTime")
    keys.press(".")
    page.locator("#film").evaluate("(v) => new Promise((done) => { if (!v.seeking) done(); else v.onseeked = done })")
    after = page.locator("#film").evaluate("(v) => v.currentTime")
    assert 0 < after - before < 2.1 / 24, (before, after)
    keys.press("t")
    expect(page.locator("#tl-clips li")).to_have_count(1)
    page.locator("#tl-export").focus()
    keys.press("Enter")
    expect(page.locator("#film")).to_have_attribute("src", re.compile(r"film\.mp4"), timeout=60_000)
    jobs = json.loads(daemon.get("/jobs"))
    assert [job["type"] for job in jobs if job["state"] == "done"] == ["EXPORT", "RENDER"]


def test_deleteByKeyboard_canBeUndone(filled, pages):
    page = pages.open(filled.url)
    alley = page.locator("job-card", has_text="Neon alley")
    alley.locator("article").focus()
    page.keyboard.press("Delete")
    expect(alley).to_have_count(0)
    assert filled.job(filled.films[3])["state"] == "done"
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(alley).to_have_count(1)
    alley.locator("article").focus()
    page.keyboard.press("Delete")
    expect(alley).to_have_count(0)
    page.close(run_before_unload=True)
    for _ in range(100):
        if filled.films[3] not in filled.get("/jobs").decode():
            return
        time.sleep(0.1)
    raise AssertionError("who leaves the page meant what they did")


def test_film_byMouseAlone(daemon, pages, artifacts, tmp_path):
    """Prompt, two takes, compare, timeline, captions, export, playing in the page: clicks and typed words, no keys."""
    page = pages.open(daemon.url)
    page.locator("[name=prompt]").click()
    page.keyboard.type("Paper boats drifting out of a harbour")
    page.locator("[name=duration]").fill("2")
    page.locator("[name=takes]").select_option("2")
    page.get_by_role("button", name="Generate 2 takes").click()
    card = page.locator("take-card")
    expect(card.locator(".pill")).to_have_text("Done", timeout=60_000)
    expect(card.locator(".take")).to_have_count(2)

    card.get_by_role("button", name="Compare takes").click()
    dialog = page.get_by_role("dialog")
    videos = dialog.locator("video")
    expect(videos).to_have_count(2)
    dialog.get_by_role("button", name="Play all").click()
    page.wait_for_timeout(900)
    dialog.get_by_role("button", name="Pause all").click()
    times = videos.evaluate_all("(all) => all.map((v) => v.currentTime)")
    assert times[0] > 0.1 and abs(times[0] - times[1]) < 0.05, times
    dialog.get_by_role("button", name="Pick", exact=True).last.click()
    expect(dialog.get_by_role("button", name="Best", exact=True)).to_have_count(1)
    page.screenshot(path=artifacts / "film-compare.png")
    dialog.get_by_role("button", name="Add best to timeline").click()
    expect(page.locator("#tl-clips li")).to_have_count(1)
    card.locator(".take").first.click()
    page.locator("#view").get_by_role("button", name="Add to timeline").click()
    clips = page.locator("#tl-clips li")
    expect(clips).to_have_count(2)

    # The second clip is dragged in front of the first, and undone, and its end is trimmed.
    names = page.locator("#tl-list li b")
    order = clips.evaluate_all("(all) => all.map((one) => one.dataset.clip)")
    box = clips.nth(1).bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] - 300, box["y"] + 20, steps=8)
    page.mouse.up()
    assert clips.evaluate_all("(all) => all.map((one) => one.dataset.clip)") == order[::-1]
    page.locator("#tl-undo").click()
    assert clips.evaluate_all("(all) => all.map((one) => one.dataset.clip)") == order
    box = clips.nth(1).bounding_box()
    page.mouse.move(box["x"] + box["width"] - 4, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 160, box["y"] + 20, steps=8)
    page.mouse.up()
    assert "1." in clips.nth(1).locator("small").inner_text()
    expect(names).to_have_count(2)

    page.locator("#tl-caption").click()
    page.keyboard.type("Every evening they leave")
    page.locator("#tl-fade").select_option("0.25")
    page.screenshot(path=artifacts / "film-timeline.png")
    page.get_by_role("button", name="Export video").click()
    film = page.locator("#film")
    expect(film).to_have_attribute("src", re.compile(r"film\.mp4"), timeout=60_000)
    page.locator("#view").get_by_role("heading", name="Export").wait_for()
    film.evaluate("(v) => v.play()")
    expect(page.locator("#frame")).not_to_have_text(re.compile("frame 0$"))

    job = next(one for one in json.loads(daemon.get("/jobs")) if one["type"] == "EXPORT")
    params = job["params"]
    assert [caption["text"] for caption in params["captions"]] == ["Every evening they leave"]
    assert params["clips"][0]["transition"] == {"type": "crossfade", "duration": 0.25}
    path = tmp_path / "film.mp4"
    path.write_bytes(daemon.get(f"/jobs/{job['job_id']}/artifacts/film.mp4"))
    probe = subprocess.run(["ffprobe", "-v", "error", "-show_entries", "stream=codec_name,pix_fmt:format=duration", "-of", "json", path],
                           check=True, capture_output=True, text=True)
    told = json.loads(probe.stdout)
    assert [stream["codec_name"] for stream in told["streams"]] == ["h264", "aac"]
    assert told["streams"][0]["pix_fmt"] == "yuv420p"
    planned = 2 + (params["clips"][1]["end"] - params["clips"][1]["start"]) - 0.25
    assert abs(float(told["format"]["duration"]) - planned) < 0.1, (told, planned)
    # The card leads back to the draft.
    page.get_by_role("button", name="Empty the timeline").click()
    page.locator("#view").get_by_role("button", name="Open in timeline").click()
    expect(clips).to_have_count(2)
    expect(page.locator("#tl-captions input")).to_have_value("Every evening they leave")


def test_draft_outlivesTheTab(filled, pages):
    context = pages.context()
    page = pages.open(filled.url, context)
    page.locator("#view-acts [data-act=timeline]").click()
    page.locator("#tl-title").fill("Harbour teaser")
    page.close()
    again = pages.open(filled.url, context)
    expect(again.locator("#tl-clips li")).to_have_count(1)
    expect(again.locator("#tl-title")).to_have_value("Harbour teaser")


def test_droppedPicture_beginsAFilm_andIsItsPictureWhileItWaits(daemon, pages, tmp_path):
    daemon.ask("POST", "/queue/pause")
    page = pages.open(daemon.url)
    drop(page, [("cat.png", "image/png", picture(tmp_path).read_bytes())])
    expect(page.locator("#attached")).to_have_text("cat.png will be used")
    expect(page.get_by_role("radio", name="Image")).to_be_checked()
    page.locator("[name=prompt]").fill("it yawns")
    page.get_by_role("button", name="Generate").click()
    image = page.locator("job-card img")
    expect(image).to_have_attribute("src", re.compile(r"/jobs/.*/inputs/upload-.*\.png"))
    page.wait_for_timeout(300)
    assert image.evaluate("(one) => one.naturalWidth") == 320


def test_droppedJobFiles_areShownBeforeTheyAreQueued(daemon, pages):
    daemon.ask("POST", "/queue/pause")
    page = pages.open(daemon.url)
    lines = '{"type":"RENDER","params":{"prompt":"one"}}\n{"type":"RENDER","params":{"prompt":"two","duration":-1}}\n{"type":"NOPE"}\n'
    one = '[{"type":"NOOP","params":{}},{"type":"RENDER","params":{"prompt":"three"}}]'
    drop(page, [("shots.jsonl", "", lines.encode()), ("list.json", "application/json", one.encode())])
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading")).to_have_text("3 jobs, 2 invalid")
    expect(dialog.locator(".bad")).to_have_text([re.compile("line 2 .*duration must be"), re.compile('line 3 .*type "NOPE"')])
    dialog.get_by_role("button", name="Queue 3 jobs").click()
    expect(page.locator("job-card")).to_have_count(3)


def test_waitingJob_isEdited_andGoesToTheFront(daemon, pages):
    daemon.ask("POST", "/queue/pause")
    first = daemon.submit("RENDER", {"prompt": "first of two"})
    second = daemon.submit("RENDER", {"prompt": "second of two", "duration": 2})
    page = pages.open(daemon.url)
    cards = page.locator("job-card")
    expect(cards.locator("h3")).to_have_text(["first of two", "second of two"])
    card = page.locator("job-card", has_text="second of two")
    card.get_by_role("button", name="front of the queue").click()
    page.mouse.move(5, 5)
    page.evaluate(BLUR)
    expect(cards.locator("h3")).to_have_text(["second of two", "first of two"])
    card.get_by_role("button", name="Edit before it starts").click()
    page.get_by_role("dialog").locator("[name=prompt]").fill("another prompt")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(page.locator("job-card", has_text="another prompt")).to_have_count(1)
    assert daemon.job(second)["params"]["prompt"] == "another prompt"
    assert daemon.job(second)["priority"] > daemon.job(first)["priority"]


def test_lastFrame_beginsTheNextFilm(filled, pages):
    page = pages.open(filled.url)
    page.locator("#view").get_by_role("button", name="Use last frame").click()
    expect(page.locator("#attached")).to_contain_text("last frame of")
    assert page.locator("#film").evaluate("(v) => v.duration - v.currentTime") < 0.05
