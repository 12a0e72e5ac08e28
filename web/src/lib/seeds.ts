/** Several tasks of one request, which differ by chance alone: the server draws each its seed. */

import type { Created } from "../api/types";
import { freshKey } from "./attempt";

export const SEEDS = 4;

/** Tasks of one wish; what is wished again goes on where it was stopped. */
export class Series {
  readonly made: string[] = [];
  private keys = Array.from({ length: SEEDS }, freshKey);

  get left(): number {
    return SEEDS - this.made.length;
  }

  /**
   * Makes what is still missing, one after the other, until one is refused.
   *
   * @param create makes a task, once for each key.
   * @throws what it was refused with; what was made before stays.
   */
  async goOn(create: (key: string) => Promise<Created>): Promise<void> {
    while (this.left) {
      const { id } = await create(this.keys[this.made.length] ?? freshKey());
      this.made.push(id);
    }
  }
}

const STORED = "kirin.seeds";

/** Kept while the tab is open, so that a reload does not take them away. */
export function recall(task: string): string[] {
  try {
    const known = JSON.parse(sessionStorage.getItem(STORED) ?? "{}") as Record<string, string[]>;
    return known[task] ?? [];
  } catch {
    return [];
  }
}

export function remember(task: string, made: string[]): void {
  try {
    const known = JSON.parse(sessionStorage.getItem(STORED) ?? "{}") as Record<string, string[]>;
    sessionStorage.setItem(STORED, JSON.stringify({ ...known, [task]: made }));
  } catch {
    // A browser without storage shows them until the page is left.
  }
}
