// Single keys as commands. They can be turned off (WCAG 2.1.4).

import { hasShortcuts, showKeys } from "./dialogs.js";
import { find } from "./el.js";

/** What keys do to the card that has the focus. */
const OF_CARDS = /** @type {Record<string, string>} */ ({
    Enter: "open",
    c: "cancel",
    r: "retry",
    e: "edit",
    f: "front",
    d: "duplicate",
    Delete: "delete",
    s: "star",
    x: "compare",
    t: "timeline",
    l: "log",
});

/**
 * @typedef {object} Reach
 * @property {(by: number) => void} go to the next or the previous card
 * @property {(act: string) => boolean} act on the card with the focus, or on the film in the player
 * @property {() => void} compose
 * @property {() => void} toggle plays and pauses
 * @property {(frames: number) => void} step
 * @property {() => void} undo
 */

/** @param {Reach} reach */
export function listenForKeys(reach) {
    addEventListener("keydown", (event) => {
        const target = /** @type {HTMLElement} */ (event.target);
        const isTyping = target.matches(
            "textarea, select, input:not([type=checkbox], [type=radio], [type=range], [type=button])",
        );
        if (event.defaultPrevented || isTyping || document.querySelector("dialog[open]")) return;
        if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !event.shiftKey) {
            event.preventDefault();
            return reach.undo();
        }
        if (event.ctrlKey || event.metaKey || event.altKey || !hasShortcuts()) return;
        if (press(event.key, target, reach)) event.preventDefault();
    });
}

/** @param {string} key @param {HTMLElement} target @param {Reach} reach @returns {boolean} whether it meant something */
function press(key, target, reach) {
    const isOnControl = target.closest("button, a, input, summary, video, [role=menuitem]") !== null;
    switch (key) {
        case "/":
            find("#search").focus();
            return true;
        case "?":
            showKeys();
            return true;
        case "n":
            reach.compose();
            return true;
        case "j":
        case "k":
            reach.go(key === "j" ? 1 : -1);
            return true;
        case ",":
        case ".":
            reach.step(key === "," ? -1 : 1);
            return true;
        case " ":
            if (isOnControl) return false;
            reach.toggle();
            return true;
    }
    const act = OF_CARDS[key];
    if (!act || (key === "Enter" && isOnControl)) return false;
    return reach.act(act);
}
