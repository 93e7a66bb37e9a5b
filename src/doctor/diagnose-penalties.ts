/**
 * OpenSSH 9.8 and later turn an address away, before the greeting, when failed logins came from it (sshd_config(5),
 * PerSourcePenalties). Servers behind one address, or somebody's ssh-keyscan there, close the door for one another, and
 * only sshd's own log says why.
 */
import { contains, parseNet, type Net } from '../domain/net.ts';
import type { Finding } from '../domain/finding.ts';
import type { LetIn } from '../access/let-in.ts';

/** What `sshd -T` says, by its keys, which are in lower case. */
export type Settings = ReadonlyMap<string, string>;

/** Where that is in force, and servers are not exempt, as far as it is known from where they come. */
export function penaltyFindings(
  settings: Settings,
  servers: readonly Pick<LetIn, 'from'>[],
): readonly Finding[] {
  if ((settings.get('persourcepenalties') ?? 'no') === 'no') return [];
  const exempt = netsOf(settings.get('persourcepenaltyexemptlist') ?? 'none');
  const known = servers.flatMap(({ from }) => netsOf(from ?? ''));
  const missing = known.filter((net) => !exempt.some((each) => contains(each, net)));
  if (missing.length === 0 && exempt.length > 0) return [];
  const texts = [...new Set(missing.map(({ text }) => text))];
  const list = texts.length > 0 ? texts.join(',') : 'NETWORKS (those of the servers)';
  return [
    {
      level: 'warn',
      what: 'sshd refuses a server for some time after failed logins from its address (PerSourcePenalties)',
      mend: `add PerSourcePenaltyExemptList ${list} to /etc/ssh/sshd_config.d/servers.conf, then run systemctl reload ssh`,
    },
  ];
}

/** Of a list of patterns those that are addresses. */
function netsOf(list: string): readonly Net[] {
  return list.split(/[\s,]+/).flatMap((word) => parseNet(word) ?? []);
}
