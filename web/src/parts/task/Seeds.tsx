import { Button } from "@mantine/core";
import { useRef, useState } from "react";
import { Link } from "wouter";
import { useSession } from "../../api/session";
import { createTask, requestOf, useTask } from "../../api/tasks";
import type { Task } from "../../api/types";
import { useWords } from "../../i18n";
import { ownLink } from "../../lib/links";
import { videoOf } from "../../lib/results";
import { recall, remember, SEEDS, Series } from "../../lib/seeds";
import { Icon } from "../Icon";
import { stillness } from "../stillness";
import { useMessage } from "../useMessage";
import { Running } from "./Running";

/** Four tasks of the request of one, which differ by their seeds. */
export function useSeeds(task: Task) {
  const { client } = useSession();
  const message = useMessage();
  const series = useRef(new Series());
  const [made, setMade] = useState(() => recall(task.id));
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState("");

  async function make() {
    if (busy) return;
    setBusy(true);
    setTrouble("");
    // Once more, after all four, is a new wish.
    if (!series.current.left) series.current = new Series();
    const { made: ids } = series.current;
    try {
      const body = JSON.stringify(await requestOf(client, task.id));
      const once = { progress: () => undefined, signal: new AbortController().signal };
      await series.current.goOn((key) => createTask(client, body, key, once));
    } catch (error) {
      setTrouble(message(error));
    }
    if (ids.length) {
      setMade([...ids]);
      remember(task.id, ids);
    }
    setBusy(false);
  }
  return { made, busy, trouble, make };
}

type Seeding = ReturnType<typeof useSeeds>;

/** Makes them. */
export function MakeSeeds({ seeds }: { seeds: Seeding }) {
  const { t } = useWords();
  return (
    <Button
      size="sm"
      variant="default"
      loading={seeds.busy}
      title={t("The same request again, four times by chance")}
      leftSection={<Icon name="four" size={16} />}
      onClick={() => void seeds.make()}
    >
      {t("Four seeds at once")}
    </Button>
  );
}

/** What came of them, side by side. */
export function SeedGrid({ seeds }: { seeds: Seeding }) {
  const { t } = useWords();
  const { made, trouble } = seeds;
  if (!made.length && !trouble) return null;
  return (
    <section className="seeds" aria-label={t("Four seeds")}>
      {trouble && (
        <p className="field-error" role="alert">
          {made.length < SEEDS
            ? t("{n} of {all} were made. {why}", { n: made.length, all: SEEDS, why: trouble })
            : trouble}
        </p>
      )}
      {made.length > 0 && (
        <ul className="seed-grid">
          {made.map((id, index) => (
            <Seed key={id} id={id} number={index + 1} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Seed({ id, number }: { id: string; number: number }) {
  const { t } = useWords();
  const { data: task } = useTask(id);
  const url = task && videoOf(task);
  const seed = task?.metadata.seed;
  return (
    <li className="seed">
      <div className="seed-picture">
        {url ? (
          <video
            src={ownLink(url)}
            muted
            loop
            playsInline
            autoPlay={!stillness.matches}
            preload="auto"
            tabIndex={-1}
            aria-hidden="true"
          />
        ) : (
          task?.status === "in_progress" && <Running task={task} />
        )}
        {task?.status === "failed" && <p className="small">{t("It failed")}</p>}
      </div>
      <Link href={`/gallery/${id}`} className="seed-link">
        {seed === undefined
          ? t("Video {n}", { n: number })
          : t("Video {n}, seed {seed}", { n: number, seed: String(seed) })}
      </Link>
    </li>
  );
}
