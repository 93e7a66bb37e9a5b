/** Keeps a slip of the pen from becoming a chain: `--jail ssdh` would drop nothing that anybody meant. */
import type { Preview } from '../../pass/preview.ts';
import { DENY_JAIL, JAIL_NAME, OPERATOR_JAIL } from '../../domain/names.ts';
import { reservedNames } from '../../domain/origin.ts';
import type { World } from '../../world/world.ts';
import { sweep } from '../../spool/sweep.ts';
import { allClaims } from '../../claims/state.ts';
import { BanspoolError } from '../../system/error.ts';

/** Jails that the hint names. */
const MAX_NAMED = 10;

/** Throws where others are known and this one is not; on a firewall that no server has spoken to, any may be meant. */
export function refuseUnknownJail(jail: string, found: Preview): void {
  const known = knownJails(found);
  if (jail === OPERATOR_JAIL || known.size === 0 || known.has(jail)) return;
  throw new BanspoolError('refused', `no server has a jail "${jail}"`, {
    hint: `the jails are ${nearest(jail, known)}; --force creates a new one`,
  });
}

/** Throws where something is asked of a jail or a server that nobody knows. */
export function refuseUnknownNames(
  { jails, servers }: { readonly jails: readonly string[]; readonly servers: readonly string[] },
  { world, found }: { readonly world: World; readonly found: Preview },
): void {
  const denied = found.judgement.deny.length > 0 ? [DENY_JAIL] : [];
  const known = {
    jail: new Set([...knownJails(found), OPERATOR_JAIL, ...denied]),
    server: new Set([...knownServers(world, found), ...denied]),
  };
  for (const [what, names] of [
    ['jail', jails],
    ['server', servers],
  ] as const)
    for (const name of names)
      if (!known[what].has(name))
        throw new BanspoolError('usage', `there is no ${what} "${name}"`, {
          hint: `the ${what}s are ${nearest(name, known[what])}`,
        });
}

/** An unban may come late or early, so it is not refused: what names nobody that is known is told. */
export function unknownNames(
  { jail, server }: { readonly jail?: string; readonly server?: string },
  { world, found }: { readonly world: World; readonly found: Preview },
): readonly string[] {
  // What an unban that still waits in the spool lifts has a jail too.
  const claimed = Array.from(allClaims(found.inputs.state), (claim) => claim.jail);
  const jails = new Set([
    ...knownJails(found),
    ...claimed.filter((name) => JAIL_NAME.test(name)),
    OPERATOR_JAIL,
  ]);
  const servers = knownServers(world, found);
  return [
    ...(jail === undefined || jails.has(jail)
      ? []
      : [`no server has a jail "${jail}": the jails are ${nearest(jail, jails)}`]),
    ...(server === undefined || servers.has(server)
      ? []
      : [`no server is named "${server}": the servers are ${nearest(server, servers)}`]),
  ];
}

/** The likeliest to be meant first. */
function nearest(meant: string, known: ReadonlySet<string>): string {
  const names = Array.from(known, (name) => ({ name, far: distance(meant, name) }))
    .sort((one, two) => one.far - two.far || (one.name < two.name ? -1 : 1))
    .map(({ name }) => name);
  return `${names.slice(0, MAX_NAMED).join(', ')}${names.length > MAX_NAMED ? ', …' : ''}`;
}

/** Letters to add, take or change. */
function distance(one: string, two: string): number {
  let row = Array.from({ length: two.length + 1 }, (_, index) => index);
  for (const [at, letter] of Array.from(one).entries()) {
    const next = [at + 1];
    for (const [index, other] of Array.from(two).entries())
      next.push(
        Math.min(
          (next[index] ?? 0) + 1,
          (row[index + 1] ?? 0) + 1,
          (row[index] ?? 0) + (letter === other ? 0 : 1),
        ),
      );
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** Those that have a folder, that ever claimed what is not forgotten yet, and that the policy names. */
function knownServers({ config, spoolFiles }: World, { state, inputs }: Preview): ReadonlySet<string> {
  return new Set([
    ...[...reservedNames(), ...sweep(config.spool, spoolFiles).servers, ...state.servers.keys()],
    ...inputs.policy.servers.keys(),
    ...[state, inputs.state].flatMap((each) => Array.from(allClaims(each), ({ server }) => server)),
  ]);
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
