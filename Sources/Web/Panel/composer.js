// The form for a new video.

/** @import { Estimates } from "./estimate.js" */
/** @import { Job, Params } from "./types.js" */
import * as api from "./api.js";
import { el, find, setText } from "./el.js";
import { money, span } from "./format.js";
import { recall, remember } from "./keep.js";
import { complain, toast } from "./toast.js";

/** @typedef {{url: string, name: string, preview: string | null}} Attached */

/** What the form asks beside prompt and files. */
const SETTINGS = [
    "resolution",
    "aspect_ratio",
    "duration",
    "seed",
    "steps",
    "guidance",
    "negative_prompt",
    "fps",
    "voice",
];

/** The types, and which parts of the form they use. */
const USES = /** @type {Record<string, string[]>} */ ({
    RENDER: ["prompt", "film"],
    IMG2VID: ["prompt", "image", "film"],
    TTS: ["prompt", "voice"],
    LIPSYNC: ["prompt", "image", "audio", "film"],
});

/** Whether the form can ask for this type. @param {string} type */
export function hasForm(type) {
    return type in USES;
}

export class Composer {
    #form = /** @type {HTMLFormElement} */ (find("#create"));
    /** @type {Attached | null} */
    #image = null;
    /** @type {Attached | null} */
    #audio = null;
    /** What a duplicated job has that the form does not show. @type {Params} */
    #rest = {};
    /** @type {Estimates | null} */
    #estimates = null;
    /** Where jobs go. */
    #submit;

    /** @param {(document: Record<string, unknown>, key: string) => Promise<unknown>} submit */
    constructor(submit = api.submit) {
        this.#submit = submit;
        const form = this.#form;
        form.addEventListener("submit", (event) => {
            event.preventDefault();
            this.#generate();
        });
        form.addEventListener("keydown", (event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
                event.preventDefault();
                this.#generate();
            }
        });
        form.addEventListener("input", () => this.#changed());
        find(".dice", form).addEventListener("click", () => {
            this.#field("seed").value = String(api.freshSeed());
            this.#changed();
        });
        find("#attach").addEventListener("click", () => find("#files").click());
        find("#forget").addEventListener("click", () => {
            this.#image = null;
            this.#audio = null;
            this.#changed();
        });
        const kept = recall("form");
        if (kept) this.#fill(kept);
        this.#changed();
    }

    /** @param {string} name @returns {HTMLInputElement} */
    #field(name) {
        return /** @type {any} */ (this.#form.elements.namedItem(name));
    }

