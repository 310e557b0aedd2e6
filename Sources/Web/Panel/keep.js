// What this browser remembers: the starred takes, the draft of the timeline, the form, a few wishes.

/** @param {string} name @returns {any} null where nothing is kept, or what is kept cannot be read */
export function recall(name) {
    try {
        return JSON.parse(localStorage.getItem(`kinospool.${name}`) ?? "null");
    } catch {
        return null;
    }
}

/** @param {string} name @param {unknown} value */
export function remember(name, value) {
    try {
        localStorage.setItem(`kinospool.${name}`, JSON.stringify(value));
    } catch {
        // A full or forbidden storage costs memory, not work.
    }
}

/** Takes that were marked best. */
export class Stars {
    /** @type {Set<string>} */
    #ids = new Set(recall("best") ?? []);
    /** Called after a change. */
    changed = () => {};

    /** @returns {ReadonlySet<string>} */
    get ids() {
        return this.#ids;
    }

    /** @param {string} id */
    toggle(id) {
        if (!this.#ids.delete(id)) this.#ids.add(id);
        remember("best", [...this.#ids].slice(-2000));
        this.changed();
    }
}
