import { useWords } from "../../../i18n";
import type { Face, Voice } from "../../../lib/faces";

interface Props {
  face: Face | undefined;
  voice: Voice;
}

/** The seconds of the video: when the face is seen, and when the voice sounds. */
export function Timeline({ face, voice }: Props) {
  const { t } = useWords();
  if (!face) return null;
  const { start = 0, end = 0, insert = face.start } = voice;
  const last = insert + Math.max(0, end - start);
  const whole = Math.max(face.end, last, 1);
  return (
    <div className="timeline">
      <Lane name={t("Face")} from={face.start} to={face.end} whole={whole} kind="face" />
      <Lane name={t("Voice")} from={insert} to={last} whole={whole} kind="voice" />
    </div>
  );
}

interface LaneProps {
  name: string;
  from: number;
  to: number;
  whole: number;
  kind: "face" | "voice";
}

function Lane({ name, from, to, whole, kind }: LaneProps) {
  const share = (at: number) => `${(100 * at) / whole}%`;
  return (
    <div className="lane">
      <span className="lane-name">{name}</span>
      <span className="lane-track">
        <span
          className="lane-part"
          data-kind={kind}
          style={{ left: share(from), width: share(Math.max(0, to - from)) }}
        />
      </span>
      <span className="counter">
        {from} – {to} ms
      </span>
    </div>
  );
}
