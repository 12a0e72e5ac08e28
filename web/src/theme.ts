import { createTheme, type MantineColorsTuple } from "@mantine/core";

const ember: MantineColorsTuple = [
  "#fff1ea",
  "#ffe0d1",
  "#ffc3a6",
  "#ffa278",
  "#ff8752",
  "#ff7d4d",
  "#e8602c",
  "#a93e0d",
  "#95360b",
  "#6f2807",
];

/** Warm greys: neutral enough to judge pictures on, without the blue of office software. */
const dark: MantineColorsTuple = [
  "#e9e6e2",
  "#c9c5bf",
  "#aaa59e",
  "#7a756e",
  "#4a4641",
  "#38352f",
  "#282521",
  "#1c1a17",
  "#141210",
  "#0d0c0a",
];

export const theme = createTheme({
  colors: { ember, dark },
  primaryColor: "ember",
  primaryShade: { light: 7, dark: 5 },
  autoContrast: true,
  luminanceThreshold: 0.34,
  defaultRadius: "md",
  cursorType: "pointer",
  focusRing: "auto",
  respectReducedMotion: true,
  fontFamily:
    'ui-sans-serif, system-ui, "Segoe UI", Roboto, "Noto Sans", "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "JetBrains Mono", Menlo, Consolas, monospace',
  headings: {
    fontWeight: "650",
    sizes: { h1: { fontSize: "1.5rem" }, h2: { fontSize: "1.05rem" } },
  },
  black: "#1c1a17",
  components: {
    InputWrapper: {
      defaultProps: { inputWrapperOrder: ["label", "description", "input", "error"] },
    },
    // Dialogs are no pages: their heads are not further banners of this one.
    ModalHeader: { defaultProps: { role: "none" } },
    DrawerHeader: { defaultProps: { role: "none" } },
    Tooltip: {
      defaultProps: { openDelay: 400, events: { hover: true, focus: true, touch: false } },
    },
  },
});
