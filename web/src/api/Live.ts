import { messages } from "@kirin/client";
import { Limited, sleep } from "@kirin/client/core";
import { EVENTS } from "@kirin/client/streams";
import { ApiError, Client } from "./client";
import { suspect } from "./reach";
import type { Task } from "./types";

/** A change; with neither member set, anything may have changed, so everything is read again. */
export interface News {
  /** A task as it is now. */
  task?: Task;
  /** Ids of tasks that were removed. */
  gone?: string[];
}

type Listener = (news: News) => void;

/** Messages between tabs. */
type Word =
  | { kind: "hello" }
  | { kind: "state"; on: boolean; last: string }
  | { kind: "news"; last: string; news: News };

/** The server sends something at least every 15 seconds. */
const SILENCE_MS = 40_000;
const LINGER_MS = 4000;
const AGAIN_MS = 1000;
const REFUSED_MS = 30_000;

/**
 * The account's event stream: one for all tabs of a browser.
 *
 * A browser opens six connections to a server at most, for all tabs together. So one tab holds a
 * lock, reads the stream and forwards it to the others; when it closes, the next one gets the
 * lock. Nothing is lost in between, because every tab knows the number of the last event. Where
 * there are no locks (on http, except on this machine), pages poll instead.
 */
export class Live {
  /** Whether changes arrive from the stream. */
  on = false;
  private last = "";
  private leads = false;
  private heardAt = 0;
  private ending = 0;
  private stop: AbortController | undefined;
  private channel: BroadcastChannel | undefined;
  private readonly listeners = new Set<Listener>();
  private readonly name: string;
  private readonly client: Client;

  constructor(key: string) {
    // A key that is refused here is refused elsewhere, too, where it is said.
    this.client = new Client(key, () => undefined);
    this.name = `kirin.events.${digest(key)}`;
  }

  /** Calls a listener for every change until the returned function is called. */
  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    clearTimeout(this.ending);
    if (this.listeners.size === 1) this.start();
    return () => {
      this.listeners.delete(listener);
      // Between two pages nobody listens for a moment.
      if (!this.listeners.size) this.ending = window.setTimeout(() => this.end(), LINGER_MS);
    };
  }

  /** Tells all tabs about a change that the stream does not report. */
  changed(news: News = {}): void {
    this.say({ kind: "news", last: this.last, news });
    this.hear(news);
  }

  /** Whether changes arrive now: the tab that forwards them may have been frozen. */
  get alive(): boolean {
    return this.on && Date.now() - this.heardAt < SILENCE_MS;
  }

  private start(): void {
    if (this.stop || !("locks" in navigator) || !("BroadcastChannel" in window)) return;
    const stop = new AbortController();
    this.stop = stop;
    this.channel = new BroadcastChannel(this.name);
    this.channel.onmessage = ({ data }: MessageEvent<Word>) => this.told(data);
    this.say({ kind: "hello" });
    navigator.locks
      .request(this.name, { signal: stop.signal }, () => this.lead(stop.signal))
      .catch(() => undefined); // given up while it waited
  }

  private end(): void {
    this.stop?.abort();
    this.stop = undefined;
    this.channel?.close();
    this.channel = undefined;
    this.on = false;
  }

  private say(word: Word): void {
    this.channel?.postMessage(word);
  }

  private told(word: Word): void {
    if (word.kind === "hello") {
      if (this.leads) this.say({ kind: "state", on: this.on, last: this.last });
      return;
    }
    this.last = word.last || this.last;
    this.heardAt = Date.now();
    if (word.kind === "state") this.on = word.on;
    else this.hear(word.news);
  }

  private hear(news: News): void {
    for (const listener of this.listeners) listener(news);
  }

  /** Reads the stream for all tabs, reconnecting until this tab stops listening. */
  private async lead(stop: AbortSignal): Promise<void> {
    this.leads = true;
    while (!stop.aborted) {
      const pause = await this.read(stop).catch(() => AGAIN_MS);
      this.state(false);
      if (stop.aborted) break;
      // While the server is down there is no use in reconnecting.
      await suspect();
      await sleep(pause, stop).catch(() => undefined); // it is over
    }
    this.leads = false;
  }

  /** Reads the stream to its end. Returns how long to wait before reconnecting. */
  private async read(stop: AbortSignal): Promise<number> {
    const limited = new Limited(stop);
    try {
      const headers: Record<string, string> = this.last ? { "Last-Event-ID": this.last } : {};
      const missed = !this.last;
      const { pieces } = await this.client.open(EVENTS, { headers }, limited, SILENCE_MS);
      for await (const { id, name, data } of messages(pieces, this.last)) {
        this.last = id;
        if (data) {
          const news = name === "reset" ? {} : { task: JSON.parse(data) as Task };
          this.say({ kind: "news", last: id, news });
          this.hear(news);
        }
        const first = !this.on;
        this.state(true);
        // Something may have happened between earlier reads and the first event's number.
        if (first && missed) this.changed();
      }
    } catch (error) {
      if (error instanceof ApiError) return REFUSED_MS;
      throw error;
    } finally {
      limited.over();
    }
    return AGAIN_MS;
  }

  private state(on: boolean): void {
    this.on = on;
    this.heardAt = Date.now();
    this.say({ kind: "state", on, last: this.last });
  }
}

/** Tells keys apart (FNV-1a, 32 bits) without showing them. */
function digest(key: string): string {
  let hash = 0x811c9dc5;
  for (const character of key) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return (hash >>> 0).toString(16);
}
