/** Why something failed, where it was asked for. */
export function Trouble({ text }: { text: string }) {
  if (!text) return null;
  return (
    <p className="field-error" role="alert">
      {text}
    </p>
  );
}
