import * as model from "../../Sources/Web/Panel/timeline-model.js";
import { equal } from "./assert.js";

/** @param {number[]} lengths @param {number} [fade] */
function draftWith(lengths, fade = 0.5) {
    const clips = lengths.map((length, n) => ({
        source: `job:${n}/video.mp4`,
        name: `clip${n}`,
        length,
        start: 0,
        end: length,
    }));
    return model.added({ ...model.emptyDraft(), fade }, clips);
}
/** @param {model.Draft} draft */
const names = (draft) => draft.clips.map((clip) => clip.name);

Deno.test("crossfades overlap, so the film is that much shorter", () => {
    const draft = draftWith([5, 4.5, 5, 5.5]);
    equal(model.totalLength(draft), 18.5);
    equal(model.placed(draft).map(({ at }) => at), [0, 4.5, 8.5, 13]);
});

Deno.test("a crossfade is never longer than half of a clip", () => {
    const { at, fade } = model.placed(draftWith([0.4, 5], 2))[1];
    equal([at, fade], [0.2, 0.2]);
});

Deno.test("a clip is moved, trimmed within its source, and cut in two", () => {
    let draft = draftWith([5, 4, 3], 0);
    draft = model.moved(draft, draft.clips[2].id, 0);
    equal(names(draft), ["clip2", "clip0", "clip1"]);
    equal(model.moved(draft, draft.clips[0].id, -4) === draft, true, "it is at the edge already");
    const id = draft.clips[1].id;
    draft = model.trimmed(draft, id, { start: 1.234, end: 99 });
    equal([draft.clips[1].start, draft.clips[1].end], [1.23, 5]);
    draft = model.trimmed(draft, id, { end: 0 });
    equal([draft.clips[1].start, draft.clips[1].end], [1.23, 1.43], "it never becomes shorter than the shortest");
    draft = model.split(draft, 1);
    equal(names(draft), ["clip2", "clip2", "clip0", "clip1"]);
    equal(draft.clips.slice(0, 2).map(({ start, end }) => [start, end]), [[0, 1], [1, 3]]);
    equal(model.split(draft, 0.05) === draft, true, "no splinters");
});

Deno.test("an export says exactly what the timeline shows", () => {
    let draft = draftWith([5, 4]);
    draft = model.trimmed(draft, draft.clips[1].id, { start: 1 });
    const { draft: captioned, caption } = model.captioned(draft, 2);
    draft = model.recaptioned(captioned, caption.id, { text: " Every evening they leave " });
    draft = model.captioned(draft, 0).draft;
    draft = { ...draft, size: "720p", music: { source: "upload:abc", name: "song", volume: 0.8 } };
    equal(model.exportOf(draft), {
        type: "EXPORT",
        params: {
            clips: [
                { url: "job:0/video.mp4", transition: { type: "crossfade", duration: 0.5 } },
                { url: "job:1/video.mp4", start: 1, end: 4 },
            ],
            captions: [{ text: "Every evening they leave", start: 2, end: 4.5 }],
            audio: [{ url: "upload:abc", volume: 0.8, loop: true, fade_out: 1, duck: true }],
            output: { size: "720p" },
        },
    });
});

Deno.test("an export leads back to its draft", () => {
    let draft = draftWith([5, 4, 3], 0.25);
    draft = model.trimmed(draft, draft.clips[0].id, { start: 0.5, end: 3 });
    const { params } = model.exportOf(draft);
    const lengths =
        /** @type {Record<string, number>} */ ({ "job:0/video.mp4": 5, "job:1/video.mp4": 4, "job:2/video.mp4": 3 });
    const back = model.draftOf(params, (source) => ({ name: source, length: lengths[source] }));
    equal(model.exportOf(back), model.exportOf(draft));
    equal(model.totalLength(back), model.totalLength(draft));
});

Deno.test("undo goes back step by step; what is typed or dragged in one go is one step", () => {
    const history = new model.History(model.emptyDraft());
    const titled = (/** @type {string} */ title) => ({ ...history.draft, title });
    for (const title of ["H", "Ha", "Har"]) history.change(titled(title), "title");
    history.change(titled("other"));
    history.undo();
    equal(history.draft.title, "Har");
    history.undo();
    equal([history.draft.title, history.canUndo, history.canRedo], ["Untitled film", false, true]);
    history.redo();
    history.redo();
    equal([history.draft.title, history.canRedo], ["other", false]);
    history.undo();
    history.change(titled("new"));
    equal(history.canRedo, false, "what comes after a change is gone");
});
