import { Alert, Button, PasswordInput, Text, Title } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useSession } from "../api/session";
import { useWords } from "../i18n";
import { onSubmitKey } from "../lib/submitKey";
import { Logo } from "../parts/Logo";
import { Preferences } from "../parts/Preferences";
import { useAct } from "../parts/useAct";

export function SignIn() {
  const { signIn, refusal } = useSession();
  const { t } = useWords();
  const [key, setKey] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const { busy, trouble, run } = useAct(() => signIn(key.trim()));
  // At first, and whenever a key was refused.
  useEffect(() => field.current?.focus(), [trouble]);

  return (
    <main className="sign-in">
      <form
        className="sign-in-card"
        onKeyDown={onSubmitKey(() => busy || !key.trim() || void run())}
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
      >
        <Logo />
        <Title order={1} mt="xl">
          {t("Sign in")}
        </Title>
        <Text mt={6} c="dimmed" size="sm">
          {t("The console uses the API as you do: with a key. It stays in this browser.")}
        </Text>
        {refusal && (
          <Alert mt="md" color="yellow" role="alert">
            {refusal === "refused" && t("The key that this browser had is not taken any more.")}
            {refusal === "used" &&
              t("This link was used already or is too old: sign in with an API key.")}
            {refusal === "unheard" && t("The server cannot be reached.")}
          </Alert>
        )}
        <PasswordInput
          mt="lg"
          label={t("API key")}
          placeholder="kirin_sk_…"
          autoComplete="current-password"
          value={key}
          onChange={(event) => setKey(event.currentTarget.value)}
          error={trouble}
          visibilityToggleButtonProps={{ "aria-label": t("Show the key") }}
          required
          ref={field}
        />
        <Button type="submit" fullWidth mt="md" loading={busy} disabled={!key.trim()}>
          {t("Sign in")}
        </Button>
        <Text mt="lg" size="xs" c="dimmed">
          <code>kirin serve</code>{" "}
          {t("prints the first key, and a link that signs one browser in.")}{" "}
          <code>kirin keys create</code> {t("makes others.")}
        </Text>
      </form>
      <Preferences />
    </main>
  );
}
