import { useRef, useState } from "react";
import { suspect, useReturn } from "../api/reach";

/** For a picture or video: makes it anew when it could not be loaded while the server was away. */
export function useAgain() {
  const [turn, setTurn] = useState(0);
  const broken = useRef(false);
  useReturn(() => {
    if (broken.current) setTurn((n) => n + 1);
    broken.current = false;
  });
  const onError = () => {
    broken.current = true;
    void suspect();
  };
  return { turn, onError };
}
