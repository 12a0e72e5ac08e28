import { useEffect, useState } from "react";
import { releaseBlobUrl } from "../lib/blobUrl";

/** An address for a blob, given back when nobody shows it any more. */
export function useBlobUrl(blob: Blob | undefined): string | undefined {
  const [made, setMade] = useState<{ blob: Blob; url: string }>();
  useEffect(() => {
    if (!blob) return;
    const url = URL.createObjectURL(blob);
    setMade({ blob, url });
    return () => releaseBlobUrl(url);
  }, [blob]);
  // The address of an earlier blob is on its way out.
  return made && made.blob === blob ? made.url : undefined;
}
