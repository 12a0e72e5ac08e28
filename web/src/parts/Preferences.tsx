import { ActionIcon, Button, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { useWords } from "../i18n";
import { Icon } from "./Icon";

/** Light or dark, English or Chinese. */
export function Preferences() {
  const { t, language, choose } = useWords();
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme("dark");
  const other = scheme === "dark" ? "light" : "dark";
  return (
    <div className="preferences">
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={other === "light" ? t("Use the light theme") : t("Use the dark theme")}
        onClick={() => setColorScheme(other)}
      >
        <Icon name={other === "light" ? "sun" : "moon"} />
      </ActionIcon>
      <Button
        variant="subtle"
        color="gray"
        size="compact-md"
        lang={language === "en" ? "zh-Hans" : "en"}
        onClick={() => choose(language === "en" ? "zh" : "en")}
      >
        {language === "en" ? "中文" : "English"}
      </Button>
    </div>
  );
}
