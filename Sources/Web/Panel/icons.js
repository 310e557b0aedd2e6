// The pictures on buttons, as paths in a square of 24 units.

const SVG = "http://www.w3.org/2000/svg";

/** @type {Record<string, string>} */
const PATHS = {
    pause: "M8 5v14M16 5v14",
    play: "M7 4.5v15l12-7.5z",
    x: "M6 6l12 12M18 6L6 18",
    retry: "M20 11a8 8 0 1 0-2.3 6.2M20 4v7h-7",
    trash: "M4 7h16M9 7V4h6v3M6.5 7l1 13h9l1-13M10 11v5M14 11v5",
    copy: "M9 9h11v11H9zM15 9V4H4v11h5",
    edit: "M4 20l1-5L16 4l4 4L9 19zM14 6l4 4",
    logs: "M5 6h14M5 11h14M5 16h9",
    plus: "M12 5v14M5 12h14",
    search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5L20 20",
    up: "M12 19V5M6 11l6-6 6 6",
    star: "M12 4l2.4 5.2 5.6.6-4.2 3.8 1.2 5.6-5-2.9-5 2.9 1.2-5.6L4 9.8l5.6-.6z",
    cmp: "M4 5h7v14H4zM13 5h7v14h-7z",
    film: "M4 5h16v14H4zM8 5v14M16 5v14M4 9h4M4 15h4M16 9h4M16 15h4",
    disk: "M5 6c0-3 14-3 14 0v12c0 3-14 3-14 0zM5 6c0 3 14 3 14 0M5 12c0 3 14 3 14 0",
    bolt: "M13 3L5 14h6l-1 7 8-11h-6z",
    img: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9.5h.01",
    dl: "M12 4v11M7 11l5 5 5-5M5 20h14",
    moon: "M20 14A8.5 8.5 0 0 1 10 4a8.5 8.5 0 1 0 10 10z",
    kbd: "M3 7h18v10H3zM7 10h.01M11 10h.01M15 10h.01M18 10h.01M8 14h8",
    dice: "M5 5h14v14H5zM9 9h.01M15 9h.01M12 12h.01M9 15h.01M15 15h.01",
    clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3 2",
    check: "M5 12.5l4.5 4.5L19 7",
    warn: "M12 4l9 16H3zM12 10v4M12 17h.01",
    fire: "M12 3c1 4 5 5.5 5 10a5 5 0 0 1-10 0c0-2 1-3.4 2-4.4C9.5 11 11 10 12 3z",
    frame: "M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4",
    cut: "M6 9a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM6 20a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM8 8l12 9M8 16L20 7",
    undo: "M9 7L4 11l5 4M4 11h10a5 5 0 0 1 0 10h-3",
    list: "M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01",
    queue: "M4 6h16M4 12h16M4 18h10",
    more: "M12 6h.01M12 12h.01M12 18h.01",
    down: "M6 9l6 6 6-6",
    mic: "M12 14a3 3 0 0 0 3-3V7a3 3 0 0 0-6 0v4a3 3 0 0 0 3 3zM6 11a6 6 0 0 0 12 0M12 17v4",
    music: "M9 18V6l10-2v12M9 18a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0zM19 16a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0z",
    caption: "M4 6h16v12H4zM7 14h5M14 14h3M7 10h2M11 10h6",
    back: "M15 6l-6 6 6 6",
    next: "M9 6l6 6-6 6",
    loop: "M17 3l3 3-3 3M20 6H8a4 4 0 0 0-4 4v1M7 21l-3-3 3-3M4 18h12a4 4 0 0 0 4-4v-1",
    stop: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM6 6l12 12",
    redo: "M15 7l5 4-5 4M20 11H10a5 5 0 0 0 0 10h3",
    link: "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1",
};

/**
 * A picture; it is never said aloud.
 * @param {string} name
 */
export function icon(name) {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("class", "i");
    svg.setAttribute("aria-hidden", "true");
    fillIcon(svg, name);
    return svg;
}

/** @param {Element} svg @param {string} name */
export function fillIcon(svg, name) {
    const path = document.createElementNS(SVG, "path");
    svg.setAttribute("viewBox", "0 0 24 24");
    path.setAttribute("d", PATHS[name]);
    svg.replaceChildren(path);
}

/** @param {Element} svg made by `icon` @param {string} name */
export function setIcon(svg, name) {
    const path = svg.firstElementChild;
    if (path && path.getAttribute("d") !== PATHS[name]) path.setAttribute("d", PATHS[name]);
}

/** Fills in the pictures that the page itself names. */
export function fillIcons() {
    for (const svg of document.querySelectorAll("svg[data-icon]")) fillIcon(svg, svg.getAttribute("data-icon") ?? "");
}
