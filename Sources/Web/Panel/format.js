// Numbers and times as people read them.

/**
 * `0:48`, `1:05`, `1:02:09`.
 * @param {number} seconds
 */
export function clock(seconds) {
    const whole = Math.max(0, Math.round(seconds));
    const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
    const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
    return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/**
 * `0:02.3`: with tenths, for players and cuts.
 * @param {number} seconds
 */
export function tenths(seconds) {
    const all = Math.max(0, Math.round(seconds * 10));
    return `${Math.floor(all / 600)}:${String(Math.floor(all / 10) % 60).padStart(2, "0")}.${all % 10}`;
}

/**
 * `3 s`, `42 s`, `2 min`, `1 h 5 min`, `3 days`.
 * @param {number} seconds
 */
export function span(seconds) {
    const s = Math.max(0, seconds);
    if (s < 99.5) return `${Math.round(s)} s`;
    const m = Math.round(s / 60);
    if (m < 100) return `${m} min`;
    if (m < 60 * 36) return `${Math.floor(m / 60)} h ${m % 60} min`;
    return `${Math.round(m / 1440)} days`;
}

/**
 * `3.1 MB`.
 * @param {number} count
 */
export function bytes(count) {
    const units = ["B", "kB", "MB", "GB", "TB"];
    let [value, unit] = [count, 0];
    while (value >= 999.5 && unit < units.length - 1) {
        value /= 1000;
        unit += 1;
    }
    return `${unit === 0 || value >= 99.5 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** @param {number} dollars */
export function money(dollars) {
    return `$${dollars.toFixed(2)}`;
}

/**
 * `14:46`.
 * @param {number} milliseconds
 */
export function timeOfDay(milliseconds) {
    const date = new Date(milliseconds);
    return `${String(date.getHours()).padStart(2, "0")}:${String(date.getMinutes()).padStart(2, "0")}`;
}

/**
 * `today 14:31`, `yesterday 9:05`, `24 Oct 18:02`.
 * @param {number} milliseconds
 * @param {number} now milliseconds
 */
export function moment(milliseconds, now) {
    const [date, today] = [new Date(milliseconds), new Date(now)];
    const yesterday = new Date(now - 86400000);
    if (date.toDateString() === today.toDateString()) return `today ${timeOfDay(milliseconds)}`;
    if (date.toDateString() === yesterday.toDateString()) return `yesterday ${timeOfDay(milliseconds)}`;
    const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    const year = date.getFullYear() === today.getFullYear() ? "" : ` ${date.getFullYear()}`;
    return `${date.getDate()} ${months[date.getMonth()]}${year} ${timeOfDay(milliseconds)}`;
}

/**
 * `1 take`, `3 takes`.
 * @param {number} count
 * @param {string} noun
 */
export function count(count, noun) {
    return `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
}

/**
 * A number that follows from a text, for colours.
 * @param {string} text
 */
export function hash(text) {
    let value = 2166136261;
    for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ text.charCodeAt(index), 16777619);
    return value >>> 0;
}
