import { useCallback, useEffect, useRef, useState } from "react";
import { sendFile } from "../../../../api/files";
import { useSession } from "../../../../api/session";
import type { Limits } from "../../../../api/types";
import { useWords } from "../../../../i18n";
import { sendable, Unreadable } from "../../../../lib/convert";
import { useDraft } from "../../../../lib/draft";
import { bytes, type Held, hold, type Kind } from "../../../../lib/media";
import { useMessage } from "../../../../parts/useMessage";
import { kindWords, unreadable } from "./words";

const TYPES: Record<Kind, string[]> = {
  image: [
    "image/png",
    "image/jpeg",
    "image/webp",
    "image/gif",
    "image/avif",
    "image/heic",
    "image/heif",
    "image/bmp",
    "image/tiff",
  ],
  video: ["video/mp4", "video/quicktime"],
  // Browsers do not agree on the names of these.
  audio: [
    "audio/mpeg",
    "audio/mp3",
    "audio/wav",
    "audio/x-wav",
    "audio/wave",
    "audio/vnd.wave",
    "audio/mp4",
    "audio/m4a",
    "audio/x-m4a",
  ],
};

/** What a file picker offers. */
export const ACCEPTED: Record<Kind, string> = {
  image: [...TYPES.image, ".heic", ".heif", ".avif"].join(","),
  video: [...TYPES.video, ".mp4", ".mov"].join(","),
  audio: [...TYPES.audio, ".mp3", ".wav", ".m4a"].join(","),
};

/** A file on its way to the server. */
export interface Sending {
  file: Blob;
  name: string;
  /** What share of it has gone, from 0 to 1. */
  share: number;
}

interface Taking {
  trouble: string;
  sending: Sending | undefined;
  /** Whether a picture is being read, and made into one that can be sent. */
  converting: boolean;
  /** Takes a file; `asIs` leaves a picture as it is, whatever it is. */
  take: (file: Blob, name: string, asIs?: boolean) => Promise<void>;
  /** Stops what is on its way, and forgets what went wrong. */
  stop: () => void;
}

/** Where reading a picture takes longer than this, people are told that it is read. */
const TOLD_AFTER_MS = 150;

/** Takes a file into the form: pictures stay here until they are sent, others go at once. */
export function useTake(kind: Kind, limits: Limits, put: (token: string) => void): Taking {
  const { t } = useWords();
  const { client } = useSession();
  const draft = useDraft();
  const message = useMessage();
  const [trouble, setTrouble] = useState("");
  const [sending, setSending] = useState<Sending>();
  const [converting, setConverting] = useState(false);
  const running = useRef<AbortController>(null);
  // Taking a file takes time, in which the form around may have changed.
  const turns = useRef(0);
  const latest = useRef({ put, draft });
  latest.current = { put, draft };

  const stop = useCallback(() => {
    running.current?.abort();
    running.current = null;
    turns.current++;
    setSending(undefined);
    setTrouble("");
  }, []);
  useEffect(() => () => running.current?.abort(), []);

  async function send(file: Blob, name: string) {
    const control = new AbortController();
    running.current = control;
    setSending({ file, name, share: 0 });
    try {
      const progress = (share: number) => setSending({ file, name, share });
      return await sendFile(client, file, name, progress, control.signal);
    } finally {
      if (running.current === control) setSending(undefined);
    }
  }

  async function read(file: Blob, name: string, asIs: boolean): Promise<Held> {
    if (asIs) return { ...(await hold(file, name)), asIs: true };
    const timer = window.setTimeout(() => setConverting(true), TOLD_AFTER_MS);
    try {
      const { blob, conversion } = await sendable(file, limits);
      const held = await hold(blob, name);
      return conversion ? { ...held, conversion } : held;
    } finally {
      clearTimeout(timer);
      setConverting(false);
    }
  }

  async function take(file: Blob, name: string, asIs = false) {
    stop();
    // What a picture is, its bytes tell: many systems know no type for HEIC.
    if (
      kind === "image" ? /^(video|audio|text)\//.test(file.type) : !TYPES[kind].includes(file.type)
    ) {
      setTrouble(kindWords(kind, t).refused(file.type || "?"));
      return;
    }
    if (kind !== "image" && limits.max_bytes && file.size > limits.max_bytes) {
      setTrouble(t("The file is larger than {most}.", { most: bytes(limits.max_bytes) }));
      return;
    }
    const turn = ++turns.current;
    try {
      const held = kind === "image" ? await read(file, name, asIs) : await send(file, name);
      // Another file may have been chosen in the meantime.
      if (turn === turns.current) latest.current.put(latest.current.draft.keep(held));
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") return;
      if (turn !== turns.current) return;
      const format = error instanceof Unreadable ? error.format : undefined;
      setTrouble(kind === "image" ? unreadable(format, t) : message(error));
    }
  }
  return { trouble, sending, converting, take, stop };
}
