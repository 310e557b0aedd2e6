// The SharedWorker: one stream for all pages of a browser, which would otherwise use up its six connections.

import { Hub } from "./hub.js";
import { Stream } from "./stream.js";

/** @type {Hub} */
const hub = new Hub(new Stream((actions) => hub.tell(actions)));

/** @param {MessageEvent} event */
function connected({ ports: [port] }) {
    port.onmessage = ({ data }) => hub.hear(port, data);
}
/** @type {any} */ (globalThis).onconnect = connected;
