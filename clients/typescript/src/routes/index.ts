/**
 * Every route but the administration's.
 *
 * Written by scripts/write_wire_types.py. Do not change this file: change the routes of the server
 * and of the Python client, and run `make types`.
 */

export * from "./account.js";
export * from "./batches.js";
export * from "./catalogue.js";
export * from "./files.js";
export * from "./queue.js";
export * from "./quotes.js";
export * from "./server.js";
export * from "./tasks.js";
