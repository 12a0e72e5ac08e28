import { useCallback, useEffect, useRef, useState } from "react";
import { sendFile } from "../../../../api/files";
import { useSession } from "../../../../api/session";
import type { Limits } from "../../../../api/types";
import { useWords } from "../../../../i18n";
import { useDraft } from "../../../../lib/draft";
import { bytes, hold, type Kind } from "../../../../lib/media";
import { useMessage } from "../../../../parts/useMessage";
import { kindWords } from "./words";

const TYPES: Record<Kind, string[]> = {
  image: ["image/png", "image/jpeg"],
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
  image: TYPES.image.join(","),
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
  take: (file: Blob, name: string) => Promise<void>;
  /** Stops what is on its way, and forgets what went wrong. */
  stop: () => void;
}

/** Takes a file into the form: pictures stay here until they are sent, others go at once. */
export function useTake(kind: Kind, limits: Limits, put: (token: string) => void): Taking {
  const { t } = useWords();
  const { client } = useSession();
  const draft = useDraft();
  const message = useMessage();
  const [trouble, setTrouble] = useState("");
  const [sending, setSending] = useState<Sending>();
  const running = useRef<AbortController>(null);
  // Taking a file takes time, in which the form around may have changed.
  const latest = useRef({ put, draft });
  latest.current = { put, draft };

  const stop = useCallback(() => {
    running.current?.abort();
    running.current = null;
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

  async function take(file: Blob, name: string) {
    stop();
    if (!TYPES[kind].includes(file.type)) {
      setTrouble(kindWords(kind, t).refused(file.type || "?"));
      return;
    }
    if (kind !== "image" && limits.max_bytes && file.size > limits.max_bytes) {
      setTrouble(t("The file is larger than {most}.", { most: bytes(limits.max_bytes) }));
      return;
    }
    try {
      const held = kind === "image" ? await hold(file, name) : await send(file, name);
      latest.current.put(latest.current.draft.keep(held));
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") return;
      setTrouble(
        kind === "image" ? t("This file is no picture that can be read.") : message(error),
      );
    }
  }
  return { trouble, sending, take, stop };
}
