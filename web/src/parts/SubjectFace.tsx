import type { Subject } from "../api/types";
import { ownLink } from "../lib/links";
import { Icon } from "./Icon";
import { useAgain } from "./useAgain";

/** What a subject looks like, or a drawing of somebody where nothing is known. */
export function SubjectFace({ subject }: { subject: Subject }) {
  const again = useAgain();
  const url = subject.thumbnail_url;
  return (
    <span className="face">
      {url ? (
        <img key={again.turn} onError={again.onError} src={ownLink(url)} alt="" loading="lazy" />
      ) : (
        <Icon name="subject" size={26} />
      )}
    </span>
  );
}
