/** Names that mean something to more than one stage. */

/** The server that operators on the firewall are. */
export const OPERATOR = 'local';

/** The server that holds what stood on the firewall before banspool came. */
export const ADOPTED = 'adopted';

/** The server that claims what rules of escalation ban; the jail of such a claim is the name of its rule. */
export const ESCALATION = 'escalation';

/** The jail of an operator's ban that names none. */
export const OPERATOR_JAIL = 'manual';

/** The jail of bans that an operator takes over from another tool. */
export const IMPORT_JAIL = 'imported';

/** The jail of an operator's unban that names none. */
export const EVERY_JAIL = '*';

/** Stands for the jail of what rules of escalation ban, where the firewall is told of it. */
export const ESCALATION_JAIL = '.escalation';

/** Stands for the jail of what policy.yaml denies. */
export const DENY_JAIL = 'policy';

/** fail2ban allows more, but a jail's name becomes the name of a chain. */
export const JAIL_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

/**
 * What an operator's unban lifts, as the jail of the claim that remembers it: that jail or every one, of one server
 * or of all. No jail's name holds an @.
 */
export function liftName(jail: string, server?: string): string {
  return server === undefined ? jail : `${jail}@${server}`;
}

/** All names of lifts that lift the server's claims in the jail. */
export function liftNames({
  server,
  jail,
}: {
  readonly server: string;
  readonly jail: string;
}): readonly string[] {
  return [EVERY_JAIL, jail].flatMap((each) => [each, liftName(each, server)]);
}

/** True for the name of a lift that is about one server alone. */
export function isLiftOfServer(jail: string): boolean {
  return LIFT_OF_SERVER.test(jail);
}

/** `sshd`, `every jail of web1`. */
export function liftWords(name: string): string {
  const [jail = '', server] = name.split('@');
  const where = jail === EVERY_JAIL ? 'every jail' : jail;
  return server === undefined ? where : `${where} of ${server}`;
}

/** The name of a server's folder in the spool, and of a firewall in a fleet. */
export const SERVER_NAME = /^[a-z0-9][a-z0-9.-]{0,62}$/;

/** Who claims something: a server behind this firewall, or `fw2/web1`, a server behind a peer. */
export const CLAIMANT_NAME = /^[a-z0-9][a-z0-9.-]{0,62}(?:\/[a-z0-9][a-z0-9.-]{0,62})?$/;

const LIFT_OF_SERVER = new RegExp(
  String.raw`^(\*|[A-Za-z0-9][A-Za-z0-9_.-]{0,63})@${CLAIMANT_NAME.source.slice(1)}`,
);

/** The peer that a claimant is behind; undefined for a claimant of this firewall. */
export function peerOf(claimant: string): string | undefined {
  const slash = claimant.indexOf('/');
  return slash === -1 ? undefined : claimant.slice(0, slash);
}

/** `fw2/local, the operator of fw2`; for all others the name alone. */
export function claimantWords(claimant: string): string {
  const peer = peerOf(claimant);
  return peer !== undefined && claimant === claimantBehind(peer, OPERATOR)
    ? `${claimant}, the operator of ${peer},`
    : claimant;
}

/** A claimant of the peer, as this firewall names it. */
export function claimantBehind(peer: string, server: string): string {
  return `${peer}/${server}`;
}

/** Orders names by their UTF-16 units, the same on each machine, whatever its locale: for sort(). */
export function compareTexts(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
