/** What thousands of claims have in common: who claims, in which jail, and what was said beside address and times. */
import { FULL_PREFIX } from '../../domain/net.ts';
import type { Ban, Claim, Details } from '../claim.ts';

export interface Saying extends Pick<Claim, 'server' | 'jail'> {
  /** Said when the ban was heard. */
  readonly details?: Omit<Details, 'said'>;
}

/** An ordinary claim, taken apart. */
export interface Row {
  /** 32 bits as an unsigned number. */
  readonly address: number;
  readonly ban: Ban;
  readonly saying: Saying;
}

/** Of one ban of one IPv4 address, with nothing to remember; undefined for any other claim. */
export function rowOf({ ip, server, jail, bans, details, unbanned, forget }: Claim): Row | undefined {
  const [ban] = bans;
  if (ban === undefined || bans.length > 1 || unbanned !== undefined || forget !== undefined)
    return undefined;
  if (typeof ip.bits !== 'number' || ip.prefix !== FULL_PREFIX.ipv4) return undefined;
  const saying = sayingOf({ server, jail }, ban, details);
  return saying === undefined ? undefined : { address: ip.bits >>> 0, ban, saying };
}

function sayingOf(
  { server, jail }: Pick<Claim, 'server' | 'jail'>,
  { heard }: Ban,
  details: Details | undefined,
): Saying | undefined {
  if (details === undefined) return { server, jail };
  const { said, ...rest } = details;
  // A reason may be another for each address.
  const isShared = said === heard && rest.reason === undefined && rest.ifConfirmed === undefined;
  return isShared ? { server, jail, details: rest } : undefined;
}

/** Equal for equal ones; sorts by server, then by jail. */
export function sayingKey({ server, jail, details }: Saying): string {
  const key = `${server} ${jail}`;
  if (details === undefined) return key;
  const { ports = '', protocols = '', failures = '' } = details;
  return `${key} ${ports} ${protocols} ${failures}`;
}
