// Films under the pointer.

import { isFilm, mediaURL } from "./describe.js";

/** First frames look the same: a film plays while somebody points at its picture. @param {HTMLElement} list */
export function playOnHover(list) {
    /** @type {HTMLVideoElement | null} */
    let video = null;
    const end = () => {
        video?.remove();
        video = null;
    };
    list.addEventListener("pointerover", (event) => {
        const thumb = /** @type {HTMLElement} */ (event.target).closest(".th");
        if (event.pointerType !== "mouse" || !thumb || thumb.querySelector("video")) return;
        const { job } = /** @type {any} */ (thumb.closest("job-card")) ?? {};
        const url = job && isFilm(job) ? mediaURL(job) : null;
        end();
        if (!url || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
        video = document.createElement("video");
        Object.assign(video, { muted: true, loop: true, playsInline: true, src: url, tabIndex: -1 });
        video.setAttribute("aria-hidden", "true");
        thumb.append(video);
        video.play().catch(() => {});
        thumb.addEventListener("pointerleave", end, { once: true });
    });
}
