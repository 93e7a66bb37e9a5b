/**
 * What brings the jumps in a chain to where they should be, where iptables cannot look for a rule: it puts rules in by
 * number alone, and nft takes them out afterwards, by handle. So what stands too much still stands while others come.
 */
import type { Family } from '../../../domain/net.ts';
import type { Rule } from '../rules/rule.ts';
import type { ObservedRule, OurRule } from '../observed/observe.ts';
import type { HandleChange, RuleChange } from './change.ts';
import { reorder } from './reorder.ts';

interface NativePlan {
  readonly inserts: readonly RuleChange[];
  readonly deletes: readonly HandleChange[];
}

interface NativeChain {
  readonly family: Family;
  readonly chain: string;
  readonly rules: readonly ObservedRule[];
}

/** True where a rule of ours stands among native ones. */
export function hasHandles(rules: readonly ObservedRule[]): boolean {
  return rules.some((rule) => rule.kind === 'ours' && rule.handle !== undefined);
}

/** Jumps stand at the top, in order, each once. */
export function planNativeJumps({ family, chain, rules }: NativeChain, jumps: readonly Rule[]): NativePlan {
  const firstForeign = rules.findIndex(({ kind }) => kind === 'foreign');
  const standing = firstForeign < 0 ? rules : rules.slice(0, firstForeign);
  // A handle is the name of one rule, as `printed` is where rules are deleted by value.
  const present = rules.flatMap((each) =>
    each.kind === 'foreign'
      ? []
      : [{ rule: standing.includes(each) ? each.rule : undefined, printed: String(each.handle), own: each }],
  );
  const places = new Map(jumps.map(({ text }, index) => [text, index]));
  const { deleted } = reorder(present, { rules: jumps, rankOf: ({ text }) => places.get(text) });
  const gone = new Set(deleted);
  const kept = new Map(
    present.filter(({ printed }) => !gone.has(printed)).map(({ own }) => [own.rule?.text, own] as const),
  );
  return {
    inserts: insertsAmong(chain, { standing, kept, jumps }),
    deletes: present
      .filter(({ printed }) => gone.has(printed))
      .map(({ own: { printed, handle = 0 } }) => ({
        ...({ kind: 'delete-handle', family, chain } as const),
        ...{ printed, handle },
      })),
  };
}

interface Among {
  readonly standing: readonly ObservedRule[];
  readonly kept: ReadonlyMap<string | undefined, OurRule>;
  readonly jumps: readonly Rule[];
}

/** Each right behind the one before it, among all that stands now. */
function insertsAmong(chain: string, { standing, kept, jumps }: Among): readonly RuleChange[] {
  const list: (ObservedRule | Rule)[] = [...standing];
  let at = 0;
  return jumps.flatMap((rule): readonly RuleChange[] => {
    const known = kept.get(rule.text);
    if (known !== undefined) {
      at = list.indexOf(known) + 1;
      return [];
    }
    list.splice(at, 0, rule);
    at += 1;
    return [{ kind: 'insert', chain, at, rule }];
  });
}
