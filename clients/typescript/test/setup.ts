/** Pauses between attempts are remembered, and take no time. */

import { beforeEach, vi } from "vitest";
import { pauses } from "./pauses.js";

vi.mock("../src/limits.js", async (original) => ({
  ...(await original<typeof import("../src/limits.js")>()),
  sleep: async (milliseconds: number, signal?: AbortSignal) => {
    pauses.push(milliseconds);
    signal?.throwIfAborted();
  },
}));

beforeEach(() => {
  pauses.length = 0;
});
