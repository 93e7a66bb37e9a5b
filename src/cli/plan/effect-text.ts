/** What another policy makes of bans, in lines for people and in fields for programs. */
import { DENY_JAIL } from '../../domain/names.ts';
import { printable } from '../../domain/printable.ts';
import { countText, numberText, UTC, untilText, type Zone } from '../../domain/words.ts';
import type { BanEffect, ChangedBan, PolicyEffect, WhyEffect } from '../../policy/effect/policy-effect.ts';
import { whyIgnoredText } from '../../policy/why-ignored.ts';
import { isoTime } from '../../yaml/time.ts';
import { codedJson } from '../text/coded-json.ts';
import { claimText } from '../text/explain.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Bans with one reason beyond this many are only counted, with an example: there may be thousands. */
const MOST_NAMED = 5;

/** True where it changes no ban. */
export function isNoEffect({ ended, begun, changed }: PolicyEffect): boolean {
  return ended.length + begun.length + changed.length === 0;
}

/** `new.yaml would end 1 ban and begin 2:`, and a line for each ban, or for many with one reason. */
export function effectLines(effect: PolicyEffect, name: string, zone: Zone): readonly string[] {
  const { ended, begun, changed } = effect;
  if (isNoEffect(effect)) return [`${name} would change no ban`];
  const amount = countOnce();
  const counts = [
    ...(ended.length > 0 ? [`end ${amount(ended.length)}`] : []),
    ...(begun.length > 0 ? [`begin ${amount(begun.length)}`] : []),
    ...(changed.length > 0 ? [`change ${amount(changed.length)}`] : []),
  ];
  return [
    `${name} would ${listText(counts)}:`,
    ...grouped(
      '-',
      ended.map((each) => told(each, endedText(each))),
    ),
    ...grouped(
      '+',
      begun.map((each) => told(each, begunText(each, zone))),
    ),
    ...grouped(
      '~',
      changed.map((each) => changedLine(each, zone)),
    ),
  ].map(printable);
}

/** `2 bans`, and from the second time on `2`. */
function countOnce(): (count: number) => string {
  let isSaid = false;
  return (count) => {
    const text = isSaid ? numberText(count) : countText(count, 'ban');
    isSaid = true;
    return text;
  };
}

function listText(parts: readonly string[]): string {
  return parts.length < 3
    ? parts.join(' and ')
    : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;
}

interface Told extends Pick<BanEffect, 'ip' | 'jail'> {
  readonly text: string;
  /** What many have in common. */
  readonly group: string;
}

function told({ ip, jail, why }: BanEffect, text: string): Told {
  return { ip, jail, text, group: why.code === 'claimed' ? `${why.claim.server} claims it` : text };
}

function changedLine({ ip, jail, until, was, dropped, wasDropped }: ChangedBan, zone: Zone): Told {
  const ends = until === was ? [] : [`${untilText(until, zone)} instead of ${untilText(was, zone)}`];
  const isOther = dropped.text !== wasDropped.text;
  const nets = isOther ? [`enforced as ${dropped.text} instead of ${wasDropped.text}`] : [];
  const group = [
    ...(until === was ? [] : [until < was ? 'ends earlier' : 'ends later']),
    ...(isOther ? [`enforced as /${dropped.prefix} instead of /${wasDropped.prefix}`] : []),
  ];
  return { ip, jail, text: [...ends, ...nets].join(', '), group: group.join(', ') };
}

function grouped(sign: string, lines: readonly Told[]): readonly string[] {
  const groups = new Map<string, Told[]>();
  for (const line of lines) {
    const known = groups.get(line.group);
    if (known === undefined) groups.set(line.group, [line]);
    else known.push(line);
  }
  return Array.from(groups).flatMap(([group, all]) => {
    const [first] = all;
    if (first === undefined || all.length <= MOST_NAMED)
      return all.map((each) => `  ${sign} ${nameOf(each)}  ${each.text}`);
    return [`  ${sign} ${numberText(all.length)} bans, such as ${nameOf(first)}  ${group}`];
  });
}

function nameOf({ ip, jail }: Told): string {
  return jail === DENY_JAIL ? ip.text : `${ip.text} in ${jail}`;
}

function endedText({ why }: BanEffect): string {
  switch (why.code) {
    case 'ignored':
      return whyIgnoredText(why.why);
    case 'denied':
      return 'no longer denied';
    case 'claimed':
      return `no longer claimed by ${why.claim.server}`;
  }
}

function begunText({ why }: BanEffect, zone: Zone): string {
  switch (why.code) {
    case 'ignored':
      return `so far not enforced: ${whyIgnoredText(why.why)}`;
    case 'denied':
      return `denied by line ${why.line}${why.note === undefined ? '' : ` (${why.note})`}`;
    case 'claimed':
      return claimText(why.claim, zone);
  }
}

/** As `plan --policy FILE --json` has it. */
export function effectFields({ ended, begun, changed }: PolicyEffect): Fields {
  return {
    ended: ended.map((each) => banFields(each, endedText(each))),
    begun: begun.map((each) => banFields(each, begunText(each, UTC))),
    changed: changed.map(({ ip, jail, until, was, dropped, wasDropped }) => ({
      ...{ ip: ip.text, jail, until: endTime(until), was: endTime(was) },
      ...{ dropped: dropped.text, wasDropped: wasDropped.text },
    })),
  };
}

function banFields({ ip, jail, why }: BanEffect, text: string): Fields {
  return { ip: ip.text, jail, why: { code: why.code, ...detailsOf(why), text } };
}

function detailsOf(why: WhyEffect): Fields {
  switch (why.code) {
    case 'ignored':
      return { server: why.claim.server, why: codedJson(why.why, whyIgnoredText(why.why)) };
    case 'denied':
      return { line: why.line, note: why.note ?? null };
    case 'claimed':
      return { server: why.claim.server };
  }
}

function endTime(until: number): string | null {
  return until === Infinity ? null : isoTime(until);
}
