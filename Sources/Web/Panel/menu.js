// One menu for all cards. It lies above the page, so that nothing that happens in the list can close it.

import { el, find } from "./el.js";
import { icon } from "./icons.js";

/**
 * @typedef {object} MenuItem
 * @property {string} icon
 * @property {string} text
 * @property {() => void} act
 * @property {string} [key] the key that does the same
 */

/**
 * Opens the menu at a button.
 * @param {HTMLElement} at
 * @param {MenuItem[]} items
 */
export function openMenu(at, items) {
    const menu = find("#menu");
    const close = () => menu.hidePopover();
    menu.replaceChildren(...items.map((item) => {
        const key = item.key ? el("kbd", {}, item.key) : null;
        const button = el(
            "button",
            { type: "button", role: "menuitem", tabIndex: -1 },
            icon(item.icon),
            el("span", {}, item.text),
            key,
        );
        button.onclick = () => {
            close();
            at.focus({ preventScroll: true });
            item.act();
        };
        return button;
    }));
    menu.onkeydown = (event) => steer(event, menu, close, at);
    menu.showPopover();
    place(menu, at.getBoundingClientRect());
    /** @type {HTMLElement} */ (menu.firstElementChild)?.focus();
}

/** @param {HTMLElement} menu @param {DOMRect} box */
function place(menu, box) {
    const [width, height] = [menu.offsetWidth, menu.offsetHeight];
    const left = Math.max(8, Math.min(box.right - width, innerWidth - width - 8));
    const top = box.bottom + 4 + height > innerHeight ? Math.max(8, box.top - height - 4) : box.bottom + 4;
    menu.style.setProperty("--left", `${left}px`);
    menu.style.setProperty("--top", `${top}px`);
}

/** @param {KeyboardEvent} event @param {HTMLElement} menu @param {() => void} close @param {HTMLElement} at */
function steer(event, menu, close, at) {
    const items = /** @type {HTMLElement[]} */ ([...menu.children]);
    const index = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const to = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: items.length - 1 }[event.key];
    if (to !== undefined) items[(to + items.length) % items.length].focus();
    else if (event.key === "Tab" || event.key === "Escape") {
        close();
        at.focus({ preventScroll: true });
    } else if (event.key !== "Enter" && event.key !== " ") return;
    event.stopPropagation();
    if (to !== undefined || event.key === "Tab" || event.key === "Escape") event.preventDefault();
}
