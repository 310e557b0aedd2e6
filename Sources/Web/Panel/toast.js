// Short messages at the lower edge, and the voice for those who do not see them.

import { el, find } from "./el.js";

/**
 * Says something, with at most one thing to do about it.
 * @param {string} text
 * @param {{label?: string, act?: () => void, seconds?: number, isError?: boolean}} [options]
 * @returns {() => void} takes it away
 */
export function toast(text, { label, act, seconds = 5, isError = false } = {}) {
    const box = el("div", { className: isError ? "toast bad" : "toast" }, el("span", {}, text));
    const close = () => {
        clearTimeout(timer);
        box.remove();
    };
    const timer = setTimeout(close, seconds * 1000);
    if (label && act) {
        const button = el("button", { type: "button", className: "tb" }, label);
        button.onclick = () => {
            close();
            act();
        };
        box.append(button);
    }
    const stack = find("#toasts");
    stack.append(box);
    while (stack.children.length > 4) stack.firstElementChild?.remove();
    return close;
}

/** @param {unknown} error */
export function complain(error) {
    toast(
        error instanceof TypeError
            ? "The daemon cannot be reached; nothing was changed."
            : String(error instanceof Error ? error.message : error),
        {
            isError: true,
            seconds: 9,
        },
    );
}
