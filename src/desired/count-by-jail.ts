/** How many claimed addresses each jail drops, of each family: of a conclusion, without a look at single claims. */
import { DENY_JAIL } from '../domain/names.ts';
import { FAMILIES, type Family } from '../domain/net.ts';
import type { Conclusion } from './conclude.ts';

export interface JailCount {
  readonly jail: string;
  readonly family: Family;
  readonly bans: number;
}

/** Jails that drop something, in the order of their names; then the nets that the policy denies. */
export function countByJail({ portions, deny }: Pick<Conclusion, 'portions' | 'deny'>): readonly JailCount[] {
  return FAMILIES.flatMap((family) => {
    const counts = new Map<string, number>();
    for (const portion of portions[family].values()) {
      for (const [jail, { claimed }] of portion) counts.set(jail, (counts.get(jail) ?? 0) + claimed);
    }
    const denied = deny.filter(({ net }) => net.family === family).length;
    return [...Array.from(counts).sort(byName), ...(denied > 0 ? [[DENY_JAIL, denied] as const] : [])].map(
      ([jail, bans]) => ({ jail, family, bans }),
    );
  });
}

function byName([a]: readonly [string, number], [b]: readonly [string, number]): number {
  return a < b ? -1 : 1;
}
