import type { Subject } from "../api/types";
import { sameOrigin } from "../lib/links";
import { Icon } from "./Icon";

/** What a subject looks like, or a drawing of somebody where nothing is known. */
export function SubjectFace({ subject }: { subject: Subject }) {
  const url = subject.thumbnail_url;
  return (
    <span className="face">
      {url ? (
        <img src={sameOrigin(url)} alt="" loading="lazy" />
      ) : (
        <Icon name="subject" size={26} />
      )}
    </span>
  );
}
