import { Loader } from "@mantine/core";
import { lazy, Suspense } from "react";
import { Redirect, Route, Switch, useLocation } from "wouter";
import { BillingProvider } from "./api/billing";
import { LiveProvider } from "./api/news";
import { OperatorProvider } from "./api/operator";
import { useSession } from "./api/session";
import { NotFound } from "./pages/NotFound";
import { SignIn } from "./pages/SignIn";
import { Away } from "./parts/Away";
import { Boundary } from "./parts/Boundary";
import { Shell } from "./parts/Shell";

// Each page is a file of its own, fetched when it is first opened.
const Playground = lazy(() => import("./pages/playground/Playground"));
const Brush = lazy(() => import("./pages/brush/Brush"));
const Storyboard = lazy(() =>
  import("./pages/playground/Lead").then((m) => ({ default: m.Storyboard })),
);
const MotionControl = lazy(() =>
  import("./pages/playground/Lead").then((m) => ({ default: m.MotionControl })),
);
const Subjects = lazy(() => import("./pages/subjects/Subjects"));
const Webhooks = lazy(() => import("./pages/webhooks/Webhooks"));
const Usage = lazy(() => import("./pages/usage/Usage"));
const Keys = lazy(() => import("./pages/keys/Keys"));
const Reference = lazy(() => import("./pages/reference/Reference"));
const Overview = lazy(() => import("./pages/operator/Overview"));
const Accounts = lazy(() => import("./pages/operator/Accounts"));
const UsageOfAll = lazy(() => import("./pages/operator/UsageOfAll"));
const Audit = lazy(() => import("./pages/operator/Audit"));
const Checks = lazy(() => import("./pages/operator/Checks"));
const Server = lazy(() => import("./pages/operator/Server"));
const Gallery = lazy(() => import("./pages/gallery/Gallery"));

export function App() {
  const { signedIn, arriving } = useSession();
  if (arriving) return <Waiting />;
  return (
    <>
      {signedIn ? (
        <LiveProvider>
          <BillingProvider>
            <OperatorProvider>
              <Rooms />
            </OperatorProvider>
          </BillingProvider>
        </LiveProvider>
      ) : (
        <SignIn />
      )}
      <Away />
    </>
  );
}

function Rooms() {
  const [place] = useLocation();
  return (
    <Shell>
      <Boundary key={place.split("/")[1]}>
        <Suspense fallback={<Waiting />}>
          <Switch>
            <Route path="/">
              <Redirect to="/play" replace />
            </Route>
            <Route path="/play/:model?">{({ model }) => <Playground model={model} />}</Route>
            <Route path="/brush/:model?">{({ model }) => <Brush model={model} />}</Route>
            <Route path="/storyboard">
              <Storyboard />
            </Route>
            <Route path="/motion">
              <MotionControl />
            </Route>
            <Route path="/subjects">
              <Subjects />
            </Route>
            <Route path="/webhooks">
              <Webhooks />
            </Route>
            <Route path="/usage">
              <Usage />
            </Route>
            <Route path="/keys">
              <Keys />
            </Route>
            <Route path="/operator">
              <Overview />
            </Route>
            <Route path="/operator/accounts/:id?">{({ id }) => <Accounts id={id} />}</Route>
            <Route path="/operator/usage">
              <UsageOfAll />
            </Route>
            <Route path="/operator/server">
              <Server />
            </Route>
            <Route path="/operator/checks">
              <Checks />
            </Route>
            <Route path="/operator/audit">
              <Audit />
            </Route>
            <Route path="/reference/:page?">{({ page }) => <Reference page={page} />}</Route>
            <Route path="/gallery/:id?">{({ id }) => <Gallery id={id} />}</Route>
            <Route>
              <NotFound />
            </Route>
          </Switch>
        </Suspense>
      </Boundary>
    </Shell>
  );
}

function Waiting() {
  return (
    <div className="waiting">
      <Loader size="sm" role="status" aria-label="…" />
    </div>
  );
}
