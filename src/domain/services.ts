/** Names of ports. Read from a table, never asked of a resolver: a name in an intent must not reach the network. */

/** Port number by lower-case service name. */
export type Services = ReadonlyMap<string, number>;

/** For ports that are numbers already. */
export const NO_SERVICES: Services = new Map();

/** Parses the text of /etc/services; lines that are no service are passed over, as getservbyname does. */
export function parseServices(text: string): Services {
  const services = new Map<string, number>(BUILT_IN);
  const seen = new Set<string>();
  for (const line of text.split('\n')) {
    const [name, port, ...aliases] = line.replace(/#.*/, '').trim().split(/\s+/);
    const number = /^([0-9]{1,5})\/[a-z]+$/.exec(port ?? '')?.[1];
    if (name === undefined || number === undefined || Number(number) > 65_535) continue;
    for (const word of [name, ...aliases].map((each) => each.toLowerCase())) {
      if (seen.has(word)) continue;
      seen.add(word);
      services.set(word, Number(number));
    }
  }
  return services;
}

/**
 * The names in fail2ban's own jail.conf (1.1), for machines without /etc/services: Debian has it in netbase, which
 * a minimal install lacks. Numbers from the IANA service name registry.
 */
const BUILT_IN: readonly (readonly [string, number])[] = [
  ['ftp-data', 20],
  ['ftp', 21],
  ['ssh', 22],
  ['telnet', 23],
  ['smtp', 25],
  ['domain', 53],
  ['http', 80],
  ['pop3', 110],
  ['imap', 143],
  ['imap2', 143],
  ['imap3', 220],
  ['https', 443],
  ['submissions', 465],
  ['submission', 587],
  ['ftps-data', 989],
  ['ftps', 990],
  ['imaps', 993],
  ['pop3s', 995],
  ['mysql', 3306],
  ['sieve', 4190],
];
