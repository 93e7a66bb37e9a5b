/** What a replay found, as `replay --json` gives it. Times are ISO 8601 in UTC, lengths of time seconds. Pure. */
import { endangeredText, type Endangered } from '../../replay/endangered.ts';
import type { Different, Replayed, Sums } from '../../replay/replayed.ts';
import { isBan, ruleText, type Rule } from '../../replay/rule.ts';
import { isoTime } from '../../yaml/time.ts';
import { codedJson, jsonFields } from './coded-json.ts';
import { whyText } from './replay-text.ts';

type Fields = Readonly<Record<string, unknown>>;

interface FieldsOptions {
  readonly endangered: readonly Endangered[];
  /** How many addresses are told of each kind. */
  readonly most: number;
}

/** All of it. */
export function replayFields(found: Replayed, { endangered, most }: FieldsOptions): Fields {
  const { since, until, beginsAt, isShallow, commits, gaps, total, jails, servers, rules, letIn, banned } =
    found;
  const named = (sums: ReadonlyMap<string, Sums>): readonly Fields[] =>
    Array.from(sums, ([name, each]) => ({ name, ...sumFields(each) }));
  return {
    ...{ since: isoTime(since), until: isoTime(until), commits },
    history: {
      ...{ beginsAt: beginsAt === undefined ? null : isoTime(beginsAt), shallow: isShallow },
      ...{
        unreadable: gaps.unreadable,
        misdated: gaps.misdated,
        late: gaps.late,
        damagedPolicies: gaps.policies,
      },
    },
    total: sumFields(total),
    ...{ jails: named(jails), servers: named(servers) },
    rules: rules.map(({ rule, ...sums }) => ({ ...ruleFields(rule), bans: isBan(rule), ...sumFields(sums) })),
    letIn: { total: letIn.length, addresses: letIn.slice(0, most).map(differentFields) },
    banned: { total: banned.length, addresses: banned.slice(0, most).map(differentFields) },
    endangered: endangered.map((each) => codedJson(each, endangeredText(each))),
  };
}

function sumFields({ before, after }: Sums): Fields {
  return Object.fromEntries(
    Object.entries({ before, after }).map(([side, { addresses, time }]) => [
      side,
      { addresses, seconds: Math.round(time / 1000) },
    ]),
  );
}

/** `{ kind, …details, text }`. */
function ruleFields(rule: Rule): Fields {
  return { ...jsonFields(rule), text: ruleText(rule) };
}

function differentFields({ ip, time, jails, servers, why }: Different): Fields {
  return {
    ...{ ip: ip.text, seconds: Math.round(time / 1000), jails, servers },
    why: why === undefined ? null : { policy: why.of, ...ruleFields(why.rule), text: whyText(why) },
  };
}
