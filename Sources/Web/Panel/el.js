// Builds and patches the page without ever reading HTML from a text.

import { icon } from "./icons.js";

/**
 * A new element. Keys that are properties are set as such, `vars` are CSS variables, `data` is the data set, the rest
 * are attributes.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, any>} [attributes]
 * @param {...(Node | string | null | undefined | false)} kids
 * @returns {HTMLElementTagNameMap[K]}
 */
export function el(tag, attributes = {}, ...kids) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (value === undefined || value === null) continue;
        if (name === "vars") setVars(element, value);
        else if (name === "data") Object.assign(element.dataset, value);
        else if (name in element && name !== "list" && name !== "form") /** @type {any} */ (element)[name] = value;
        else element.setAttribute(name, String(value));
    }
    for (const kid of kids) if (kid || kid === "") element.append(kid);
    return element;
}

/** @param {HTMLElement} element @param {Record<string, string | number>} vars */
export function setVars(element, vars) {
    for (const [name, value] of Object.entries(vars)) setVar(element, name, String(value));
}

/** @param {HTMLElement} element @param {string} name @param {string} value */
export function setVar(element, name, value) {
    if (element.style.getPropertyValue(name) !== value) element.style.setProperty(name, value);
}

/**
 * A button with a picture alone.
 * @param {string} name
 * @param {string} label
 * @param {string} act what a click asks for
 */
export function iconButton(name, label, act) {
    return el(
        "button",
        { type: "button", className: "ib", "aria-label": label, title: label, data: { act } },
        icon(name),
    );
}

/**
 * A button with a picture and words.
 * @param {string} name
 * @param {string} text
 * @param {string} act
 * @param {string} [className]
 */
export function textButton(name, text, act, className = "") {
    return el(
        "button",
        { type: "button", className: `tb ${className}`, data: { act } },
        icon(name),
        el("span", {}, text),
    );
}

/**
 * Changes a text in place, so that a selection in it survives when it stays the same.
 * @param {Node} node
 * @param {string} text
 */
export function setText(node, text) {
    if (node.textContent === text) return;
    if (node.firstChild instanceof Text && node.childNodes.length === 1) node.firstChild.data = text;
    else node.textContent = text;
}

/** @param {Element} element @param {string} name @param {string | null} value null takes it away */
export function setAttribute(element, name, value) {
    if (element.getAttribute(name) === value) return;
    if (value === null) element.removeAttribute(name);
    else element.setAttribute(name, value);
}

/**
 * An element that must be there.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} selector
 * @param {ParentNode} [root]
 * @returns {T}
 */
export function find(selector, root = document) {
    const found = root.querySelector(selector);
    if (!found) throw new Error(`no ${selector}`);
    return /** @type {T} */ (found);
}

/**
 * Makes the children of a parent these, in this order, without touching those that are right: what has the focus is
 * never moved.
 * @param {HTMLElement} parent
 * @param {HTMLElement[]} wanted
 */
export function arrange(parent, wanted) {
    const keep = new Set(wanted);
    for (const child of [...parent.children]) if (!keep.has(/** @type {HTMLElement} */ (child))) child.remove();
    const focused = document.activeElement;
    const pivot = focused ? wanted.findIndex((child) => child.contains(focused)) : -1;
    if (pivot < 0) {
        let at = parent.firstElementChild;
        for (const child of wanted) {
            if (at === child) at = at.nextElementSibling;
            else parent.insertBefore(child, at);
        }
        return;
    }
    // Around the one with the focus: everything before it in front of it, everything after it behind.
    const before = wanted.slice(0, pivot);
    if (before.some((child, index) => parent.children[index] !== child)) {
        for (const child of before) parent.insertBefore(child, wanted[pivot]);
    }
    let last = wanted[pivot];
    for (const child of wanted.slice(pivot + 1)) {
        if (last.nextElementSibling !== child) last.after(child);
        last = child;
    }
}
