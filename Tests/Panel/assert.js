// The two assertions that the tests need; nothing is fetched for them.

/**
 * @param {unknown} actual
 * @param {unknown} expected
 * @param {string} [about]
 */
export function equal(actual, expected, about = "") {
    const [a, b] = [actual, expected].map((value) => JSON.stringify(value, null, 1));
    if (a !== b) throw new Error(`${about}\nis       ${a}\nshould be ${b}`);
}

/**
 * @param {unknown} condition
 * @param {string} about
 */
export function holds(condition, about) {
    if (!condition) throw new Error(about);
}
