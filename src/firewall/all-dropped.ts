/** All whom a firewall should drop. */
import type { Desired } from '../desired/desire.ts';
import { eachMember } from '../desired/members.ts';

/** Addresses and networks, as text, by whatever they are dropped. */
export function allDropped({ jails, denied }: Pick<Desired, 'jails' | 'denied'>): ReadonlySet<string> {
  const dropped = new Set<string>();
  for (const jail of [...jails.values(), ...(denied === undefined ? [] : [denied])])
    for (const [text] of eachMember(jail.members)) dropped.add(text);
  return dropped;
}
