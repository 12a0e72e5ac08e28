import { Anchor, Text, Title } from "@mantine/core";
import { Link } from "wouter";
import { useWords } from "../i18n";

export function NotFound() {
  const { t } = useWords();
  return (
    <div className="page narrow">
      <Title order={1}>{t("There is no such page")}</Title>
      <Text mt="sm">
        <Anchor component={Link} href="/play">
          {t("Go to the playground")}
        </Anchor>
      </Text>
    </div>
  );
}
