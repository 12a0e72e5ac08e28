import { useElementSize } from "@mantine/hooks";
import { useMemo } from "react";
import { useWords } from "../../i18n";
import { paintOf, slotsOf } from "../../lib/palette";

export interface Bar {
  day: string;
  parts: { name: string; value: number }[];
}

const HEIGHT = 200;
const FOOT = 22;
const LEFT = 52;
const NARROWEST = 240;
/** Of a day below its bar. */
const LABEL = 56;

/** Bars by day, stacked. The table below says the same to those who cannot see them. */
export function Chart({ bars, unit }: { bars: Bar[]; unit: string }) {
  const { t } = useWords();
  const { ref, width: room } = useElementSize<HTMLElement>();
  const width = Math.max(NARROWEST, room);
  const names = [...new Set(bars.flatMap((bar) => bar.parts.map((part) => part.name)))].sort();
  const slots = useSlots(names);
  const top = niceTop(
    Math.max(0, ...bars.map((bar) => bar.parts.reduce((n, p) => n + p.value, 0))),
  );
  const step = (width - LEFT) / Math.max(1, bars.length);
  const every = Math.ceil((bars.length * LABEL) / (width - LEFT));
  const y = (value: number) => HEIGHT - (value / top) * (HEIGHT - 14);
  return (
    <figure className="chart" ref={ref}>
      <svg width={width} height={HEIGHT + FOOT} role="img" aria-label={t("Usage by day")}>
        <defs>
          {names.map((name) => (
            <Pattern key={name} slot={slots[name] ?? 0} />
          ))}
        </defs>
        {[0, 0.25, 0.5, 0.75, 1].map((share) => (
          <g key={share}>
            <line
              x1={LEFT}
              x2={width}
              y1={y(top * share)}
              y2={y(top * share)}
              className="chart-line"
            />
            <text x={LEFT - 8} y={y(top * share) + 4} textAnchor="end" className="chart-text">
              {Number((top * share).toPrecision(3))}
            </text>
          </g>
        ))}
        {bars.map((bar, index) => {
          let at = 0;
          return (
            <g key={bar.day}>
              {names.map((name) => {
                const value = bar.parts.find((part) => part.name === name)?.value ?? 0;
                if (!value) return null;
                at += value;
                return (
                  <rect
                    key={name}
                    x={LEFT + index * step + step * 0.14}
                    width={step * 0.72}
                    y={y(at)}
                    height={Math.max(1, y(at - value) - y(at))}
                    rx={2}
                    fill={`url(#${paintId(slots[name])})`}
                  >
                    <title>{`${bar.day} ${name}: ${value} ${unit}`}</title>
                  </rect>
                );
              })}
              {index % every === 0 && (
                <text
                  x={LEFT + (index + 0.5) * step}
                  y={HEIGHT + 16}
                  textAnchor="middle"
                  className="chart-text"
                >
                  {bar.day.slice(5)}
                </text>
              )}
            </g>
          );
        })}
      </svg>
      <figcaption className="legend">
        {names.map((name) => (
          <span key={name}>
            <svg width={14} height={14} aria-hidden="true">
              <rect width={14} height={14} rx={3} fill={`url(#${paintId(slots[name])})`} />
            </svg>
            {name}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

/** The next number above that people like to read on an axis. */
function niceTop(most: number): number {
  if (most <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return ([1, 2, 4, 5, 10].find((n) => n * power >= most) ?? 10) * power;
}

const STORED = "kirin.colours";

/** The slots of names in the palette; this browser remembers them. */
function useSlots(names: string[]): Record<string, number> {
  const all = names.join("\n");
  return useMemo(() => {
    const slots = slotsOf(all ? all.split("\n") : [], remembered());
    localStorage.setItem(STORED, JSON.stringify(slots));
    return slots;
  }, [all]);
}

function remembered(): Record<string, number> {
  try {
    return JSON.parse(localStorage.getItem(STORED) ?? "{}") as Record<string, number>;
  } catch {
    return {};
  }
}

function paintId(slot = 0): string {
  return `paint-${slot}`;
}

/** A colour, hatched where there are more names than colours. */
function Pattern({ slot }: { slot: number }) {
  const { colour, hatch } = paintOf(slot);
  return (
    <pattern id={paintId(slot)} width={7} height={7} patternUnits="userSpaceOnUse">
      <rect width={7} height={7} fill={colour} />
      <g className="chart-hatch">
        {hatch === "stripes" && <path d="M-1 1 1-1M0 7 7 0M6 8 8 6" />}
        {hatch === "bars" && <path d="M0 3.5H7" />}
        {hatch === "dots" && <circle cx={3.5} cy={3.5} r={1.2} />}
      </g>
    </pattern>
  );
}
