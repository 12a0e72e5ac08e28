import "@mantine/core/styles.css";
import "./styles/base.css";
import "./styles/type.css";
import "./styles/shell.css";
import "./styles/forms.css";
import "./styles/composer.css";
import "./styles/media.css";
import "./styles/tasks.css";
import "./styles/result.css";
import "./styles/gallery.css";
import "./styles/brush.css";
import "./styles/crop.css";
import "./styles/tables.css";
import "./styles/operator.css";
import "./styles/welcome.css";
import { MantineProvider } from "@mantine/core";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { SessionProvider } from "./api/session";
import { SpecsProvider } from "./api/specs";
import { WordsProvider } from "./i18n";
import { theme } from "./theme";

/** What the server lets style elements of this one page in by. */
const nonce = document.querySelector<HTMLElement>("meta[property=csp-nonce]")?.nonce ?? "";
// Where the library that keeps the page behind a dialog from scrolling looks for it.
Object.assign(window, { __webpack_nonce__: nonce });

const root = document.getElementById("root");
if (!root) throw new Error("the page has no root element");
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => nonce}>
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
