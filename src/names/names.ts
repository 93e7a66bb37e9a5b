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

/** The name of a server's folder in the spool. */
export const SERVER_NAME = /^[a-z0-9][a-z0-9.-]{0,62}$/;
