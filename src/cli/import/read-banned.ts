/**
 * Reads what another tool banned: of each address and network until when it is to be banned here. In: the text of a
 * list in any of the formats. Out: the nets, and what of the text is not taken over and why. Pure.
 */
import type { Net } from '../../domain/net.ts';
import type { Entry } from '../../lists/entry.ts';
import { NetJudge, type Spared } from '../../lists/judge/net-judge.ts';
import type { ListFormat } from '../../lists/list-format.ts';
import { ListReader, type Reading } from '../../lists/list-reader.ts';
import { netsOfRange } from '../../lists/nets-of-range.ts';
import type { AllowedNet } from '../../policy/judge.ts';
import type { Limits } from '../../policy/limit-schemas.ts';
import { widestOf } from '../../policy/limits.ts';

export interface BannedOptions {
  readonly format: ListFormat | undefined;
  /** Milliseconds since 1970; when the list was made, from which it counts what is left of its bans. */
  readonly now: number;
  readonly madeAt: number;
  /** Of what has no end in the list, in milliseconds. */
  readonly length: number;
  /** What no rule of ours may drop. */
  readonly allowed: readonly AllowedNet[];
  /** Of the operator. */
  readonly limits: Limits;
}

export interface Banned {
  readonly reading: Reading;
  /** By canonical text; of two entries the later end counts. */
  readonly bans: ReadonlyMap<string, WantedBan>;
  readonly spared: Spared;
  /** Entries that had ended before they were read. */
  readonly over: number;
  /** Nets wider than the operator may ban; the first few. */
  readonly wide: { readonly count: number; readonly examples: readonly string[] };
}

export interface WantedBan {
  readonly ip: Net;
  readonly until: number;
  /** Whether the list tells the end. */
  readonly isTold: boolean;
}

/** Reads all of it. */
export function readBanned(text: string, options: BannedOptions): Banned {
  const { format, now, allowed, limits } = options;
  const bans = new Map<string, WantedBan>();
  const wide = { count: 0, examples: [] as string[] };
  let over = 0;
  let end = { until: 0, isTold: false };
  const take = (ip: Net): void => {
    if (ip.prefix < widestOf(ip, limits)) {
      wide.count += 1;
      if (wide.examples.length < MOST_EXAMPLES) wide.examples.push(ip.text);
    } else if ((bans.get(ip.text)?.until ?? 0) < end.until) bans.set(ip.text, { ip, ...end });
  };
  const judge = new NetJudge({
    own: allowed.filter(({ by }) => by.code !== 'policy').map(({ net }) => net),
    allowed: allowed.filter(({ by }) => by.code === 'policy').map(({ net }) => net),
    takeRange: (range) => {
      netsOfRange(range).forEach(take);
    },
  });
  const reader = new ListReader({
    format,
    takeEntry: (entry) => {
      end = endOf(entry, options);
      if (end.until > now) judge.judge(entry);
      else over += 1;
    },
  });
  reader.write(Buffer.from(text));
  return { reading: reader.end(), bans, spared: judge.spared, over, wide };
}

const MOST_EXAMPLES = 3;

function endOf(
  { details: { until, left } = {} }: Entry,
  { now, madeAt, length }: BannedOptions,
): Omit<WantedBan, 'ip'> {
  if (until !== undefined) return { until, isTold: true };
  if (left !== undefined) return { until: madeAt + left, isTold: true };
  return { until: now + length, isTold: false };
}
