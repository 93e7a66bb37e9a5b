/** Names that mean something to more than one stage. */

/** The server that operators on the firewall are. */
export const OPERATOR = 'local';

/** The server that holds what stood on the firewall before banspool came. */
export const ADOPTED = 'adopted';

/** The jail of an operator's ban that names none. */
export const OPERATOR_JAIL = 'manual';

/** The jail of an operator's unban that names none. */
export const EVERY_JAIL = '*';

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

const LIFT_OF_SERVER = /^(\*|[A-Za-z0-9][A-Za-z0-9_.-]{0,63})@[a-z0-9][a-z0-9.-]{0,62}$/;

/** The name of a server's folder in the spool. */
export const SERVER_NAME = /^[a-z0-9][a-z0-9.-]{0,62}$/;
