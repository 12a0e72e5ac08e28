/** Bringing something into sight, for certain: what is asked for once is easily lost. */

/** Least share of the window that is enough to see. */
const SEEN = 0.4;

/** Frames in which nothing has moved: a scroll that began takes a few, and one that ended stays. */
const AT_REST = 8;

/** Attempts after the first; what still cannot be seen then is not to be had. */
const TRIES = 12;

/** Frames until what is not there is waited for no more, about half a minute. */
const PATIENCE = 1800;

/** Signs that somebody goes elsewhere by hand. A tap is none: it stops a scroll and means no place. */
const BY_HAND = ["wheel", "touchmove", "keydown"] as const;

/** Keys that scroll a page. */
const SCROLLS = ["ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End", "Tab"];

/** Whether enough of something is within the window, or all of it. */
export function isInSight(top: number, bottom: number, height: number): boolean {
  const seen = Math.min(bottom, height) - Math.max(top, 0);
  return seen >= SEEN * height || (top >= 0 && bottom <= height && bottom > top);
}

/**
 * Scrolls until a part of the page is in sight and rests there, or somebody scrolls by hand.
 *
 * Browsers give a smooth scroll up when anything is tapped or focused meanwhile, and one that ends
 * where the part was is too short when the part has moved. So it is looked at until it rests, and
 * after the first attempt it jumps.
 *
 * @param isThere whether the part has the size that it will have.
 * @returns stops it.
 */
export function bringIntoSight(part: Element, smooth: boolean, isThere: () => boolean): () => void {
  let frame = 0;
  let frames = 0;
  let tries = 0;
  let still = 0;
  let before = Number.NaN;
  const stop = () => {
    cancelAnimationFrame(frame);
    for (const sign of BY_HAND) removeEventListener(sign, byHand);
  };
  const byHand = (event: Event) => {
    if (!(event instanceof KeyboardEvent) || SCROLLS.includes(event.key)) stop();
  };
  const scroll = () => {
    const behavior = smooth && tries === 0 ? "smooth" : "instant";
    part.scrollIntoView({ block: "start", behavior });
  };
  const look = () => {
    const { top, bottom } = part.getBoundingClientRect();
    still = top === before ? still + 1 : 0;
    before = top;
    if (++frames > PATIENCE) return stop();
    if (still >= AT_REST) {
      if (!isInSight(top, bottom, innerHeight)) {
        if (++tries > TRIES) return stop();
        scroll();
        still = 0;
      } else if (isThere()) return stop();
    }
    frame = requestAnimationFrame(look);
  };
  const { top, bottom } = part.getBoundingClientRect();
  if (!isInSight(top, bottom, innerHeight)) scroll();
  for (const sign of BY_HAND) addEventListener(sign, byHand, { passive: true });
  frame = requestAnimationFrame(look);
  return stop;
}
