/**
 * What lists ask for: all nets of each, on all ports, but for whom no rule may drop. A list has up to a million nets,
 * so none of them is looked at one by one: what is allowed is let by ahead of the list, and only that is looked up.
 */
import type { NetTable } from '../lists/table/net-table.ts';
import { countInside, touches } from '../lists/table/inside.ts';
import { compareNets, contains, type Net } from '../domain/net.ts';
import type { AllowedNet } from '../policy/judge.ts';

/** A list whose content counts. */
export interface CountingList {
  readonly name: string;
  /** The same object while it holds the same. */
  readonly table: NetTable;
}

export interface ConcludedList extends CountingList {
  /** Nets that no rule of ours may drop, and that the list touches; in order, none inside of another. */
  readonly allowed: readonly Net[];
  /** How many nets of the list lie inside of those, by what allows them. */
  readonly spared: { readonly allowed: number; readonly own: number };
  /** What is looked up: the same text gives the same conclusion. */
  readonly basis: string;
}

interface ConcludeListsOptions {
  readonly allowed: readonly AllowedNet[];
  /** Tells all that is allowed, as text. */
  readonly basis: string;
  /** Lists that hold the same, and of the same basis, are taken from it as they are. */
  readonly before?: readonly ConcludedList[] | undefined;
}

/** Concludes; lists that are still good are the same objects as before. */
export function concludeLists(
  lists: readonly CountingList[],
  { allowed, basis, before = [] }: ConcludeListsOptions,
): readonly ConcludedList[] {
  return lists.map(({ name, table }) => {
    const known = before.find((each) => each.name === name);
    if (known?.table === table && known.basis === basis) return known;
    const touching = allowed.filter(({ net }) => touches(table, net));
    return {
      name,
      table,
      allowed: outermost(touching.map(({ net }) => net)),
      spared: spared(table, touching),
      basis,
    };
  });
}

/** How many nets the firewall drops for it. */
export function enforcedCount({ table, spared: { allowed, own } }: ConcludedList): number {
  return table.size() - allowed - own;
}

function spared(table: NetTable, touching: readonly AllowedNet[]): ConcludedList['spared'] {
  const by = (isIt: (each: AllowedNet) => boolean): readonly Net[] =>
    touching.filter(isIt).map(({ net }) => net);
  const count = (nets: readonly Net[]): number =>
    outermost(nets).reduce((sum, net) => sum + countInside(table, net), 0);
  const all = count(touching.map(({ net }) => net));
  const own = count(by(({ by: { code } }) => code !== 'policy'));
  return { own, allowed: all - own };
}

/** Each once, in order, and none that lies inside of another. */
function outermost(nets: readonly Net[]): readonly Net[] {
  const kept: Net[] = [];
  for (const net of [...nets].sort(compareNets)) {
    const last = kept.at(-1);
    if (last === undefined || !contains(last, net)) kept.push(net);
  }
  return kept;
}
