import type { Face } from "../lib/faces";
import { ownLink } from "../lib/links";
import { Icon } from "./Icon";
import { useAgain } from "./useAgain";

/** A face as it was found, or a drawing of somebody where its picture has gone. */
export function FacePicture({ face }: { face: Face }) {
  const again = useAgain();
  return (
    <span className="face">
      {face.picture ? (
        <img key={again.turn} onError={again.onError} src={ownLink(face.picture)} alt="" />
      ) : (
        <Icon name="subject" size={26} />
      )}
    </span>
  );
}
