import { releaseBlobUrl } from "../../lib/blobUrl";

/** A browser has six connections to a server; the page needs some for itself. */
const AT_ONCE = 3;

/** Pictures that are kept; those shown longest ago go first. */
const KEPT = 400;

type Fetch = (id: string) => Promise<Blob>;
type Tell = (url: string) => void;

/**
 * Pictures of tasks' videos, fetched while somebody wants them, the last wanted first: who scrolls
 * by a thousand tasks waits for those on the screen only.
 */
export class Posters {
  private readonly kept = new Map<string, string>();
  private readonly wanted = new Map<string, Set<Tell>>();
  private readonly under = new Set<string>();
  private readonly without = new Set<string>();

  /**
   * @param fetch gets a picture.
   * @param never whether an error means that there will be no picture.
   */
  constructor(
    private readonly fetch: Fetch,
    private readonly never: (error: unknown) => boolean,
  ) {}

  /** The address of a picture that is here. */
  get(id: string): string | undefined {
    return this.kept.get(id);
  }

  /** Tells the address of a picture as soon as it is here; what is returned ends the wish. */
  want(id: string, tell: Tell): () => void {
    const url = this.kept.get(id);
    if (url !== undefined) {
      // Shown now, it is the last to go.
      this.kept.delete(id);
      this.kept.set(id, url);
      tell(url);
      return () => undefined;
    }
    if (this.without.has(id)) return () => undefined;
    const tells = this.wanted.get(id) ?? new Set();
    tells.add(tell);
    this.wanted.delete(id);
    this.wanted.set(id, tells);
    this.begin();
    return () => {
      tells.delete(tell);
      if (!tells.size && this.wanted.get(id) === tells) this.wanted.delete(id);
    };
  }

  private begin(): void {
    for (const id of [...this.wanted.keys()].reverse()) {
      if (this.under.size >= AT_ONCE) return;
      if (!this.under.has(id)) void this.load(id);
    }
  }

  private async load(id: string): Promise<void> {
    this.under.add(id);
    try {
      this.keep(id, URL.createObjectURL(await this.fetch(id)));
    } catch (error) {
      // What failed otherwise is fetched again when the tile comes near again.
      if (this.never(error)) this.without.add(id);
      this.wanted.delete(id);
    } finally {
      this.under.delete(id);
      this.begin();
    }
  }

  private keep(id: string, url: string): void {
    this.kept.set(id, url);
    for (const tell of this.wanted.get(id) ?? []) tell(url);
    this.wanted.delete(id);
    for (const [oldest, old] of this.kept) {
      if (this.kept.size <= KEPT) break;
      this.kept.delete(oldest);
      releaseBlobUrl(old);
    }
  }
}
