import { ActionIcon, Drawer } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { type ReactNode, useEffect } from "react";
import { Link, useLocation } from "wouter";
import { useOperator } from "../api/operator";
import { useSession } from "../api/session";
import { useWords } from "../i18n";
import { Icon, type IconName } from "./Icon";
import { Logo } from "./Logo";
import { Preferences } from "./Preferences";

interface Place {
  path: string;
  name: string;
  icon: IconName;
}

interface Group {
  name: string;
  places: Place[];
}

const GROUPS: Group[] = [
  {
    name: "Create",
    places: [
      { path: "/play", name: "Playground", icon: "play" },
      { path: "/brush", name: "Motion brush", icon: "brush" },
      { path: "/storyboard", name: "Storyboard", icon: "board" },
      { path: "/motion", name: "Motion control", icon: "motion" },
    ],
  },
  {
    name: "Library",
    places: [
      { path: "/gallery", name: "Gallery", icon: "gallery" },
      { path: "/subjects", name: "Subjects", icon: "subject" },
    ],
  },
  {
    name: "Account",
    places: [
      { path: "/usage", name: "Usage", icon: "usage" },
      { path: "/keys", name: "Keys", icon: "key" },
      { path: "/webhooks", name: "Webhooks", icon: "webhook" },
      { path: "/reference", name: "Reference", icon: "book" },
    ],
  },
];

/** Shown to whoever has a key with the scope admin. */
const OPERATOR: Group = {
  name: "Operator",
  places: [
    { path: "/operator", name: "Overview", icon: "pulse" },
    { path: "/operator/accounts", name: "Accounts", icon: "people" },
    { path: "/operator/usage", name: "Usage of all", icon: "usage" },
    { path: "/operator/audit", name: "Audit", icon: "log" },
    { path: "/operator/server", name: "Server", icon: "server" },
    { path: "/operator/checks", name: "Checks", icon: "check" },
  ],
};

export function Shell({ children }: { children: ReactNode }) {
  const { t } = useWords();
  const [location] = useLocation();
  const [open, menu] = useDisclosure(false);
  const here = [OPERATOR, ...GROUPS]
    .flatMap((group) => group.places)
    .find((place) => isHere(location, place));
  const title = here ? t(here.name) : "Kirin";

  useEffect(() => {
    document.title = title === "Kirin" ? title : `${title} · Kirin`;
  }, [title]);

  useEffect(() => {
    // A file that misses its field must not take the place of the page.
    const stay = (event: DragEvent) => event.preventDefault();
    window.addEventListener("dragover", stay);
    window.addEventListener("drop", stay);
    return () => {
      window.removeEventListener("dragover", stay);
      window.removeEventListener("drop", stay);
    };
  }, []);

  return (
    <div className="shell">
      <a className="skip" href="#main">
        {t("Skip to the content")}
      </a>
      <header className="top">
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={t("Open the menu")}
          onClick={menu.open}
        >
          <Icon name="menu" />
        </ActionIcon>
        <Logo />
      </header>
      <nav className="rail" aria-label={t("Pages")}>
        <Logo />
        <Navigation location={location} />
      </nav>
      <Drawer
        opened={open}
        onClose={menu.close}
        size={280}
        title={<Logo />}
        closeButtonProps={{ "aria-label": t("Close") }}
      >
        <nav className="rail-in-drawer" aria-label={t("Pages")}>
          <Navigation location={location} onGo={menu.close} />
        </nav>
      </Drawer>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

function Navigation({ location, onGo }: { location: string; onGo?: () => void }) {
  const { t } = useWords();
  const { signOut } = useSession();
  const { client: operator } = useOperator();
  return (
    <>
      {(operator ? [...GROUPS, OPERATOR] : GROUPS).map((group) => (
        <div key={group.name} className="rail-group">
          <p className="rail-title">{t(group.name)}</p>
          {group.places.map((place) => (
            <Link
              key={place.path}
              href={place.path}
              onClick={onGo}
              className="rail-link"
              aria-current={isHere(location, place) ? "page" : undefined}
            >
              <Icon name={place.icon} />
              {t(place.name)}
            </Link>
          ))}
        </div>
      ))}
      <div className="rail-end">
        <Preferences />
        <button type="button" className="rail-link" onClick={signOut}>
          <Icon name="out" />
          {t("Sign out")}
        </button>
      </div>
    </>
  );
}

function isHere(location: string, place: Place): boolean {
  // The first page of a part that has more is not the place of these.
  if (place.path === OPERATOR.places[0]?.path) return location === place.path;
  return location === place.path || location.startsWith(`${place.path}/`);
}
