/** Line drawings on a grid of 24; decoration only, so assistive technology skips them. */
const SHAPES = {
  play: "M7 4.5v15l12-7.5z",
  pause: "M8 5v14M16 5v14",
  brush:
    "M14 6l4 4M4 20c0-3 1-5 4-5 1.700 0 3 1.300 3 3 0 2-2 2.500-7 2zM10 15L20 5a2 2 0 0 0-2.800-2.800L8.500 13",
  wand: "M4 20L14 10M12 8l4 4 2-2-4-4zM18 3v3M20.500 4.500h-5M20 14v2.500M21.200 15.200h-2.500",
  crop: "M7 2v15h15M2 7h15v15",
  split: "M12 4v16M8 8l-4 4 4 4M16 8l4 4-4 4",
  help: "M9 9a3 3 0 1 1 4.200 2.800c-.8.400-1.200 1-1.200 2.200M12 17.300h.01",
  board: "M3 5h18v14H3zM9 5v14M15 5v14",
  motion:
    "M13 4.500a1.500 1.500 0 1 0 0-.1M12 8l-3 5 4 2 1 6M9 13l-1 4-4 3M12 8l3 3 4-1M12 8L8 9l-2 3",
  subject: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-4 3.500-6 8-6s8 2 8 6",
  gallery: "M3 4h8v7H3zM13 4h8v7h-8zM3 13h8v7H3zM13 13h8v7h-8z",
  webhook:
    "M12 3v8M12 11l-6 8M12 11l6 8M12 5.500a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM5 22a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM19 22a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
  usage: "M4 20V10M10 20V4M16 20v-7M22 20H2",
  pulse: "M3 12h4l3-8 4 16 3-8h4",
  people:
    "M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM2 20c0-4 3-6 7-6s7 2 7 6M16 4.500a3.500 3.500 0 0 1 0 6.500M18 14.500c2.500.8 4 2.700 4 5.500",
  server: "M4 4h16v7H4zM4 13h16v7H4zM8 7.500h.01M8 16.500h.01",
  log: "M5 3h14v18H5zM9 8h6M9 12h6M9 16h4",
  key: "M15 9a5 5 0 1 1-4.600-5M11 10l-8 8v3h4v-3h3v-3l2.500-2.500M15.500 7.500h.01",
  book: "M4 4h6a3 3 0 0 1 2 1 3 3 0 0 1 2-1h6v15h-6a3 3 0 0 0-2 1 3 3 0 0 0-2-1H4zM12 5v15",
  sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 2v2M12 20v2M4 12H2M22 12h-2M5 5l1.500 1.500M17.500 17.500L19 19M5 19l1.500-1.500M17.500 6.500L19 5",
  moon: "M20 14.500A8.500 8.500 0 0 1 9.500 4 8.500 8.500 0 1 0 20 14.500z",
  menu: "M4 7h16M4 12h16M4 17h16",
  close: "M6 6l12 12M18 6L6 18",
  upload: "M12 16V4M7 9l5-5 5 5M4 16v4h16v-4",
  download: "M12 4v12M7 11l5 5 5-5M4 20h16",
  sound: "M4 10v4h4l5 4V6l-5 4zM16.5 9a4 4 0 0 1 0 6M19 6.5a8 8 0 0 1 0 11",
  muted: "M4 10v4h4l5 4V6l-5 4zM17 10l4 4M21 10l-4 4",
  trash: "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v6M14 11v6",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  check: "M5 12.500l4.500 4.500L19 7",
  plus: "M12 5v14M5 12h14",
  up: "M6 14l6-6 6 6",
  down: "M6 10l6 6 6-6",
  left: "M14 6l-6 6 6 6",
  right: "M10 6l6 6-6 6",
  undo: "M8 5L4 9l4 4M4 9h10a6 6 0 0 1 0 12h-3",
  redo: "M16 5l4 4-4 4M20 9H10a6 6 0 0 0 0 12h3",
  eraser: "M4 16L14 6l6 6-8 8H8zM9 11l6 6M12 20h9",
  path: "M5 19a2 2 0 1 0 0-.1M19 5a2 2 0 1 0 0-.1M7 18c7 0 3-12 10-12",
  hand: "M8 12V5.500a1.500 1.500 0 0 1 3 0V11V4a1.500 1.500 0 0 1 3 0v7V5.500a1.500 1.500 0 0 1 3 0V14a7 7 0 0 1-7 7c-3 0-4.500-2-7-6.500-.6-1.200 1-2.200 2-1.200L8 15",
  lock: "M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3",
  image: "M3 5h18v14H3zM3 16l5-5 5 5 3-3 5 4M15.500 9.500h.01",
  film: "M3 5h18v14H3zM7 5v14M17 5v14M3 9.500h4M3 14.500h4M17 9.500h4M17 14.500h4",
  again: "M4 12a8 8 0 0 1 14-5.300L20 9M20 4v5h-5M20 12a8 8 0 0 1-14 5.300L4 15M4 20v-5h5",
  stop: "M6 6h12v12H6z",
  out: "M14 4h6v16h-6M10 8l-4 4 4 4M6 12h9",
  alert: "M12 4L2.500 20h19zM12 10v4.500M12 17.300h.01",
  link: "M10 14a4.500 4.500 0 0 0 6.500.5l3-3a4.600 4.600 0 0 0-6.500-6.500l-1.500 1.500M14 10a4.500 4.500 0 0 0-6.500-.5l-3 3a4.600 4.600 0 0 0 6.500 6.500l1.500-1.500",
  longer: "M3 6h11v12H3zM18 9l3 3-3 3M14 12h7",
  four: "M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z",
  fit: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  star: "M12 3.500l2.600 5.600 6.100.7-4.500 4.200 1.200 6-5.400-3-5.400 3 1.200-6-4.500-4.200 6.100-.7z",
  beside: "M3 5h8v14H3zM13 5h8v14h-8z",
  search: "M10.500 17a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13zM15.500 15.500L20 20",
  globe: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18",
} as const;

export type IconName = keyof typeof SHAPES;

export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg
      aria-hidden="true"
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.7"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={SHAPES[name]} />
    </svg>
  );
}
