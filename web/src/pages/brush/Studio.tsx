import { Button } from "@mantine/core";
import { useCallback, useEffect, useReducer, useRef, useState } from "react";
import { useLocation } from "wouter";
import type { Spec } from "../../api/types";
import { useWords } from "../../i18n";
import { useDraft } from "../../lib/draft";
import { STATIC } from "../../lib/labels";
import { effective } from "../../lib/values";
import { Icon } from "../../parts/Icon";
import { Canvas } from "./Canvas";
import { exportMasks, findPainting, keepPainting, type Names } from "./draft";
import type { Easel, Tool } from "./Easel";
import { MaskList } from "./MaskList";
import { restore } from "./restore";
import { Tools } from "./Tools";
import { useKeys } from "./useKeys";

interface Props {
  spec: Spec;
  names: Names;
  picture: HTMLImageElement;
  pictureName: string;
}

const SAVE_AFTER_MS = 400;

/** The room around the easel: tools, masks, and what becomes of them. */
export function Studio({ spec, names, picture, pictureName }: Props) {
  const { t } = useWords();
  const draft = useDraft();
  const [, go] = useLocation();
  const easel = useRef<Easel>(null);
  const [tool, setTool] = useState<Tool>("brush");
  const [label, setLabel] = useState(1);
  const [size, setSize] = useState(() =>
    Math.round(Math.max(picture.naturalWidth, picture.naturalHeight) / 14),
  );
  const [playing, setPlaying] = useState(false);
  const [busy, setBusy] = useState(false);
  const [kept, setKept] = useState(true);
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  const timer = useRef(0);
  const form = useRef(draft);
  form.current = draft;
  const hand = useRef({ size, label });
  hand.current = { size, label };
  const model = spec.model_id;

  const changed = useCallback(() => {
    redraw();
    setKept(false);
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => {
      if (easel.current)
        keepPainting(model, pictureName, easel.current, hand.current).then(
          () => setKept(true),
          () => undefined,
        );
    }, SAVE_AFTER_MS);
  }, [model, pictureName]);

  const ready = useCallback(
    (made: Easel) => {
      easel.current = made;
      findPainting(model, pictureName, made)
        .then(async (held) => {
          if (held) {
            setSize(held.size);
            setLabel(held.label);
          } else {
            const { params, files } = form.current;
            if (await restore(made, names, params, files)) changed();
          }
          redraw();
        })
        .catch(() => undefined);
      redraw();
    },
    [model, pictureName, names, changed],
  );

  useEffect(() => {
    if (!playing || !easel.current) return;
    return easel.current.play();
  }, [playing]);

  const choose = useCallback((next: number) => {
    setLabel(next);
    if (next === STATIC) setTool((old) => (old === "path" ? "brush" : old));
  }, []);
  useKeys({ easel, setTool, choose, setSize, stop: () => setPlaying(false) });

  const used = easel.current?.labels.used() ?? new Set<number>();
  const paths = easel.current?.paths ?? {};
  const lacking = [...used].filter((each) => each !== STATIC && (paths[each]?.length ?? 0) < 2);
  const stray = Object.keys(paths)
    .map(Number)
    .filter((each) => !used.has(each));
  const moving = [...used].some((each) => each !== STATIC);

  async function apply() {
    if (!easel.current) return;
    setBusy(true);
    await keepPainting(model, pictureName, easel.current, hand.current).catch(() => undefined);
    const made = await exportMasks(easel.current, names, draft.keep);
    draft.set(names.list, made.moving);
    if (names.still) draft.set(names.still, made.still);
    for (const rule of spec.rules) {
      // What the masks need beside them, such as a length of five seconds.
      if (rule.kind !== "only_with" || !rule.other || !rule.params?.includes(names.list)) continue;
      if (String(effective(spec, draft.params, rule.other)) !== String(rule.equals)) {
        draft.set(rule.other, String(rule.equals));
      }
    }
    go(`/play/${model}`);
  }

  return (
    <div className="studio">
      <h1 className="visually-hidden">{t("Motion brush")}</h1>
      <Tools
        easel={easel.current}
        tool={tool}
        onTool={setTool}
        size={size}
        onSize={setSize}
        largest={Math.round(Math.max(picture.naturalWidth, picture.naturalHeight) / 3)}
      />
      <Canvas
        picture={picture}
        tool={playing ? "hand" : tool}
        label={label}
        size={size}
        onReady={ready}
        onChanged={changed}
      />
      <section className="studio-side" aria-label={t("Masks")}>
        <MaskList
          label={label}
          onLabel={choose}
          used={used}
          paths={paths}
          onClear={(each) => easel.current?.clear(each)}
        />
        <p className="dim small">
          {picture.naturalWidth} × {picture.naturalHeight} ·{" "}
          {kept ? t("kept in this browser") : "…"}
        </p>
        <div className="studio-acts">
          <p className="run-hint" aria-live="polite">
            {lacking.length > 0 && t("Draw a path for mask {n}.", { n: lacking.join(", ") })}
            {stray.length > 0 && ` ${t("Paint something for path {n}.", { n: stray.join(", ") })}`}
          </p>
          <Button
            variant="default"
            leftSection={<Icon name={playing ? "stop" : "play"} size={16} />}
            disabled={!Object.values(paths).some((path) => path.length > 1)}
            onClick={() => setPlaying(!playing)}
          >
            {playing ? t("Stop the preview") : t("Preview")}
          </Button>
          <Button
            loading={busy}
            disabled={!moving || lacking.length > 0 || stray.length > 0}
            leftSection={<Icon name="check" size={16} />}
            onClick={apply}
          >
            {t("Use in the form")}
          </Button>
          <Button
            variant="subtle"
            color="gray"
            size="compact-sm"
            onClick={() => draft.set(names.picture, undefined)}
          >
            {t("Another picture")}
          </Button>
        </div>
      </section>
    </div>
  );
}
