/** Keeps a slip of the pen from becoming a chain: `--jail ssdh` would drop nothing that anybody meant. */
import type { Preview } from '../controller/preview.ts';
import { OPERATOR_JAIL } from '../names/names.ts';
import { BanspoolError } from '../system/error.ts';

/** Jails that the hint names. */
const MAX_NAMED = 10;

/** Throws where others are known and this one is not; on a firewall that no server has spoken to, any may be meant. */
export function refuseUnknownJail(jail: string, found: Preview): void {
  const known = knownJails(found);
  if (jail === OPERATOR_JAIL || known.size === 0 || known.has(jail)) return;
  const names = [...known].sort();
  const more = names.length > MAX_NAMED ? ', …' : '';
  throw new BanspoolError('refused', `no server has a jail "${jail}"`, {
    hint: `there are ${names.slice(0, MAX_NAMED).join(', ')}${more}; --force makes another`,
  });
}

/** Of what servers said of their jails, of all that is claimed, and of the policy. */
function knownJails({ state, judgement, inputs: { policy } }: Preview): ReadonlySet<string> {
  const claims = [...judgement.enforced, ...judgement.ignored.map(({ claim }) => claim)];
  const limits = [policy.defaults, ...policy.servers.values()];
  return new Set(
    [
      ...Array.from(state.servers.values()).flatMap((jails) => Array.from(jails.keys())),
      ...claims.map(({ jail }) => jail),
      ...limits.flatMap(({ jails = [] }) => jails),
    ].filter((jail) => jail !== OPERATOR_JAIL),
  );
}
