'use client';
import { useFormatter, useTranslations } from 'next-intl';
import { useState } from 'react';
import { Card } from '@/ui/states';
import { bothWays, type Day, heightOf, scaleOf, type Scale, sumOf } from './growth.rules';

/** Of the drawing, in its own units; it is as wide as there are days, and stretched. */
const HIGH = 100;
/** Of a bar, as a part of its day. */
const BAR = 0.62;

/** Two charts over the same days: how many there were, and who came and went. Time runs from left to right in every language. */
export function GrowthCharts({ days }: { days: readonly Day[] }) {
  const t = useTranslations('groups.growth');
  const [at, setAt] = useState<number | null>(null);
  const sizes = days.flatMap(({ size }) => size ?? []);
  return (
    <Card className="grid grid-cols-1 gap-6">
      <Told day={days[at ?? days.length - 1]} />
      {sizes.length > 0 ? (
        <Frame
          name="size"
          className="h-52"
          label={t('charts.size', { from: sizes[0] ?? 0, to: sizes.at(-1) ?? 0 })}
          scale={scaleOf(sizes)}
          {...{ days, at, setAt }}
        >
          <Line days={days} scale={scaleOf(sizes)} />
        </Frame>
      ) : null}
      <Frame
        name="changes"
        className="h-32"
        label={t('charts.changes', { joined: sumOf(days, 'joined'), left: sumOf(days, 'left') })}
        scale={bothWays(days)}
        {...{ days, at, setAt }}
      >
        <Bars days={days} scale={bothWays(days)} />
      </Frame>
      <Dates days={days} />
    </Card>
  );
}

/** What a day says, of the one that is pointed at; else of the last. */
function Told({ day }: { day: Day | undefined }) {
  const t = useTranslations('groups.growth');
  const format = useFormatter();
  if (!day) return null;
  const date = format.dateTime(new Date(`${day.day}T00:00:00Z`), { dateStyle: 'full', timeZone: 'UTC' });
  return (
    <p aria-hidden className="flex min-h-6 flex-wrap items-baseline gap-x-4 gap-y-1 text-sm">
      <span className="font-medium">{date}</span>
      <span className="text-quiet">{day.size === null ? t('before') : t('people', { count: day.size })}</span>
      <span className="text-good">{t('came', { count: day.joined })}</span>
      <span className="text-bad">{t('went', { count: day.left })}</span>
    </p>
  );
}

function Frame({
  name,
  label,
  scale,
  days,
  at,
  setAt,
  className,
  children,
}: {
  name: 'size' | 'changes';
  /** What is read out in place of it. */
  label: string;
  scale: Scale;
  days: readonly Day[];
  at: number | null;
  setAt: (at: number | null) => void;
  className: string;
  children: React.ReactNode;
}) {
  const t = useTranslations('groups.growth');
  const format = useFormatter();
  const point = ({ currentTarget, clientX }: React.PointerEvent): void => {
    const { left, width } = currentTarget.getBoundingClientRect();
    setAt(Math.min(days.length - 1, Math.max(0, Math.floor(((clientX - left) / width) * days.length))));
  };
  return (
    <div className="grid grid-cols-1 gap-3">
      <h3 className="text-xs text-quiet">{t(`charts.${name}Title`)}</h3>
      <div dir="ltr" className={`relative ms-10 ${className}`} onPointerMove={point} onPointerLeave={() => setAt(null)}>
        {scale.ticks.map((tick) => (
          <span
            key={tick}
            aria-hidden
            className="absolute inset-x-0 border-t border-line"
            style={{ top: `${heightOf(scale, tick) * 100}%` }}
          >
            <span className="absolute -start-10 w-8 -translate-y-1/2 text-end text-[0.6875rem] text-quiet tabular-nums">
              {format.number(Math.abs(tick), { notation: 'compact' })}
            </span>
          </span>
        ))}
        <svg
          role="img"
          aria-label={label}
          viewBox={`0 0 ${days.length} ${HIGH}`}
          preserveAspectRatio="none"
          className="absolute inset-0 size-full overflow-visible"
        >
          {children}
          {at === null ? null : (
            <line
              x1={at + 0.5}
              x2={at + 0.5}
              y1={0}
              y2={HIGH}
              vectorEffect="non-scaling-stroke"
              className="stroke-edge [stroke-dasharray:3_3]"
            />
          )}
        </svg>
      </div>
    </div>
  );
}

/** From where the group is known. */
function Line({ days, scale }: { days: readonly Day[]; scale: Scale }) {
  const points = days.flatMap(({ size }, n) =>
    size === null ? [] : [[n + 0.5, heightOf(scale, size) * HIGH] as const],
  );
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return null;
  const line = points.map(([x, y]) => `${x} ${y}`).join(' L ');
  return (
    <>
      <path d={`M ${first[0]} ${HIGH} L ${line} L ${last[0]} ${HIGH} Z`} className="fill-accent/10" />
      <path
        d={`M ${line}${points.length === 1 ? ` h 0.001` : ''}`}
        vectorEffect="non-scaling-stroke"
        className="fill-none stroke-accent stroke-2 [stroke-linecap:round] [stroke-linejoin:round]"
      />
    </>
  );
}

/** Who came stands above the line, who went below it. */
function Bars({ days, scale }: { days: readonly Day[]; scale: Scale }) {
  const none = heightOf(scale, 0) * HIGH;
  const tall = (count: number) => none - heightOf(scale, count) * HIGH;
  return days.map(({ day, joined, left }, n) => (
    <g key={day}>
      <rect x={n + (1 - BAR) / 2} y={none - tall(joined)} width={BAR} height={tall(joined)} className="fill-good" />
      <rect x={n + (1 - BAR) / 2} y={none} width={BAR} height={tall(left)} className="fill-bad" />
    </g>
  ));
}

/** The first day, one in the middle, and the last. */
function Dates({ days }: { days: readonly Day[] }) {
  const format = useFormatter();
  const shown = new Set([0, Math.floor(days.length / 2), days.length - 1]);
  return (
    <p aria-hidden dir="ltr" className="-mt-3 ms-10 flex justify-between text-[0.6875rem] text-quiet">
      {days.map(({ day }, n) =>
        shown.has(n) ? (
          <span key={day} dir="auto">
            {format.dateTime(new Date(`${day}T00:00:00Z`), { day: 'numeric', month: 'short', timeZone: 'UTC' })}
          </span>
        ) : null,
      )}
    </p>
  );
}