    get #type() {
        return this.#field("type").value;
    }

    /** To the prompt. */
    focus() {
        this.#field("prompt").focus();
    }

    /** @param {Estimates} estimates */
    know(estimates) {
        this.#estimates = estimates;
        this.#estimate();
    }

    /** A picture to begin with. @param {Attached} image */
    useImage(image) {
        this.#image = image;
        if (!USES[this.#type].includes("image")) this.#field("type").value = "IMG2VID";
        this.#changed();
    }

    /** A voice for a speaking face. @param {Attached} audio */
    useAudio(audio) {
        this.#audio = audio;
        this.#field("type").value = "LIPSYNC";
        this.#changed();
    }

    /** Fills in what another job asked. @param {Job} job */
    duplicate(job) {
        const params = { ...(job.params ?? {}) };
        this.#fill({ ...params, type: job.type, takes: "1" });
        const shown = ["prompt", "text", "image", "audio", ...SETTINGS];
        this.#rest = Object.fromEntries(Object.entries(params).filter(([name]) => !shown.includes(name)));
        this.#image = null;
        this.#audio = null;
        this.#changed();
        for (
            const [kind, name]
                of /** @type {["image" | "audio", any][]} */ ([["image", params.image], ["audio", params.audio]])
        ) {
            if (typeof name === "string") this.#carry(job, kind, name);
        }
        this.focus();
    }

    /** A file that came with a job is uploaded once more, for the copy. @param {Job} job @param {"image" | "audio"} kind @param {string} name */
    async #carry(job, kind, name) {
        const set = (/** @type {Attached} */ file) => kind === "image" ? this.useImage(file) : this.useAudio(file);
        if (!/^[^/:]+$/.test(name)) return set({ url: name, name, preview: null });
        try {
            const answer = await fetch(api.inputURL(job.job_id, name));
            if (!answer.ok) throw new Error(`The ${kind} of ${job.job_id} is gone; add it again.`);
            const blob = await answer.blob();
            const { url } = await api.upload(blob, name);
            set({ url, name, preview: kind === "image" ? URL.createObjectURL(blob) : null });
        } catch (error) {
            complain(error);
        }
    }

    /** @param {Record<string, any>} values */
    #fill(values) {
        if (values.type in USES) this.#field("type").value = values.type;
        const prompt = values.prompt ?? values.text;
        if (prompt !== undefined) this.#field("prompt").value = prompt;
        for (const name of [...SETTINGS, "takes"]) {
            if (name in values || "params" in values || values.type) {
                const field = this.#field(name);
                const value = values[name];
                if (value !== undefined && value !== null) field.value = String(value);
                else if (["seed", "steps", "guidance", "negative_prompt", "voice"].includes(name)) field.value = "";
            }
        }
    }

    #changed() {
        const uses = USES[this.#type] ?? USES.RENDER;
        for (const part of /** @type {NodeListOf<HTMLElement>} */ (this.#form.querySelectorAll("[data-for]"))) {
            part.hidden = !(part.dataset.for ?? "").split(" ").some((name) => uses.includes(name));
        }
        const isSpeech = this.#type === "TTS";
        setText(find("#l-prompt"), isSpeech ? "What is said" : "Prompt");
        setText(find("output", this.#form), `${this.#field("duration").value} s`);
        const takes = Number(this.#field("takes").value);
        setText(find("#go"), takes === 1 ? (isSpeech ? "Generate speech" : "Generate") : `Generate ${takes} takes`);
        this.#showAttached(uses);
        this.#estimate();
    }

    /** @param {string[]} uses */
    #showAttached(uses) {
        const files = [uses.includes("image") ? this.#image : null, uses.includes("audio") ? this.#audio : null].filter(
            (file) => file !== null,
        );
        const text = find("#attached");
        find("#forget").hidden = files.length === 0;
        const picture = /** @type {HTMLImageElement} */ (find("#attach img"));
        const preview = files.find((file) => file.preview)?.preview ?? "";
        picture.hidden = !preview;
        if (preview && picture.getAttribute("src") !== preview) picture.src = preview;
        find("#attach .i").toggleAttribute("hidden", Boolean(preview));
        if (files.length) text.replaceChildren(el("b", {}, files.map((file) => file.name).join(", ")), " will be used");
        else if (uses.includes("audio")) {
            text.replaceChildren(el("b", {}, "Drop a face and a voice"), " here, or choose them");
        } else text.replaceChildren(el("b", {}, "Drop a start image"), " or job.json, or a whole folder");
    }

    /** What the form asks for. @param {number} take */
    document(take = 0) {
        const value = (/** @type {string} */ name) => this.#field(name).value.trim();
        const [type, uses] = [this.#type, USES[this.#type]];
        /** @type {Params} */
        const params = { ...this.#rest };
        params[type === "TTS" ? "text" : "prompt"] = value("prompt");
        if (uses.includes("film")) {
            Object.assign(params, {
                resolution: value("resolution"),
                aspect_ratio: value("aspect_ratio"),
                duration: Number(value("duration")),
            });
            if (value("fps")) params.fps = Number(value("fps"));
            for (const name of ["steps", "guidance"]) if (value(name)) params[name] = Number(value(name));
            if (value("negative_prompt")) params.negative_prompt = value("negative_prompt");
            const seed = value("seed");
            const takes = Number(value("takes"));
            if (seed) params.seed = (Number(seed) + take) % 4294967296;
            else if (takes > 1) params.seed = api.freshSeed();
        }
        if (uses.includes("voice") && value("voice")) params.voice = value("voice");
        if (uses.includes("image") && this.#image) params.image = this.#image.url;
        if (uses.includes("audio") && this.#audio) params.audio = this.#audio.url;
        return { type, params };
    }

    #estimate() {
        const { type, params } = this.document();
        const seconds = this.#estimates?.seconds(type, params) ?? null;
        const cost = this.#estimates?.cost(type, params) ?? null;
        const takes = Number(this.#field("takes").value);
        find(".est", this.#form).hidden = seconds === null;
        if (seconds !== null) setText(find("#took"), `about ${span(seconds)} each`);
        setText(find("#cost"), cost === null ? "" : `≈ ${money(cost * takes)}`);
    }

    async #generate() {
        const form = this.#form;
        if (form.classList.contains("busy") || !form.reportValidity()) return;
        const uses = USES[this.#type];
        if (uses.includes("image") && !this.#image) {
            return toast("Add a picture first: drop it anywhere, paste it, or choose it.", { isError: true });
        }
        if (uses.includes("audio") && !this.#audio) {
            return toast("Add a sound first: drop it anywhere, or choose it.", { isError: true });
        }
        form.classList.add("busy");
        const takes = this.#type === "TTS" ? 1 : Number(this.#field("takes").value);
        try {
            for (let take = 0; take < takes; take += 1) await this.#submit(this.document(take), api.freshKey());
            toast(takes === 1 ? "Queued." : `${takes} takes are queued.`, { seconds: 2.5 });
            const isKept = this.#field("keep").checked;
            remember(
                "form",
                isKept
                    ? Object.fromEntries([...new FormData(form)].filter(([name]) => !["prompt", "seed"].includes(name)))
                    : null,
            );
            if (!isKept) {
                form.reset();
                [this.#image, this.#audio, this.#rest] = [null, null, {}];
                this.#changed();
            }
        } catch (error) {
            complain(error);
        } finally {
            form.classList.remove("busy");
        }
    }
}

/** A thumbnail of a file that was not uploaded yet. @param {Blob} file */
export function previewOf(file) {
    return file.type.startsWith("image/") ? URL.createObjectURL(file) : null;
}
