/** The players of a page, and which of them the keyboard means where nobody has chosen one. */

export interface Remote {
  /** Where it is. */
  root: HTMLElement;
  toggle: () => void;
  step: (frames: number) => void;
}

const players: Remote[] = [];

/** What has a use of its own for the keys of a player. */
const CONTROLS =
  "a, button, input, select, textarea, summary, video[controls], audio, [contenteditable], " +
  "[role=slider], [role=application], [role=menu], [role=listbox], [role=radiogroup], [role=tablist]";

/** Adds a player; the result takes it away again. */
export function addPlayer(player: Remote): () => void {
  if (!players.length) window.addEventListener("keydown", onKey);
  players.push(player);
  return () => {
    players.splice(players.indexOf(player), 1);
    if (!players.length) window.removeEventListener("keydown", onKey);
  };
}

/** From now on the keyboard means this one. */
export function choosePlayer(player: Remote): void {
  const at = players.indexOf(player);
  if (at > 0) players.unshift(...players.splice(at, 1));
}

function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  const target = event.target instanceof Element ? event.target : document.body;
  if (target.closest(CONTROLS)) return;
  const dialog = topDialog();
  const player = players.find(({ root }) => !dialog || dialog.contains(root));
  if (!player) return;
  const act = actFor(event.key, player, !!dialog);
  if (!act) return;
  // Else the page would scroll.
  event.preventDefault();
  act();
}

/** In a dialog the arrow keys go to the tasks beside this one. */
function actFor(key: string, player: Remote, inDialog: boolean): (() => void) | undefined {
  if (key === " ") return player.toggle;
  if (key === "ArrowLeft" && !inDialog) return () => player.step(-1);
  if (key === "ArrowRight" && !inDialog) return () => player.step(1);
  return undefined;
}

function topDialog(): Element | undefined {
  return [...document.querySelectorAll("[role=dialog]")].at(-1);
}
