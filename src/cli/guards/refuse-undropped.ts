/** Refuses a ban that would be noted and drop nothing, so that nobody trusts in it. */
import { policyPath } from '../../ledger/policy-paths.ts';
import type { Preview } from '../../pass/preview.ts';
import type { World } from '../../world/world.ts';
import type { BanIntent } from '../../intent/intent.ts';
import { contains } from '../../domain/net.ts';
import type { AllowedNet } from '../../policy/judge.ts';
import { allowedByText, type AllowedBy } from '../../policy/why-ignored.ts';
import { BanspoolError } from '../../system/error.ts';

interface Options {
  readonly found: Preview;
  readonly world: World;
  /** He means it: what the policy allows now it may not allow later. */
  readonly force: boolean;
}

/** Throws where the address, typed as `address`, is never dropped, or not while the policy is as it is. */
export function refuseUndropped(
  intent: Pick<BanIntent, 'ip'>,
  address: string,
  { found, world, force }: Options,
): void {
  const { ip } = intent;
  const { families } = world.config;
  if (!families.includes(ip.family)) {
    throw new BanspoolError(
      'refused',
      `"${address}" would not be dropped: the config does not list ${ip.family} in families`,
      {
        hint: `nothing was written; add ${ip.family} to families in the config, and run the command again`,
      },
    );
  }
  const inside = allowedBy(intent, found);
  if (inside === undefined) return;
  const isByPolicy = inside.by.code === 'policy';
  if (force && isByPolicy) return;
  const where = inside.net.text === address ? '' : ` is inside ${inside.net.text}, which`;
  throw new BanspoolError(
    'refused',
    `"${address}" would not be dropped: it${where} is ${reasonOf(inside.by)}`,
    {
      hint: isByPolicy
        ? `remove that line from ${policyPath(world)} first; with --force the ban takes effect when the line is removed`
        : 'nothing was written: banspool never drops it',
    },
  );
}

/** What lets it in, whatever is banned; undefined where nothing does. */
export function allowedBy({ ip }: Pick<BanIntent, 'ip'>, { judgement }: Preview): AllowedNet | undefined {
  return judgement.allowed.find(({ net }) => contains(net, ip));
}

function reasonOf(by: AllowedBy): string {
  return by.code === 'policy' ? `allowed by ${allowedByText(by)}` : allowedByText(by);
}
