// The HTTP API of Kinospool for TypeScript: client.js, with its types. All three files belong side by side.
//
//   import { type Job, Kinospool } from "./client.ts";
// @ts-types="./client.d.ts"
export { Kinospool, KinospoolError } from "./client.js";
export type * from "./client.d.ts";
