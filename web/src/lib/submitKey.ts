/** Ctrl+Enter, or Command+Enter on a Mac: what sends a form from inside a text of many lines. */

interface Key {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  preventDefault: () => void;
}

export function onSubmitKey(act: () => void): (event: Key) => void {
  return (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    act();
  };
}
