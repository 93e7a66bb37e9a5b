/** What a sender writes. Not from src/intent: the tests keep their own view of the format. */

export type IntentFields = Readonly<Record<string, string | number>>;

/** An intent of these fields, of now unless they say when, with its end marker. */
export function intentText(fields: IntentFields): string {
  const lines = Object.entries({ jail: 'sshd', time: Date.now() / 1000, ...fields }).map(
    ([key, value]) => `${key}: ${value}`,
  );
  return `${lines.join('\n')}\n...\n`;
}

/** A ban for ten minutes in jail sshd on port 22, unless `fields` say otherwise. */
export function banText(ip: string, fields: IntentFields = {}): string {
  return intentText({ intent: 'ban', ip, ports: '22', bantime: 600, ...fields });
}

export function unbanText(ip: string, fields: IntentFields = {}): string {
  return intentText({ intent: 'unban', ip, ...fields });
}

/** A snapshot of jail sshd on port 22 that holds these, each banned for so many seconds from the snapshot on. */
export function snapshotText(
  ips: readonly string[],
  fields: IntentFields = {},
  bantime: number | readonly number[] = 3600,
): string {
  const { time = Date.now() / 1000 } = fields;
  const head = intentText({ intent: 'snapshot', ports: '22', ...fields, time }).replace('...\n', '');
  const since = Math.floor(Number(time));
  const lengths = typeof bantime === 'number' ? ips.map(() => bantime) : bantime;
  const bans = ips.map((ip, index) => `  - { ip: ${ip}, time: ${since}, bantime: ${lengths[index] ?? 0} }\n`);
  return `${head}bans:\n${bans.join('')}...\n`;
}
