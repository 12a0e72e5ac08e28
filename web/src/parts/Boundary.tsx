import { Alert, Button } from "@mantine/core";
import { Component, type ReactNode } from "react";
import { suspect, useAway, useReturn } from "../api/reach";
import { useWords } from "../i18n";

const STORED = "kirin.reloaded";
const SOON_MS = 10_000;

interface State {
  error?: Error;
}

/** Catches what goes wrong while a page is fetched or shown; the menu stays in any case. */
export class Boundary extends Component<{ children: ReactNode }, State> {
  override state: State = {};

  static getDerivedStateFromError(error: Error): State {
    return { error };
  }

  override componentDidCatch() {
    // The server may be away, or another version than the one that this page came from.
    void suspect().then(reload);
  }

  override render() {
    return this.state.error ? <Broken error={this.state.error} /> : this.props.children;
  }
}

function Broken({ error }: { error: Error }) {
  const { t } = useWords();
  const away = useAway();
  useReturn(reload);
  return (
    <div className="page narrow">
      <Alert color="gray" title={t("This page could not be loaded.")}>
        {/* While the server is away, loading again would only take the console away, too. */}
        {!away && (
          <>
            <p className="mono small">{error.message}</p>
            <Button mt="sm" size="xs" variant="default" onClick={() => location.reload()}>
              {t("Try again")}
            </Button>
          </>
        )}
      </Alert>
    </div>
  );
}

/** Loads everything anew, but not over and over: some things do not get better by that. */
function reload(): void {
  const last = Number(sessionStorage.getItem(STORED) ?? 0);
  if (Date.now() - last < SOON_MS) return;
  sessionStorage.setItem(STORED, String(Date.now()));
  location.reload();
}
