import { useState } from "react";
import { useAway, useReturn } from "../api/reach";
import { useWords } from "../i18n";

const SAY_MS = 3000;

/** Says calmly that the server is away, and when it is back. */
export function Away() {
  const { t } = useWords();
  const away = useAway();
  const [back, setBack] = useState(false);
  useReturn(() => {
    setBack(true);
    setTimeout(() => setBack(false), SAY_MS);
  });
  return (
    <div className="away" role="status">
      {away ? (
        <p>
          <strong>{t("The server is away.")}</strong>{" "}
          {t("Nothing is lost: this page goes on by itself when it is back.")}
        </p>
      ) : (
        back && <p>{t("The server is back.")}</p>
      )}
    </div>
  );
}
