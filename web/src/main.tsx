import "@mantine/core/styles.css";
import "./styles/base.css";
import "./styles/shell.css";
import "./styles/forms.css";
import "./styles/media.css";
import "./styles/tasks.css";
import "./styles/brush.css";
import "./styles/tables.css";
import { MantineProvider } from "@mantine/core";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { SessionProvider } from "./api/session";
import { SpecsProvider } from "./api/specs";
import { WordsProvider } from "./i18n";
import { theme } from "./theme";

const root = document.getElementById("root");
if (!root) throw new Error("the page has no root element");
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <WordsProvider>
        <SessionProvider>
          <SpecsProvider>
            <App />
          </SpecsProvider>
        </SessionProvider>
      </WordsProvider>
    </MantineProvider>
  </StrictMode>,
);
