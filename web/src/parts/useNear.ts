import { type RefObject, useEffect, useRef, useState } from "react";

/** Who is told whether an element is near; one observer for all of them. */
const told = new WeakMap<Element, (near: boolean) => void>();
let observer: IntersectionObserver | undefined;

function watch(element: Element, tell: (near: boolean) => void): () => void {
  observer ??= new IntersectionObserver(
    (entries) => {
      for (const entry of entries) told.get(entry.target)?.(entry.isIntersecting);
    },
    { rootMargin: "60% 0px" },
  );
  told.set(element, tell);
  observer.observe(element);
  return () => {
    told.delete(element);
    observer?.unobserve(element);
  };
}

/** Whether an element is within a screen's height of the window. */
export function useNear<T extends HTMLElement>(): { ref: RefObject<T | null>; near: boolean } {
  const ref = useRef<T>(null);
  const [near, setNear] = useState(false);
  useEffect(() => {
    if (ref.current) return watch(ref.current, setNear);
  }, []);
  return { ref, near };
}
