import { ownLink } from "../lib/links";
import { stillness } from "./stillness";
import { useAgain } from "./useAgain";

/** A video as a picture that moves while somebody points at it. */
export function Thumbnail({ url, autoPlay = false }: { url: string; autoPlay?: boolean }) {
  const again = useAgain();
  return (
    <video
      key={again.turn}
      onError={again.onError}
      src={autoPlay ? ownLink(url) : `${ownLink(url)}#t=0.05`}
      autoPlay={autoPlay}
      muted
      playsInline
      loop
      preload="metadata"
      tabIndex={-1}
      aria-hidden="true"
      onMouseEnter={(event) => {
        if (!stillness.matches) void event.currentTarget.play().catch(() => undefined);
      }}
      onMouseLeave={(event) => event.currentTarget.pause()}
    />
  );
}
