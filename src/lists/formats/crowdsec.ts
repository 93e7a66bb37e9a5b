/**
 * Reads a line of `cscli decisions list -o raw`, which is CSV below a heading: a scope and a value such as
 * `Ip:203.0.113.7` or `Range:203.0.113.0/24` in a field that is called `ip`, and how long it still lasts
 * (https://docs.crowdsec.net/docs/cscli/cscli_decisions_list; cmd/crowdsec-cli/clidecision/decisions.go writes it).
 */
import { decoded } from '../decoded.ts';
import type { LineMeaning, LineParser } from '../entry.ts';
import { parseRange } from '../range.ts';
import { entryOf } from './details.ts';
import { parseGoDuration } from './go-duration.ts';

/** A parser that knows the order of fields, and learns another one from a heading. */
export function openCrowdsecParser(): LineParser {
  let columns = COLUMNS;
  return (line) => {
    if (line.trim() === '' || line.startsWith('#')) return 'nothing';
    const fields = parseCsv(line);
    if (isHeading(line)) {
      columns = fields ?? columns;
      return 'nothing';
    }
    const field = (name: string): string => fields?.[columns.indexOf(name)] ?? '';
    return meaningOf({
      target: field('ip'),
      action: field('action'),
      simulated: field('simulated') === 'true',
      scenario: decoded(field('reason')),
      duration: decoded(field('expiration')),
    });
  };
}

/** The heading that cscli writes. */
export function isHeading(line: string): boolean {
  return line.startsWith('id,source,ip,');
}

interface Decision {
  /** `SCOPE:VALUE`. */
  readonly target: string;
  readonly action: string;
  readonly simulated: boolean;
  readonly scenario: string;
  /** As Go writes it. */
  readonly duration: string;
}

/** Only bans of addresses and nets count: no captcha, no country, nothing that is only simulated. */
export function meaningOf({ target, action, simulated, scenario, duration }: Decision): LineMeaning {
  const colon = target.indexOf(':');
  const scope = target.slice(0, Math.max(0, colon)).toLowerCase();
  const range = parseRange(target.slice(colon + 1));
  if (range === undefined || !SCOPES.includes(scope) || action !== 'ban' || simulated) return 'unread';
  return entryOf(range, { reason: scenario, left: parseGoDuration(duration) });
}

/** The fields of a line; undefined where a quoted one does not end in it. */
function parseCsv(line: string): readonly string[] | undefined {
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    if (line[at] !== '"') {
      const comma = line.indexOf(',', at);
      fields.push(line.slice(at, comma === -1 ? line.length : comma));
      if (comma === -1) return fields;
      at = comma + 1;
      continue;
    }
    let field = '';
    for (at += 1; ; at += 1) {
      const quote = line.indexOf('"', at);
      if (quote === -1) return undefined;
      field += line.slice(at, quote);
      at = quote + 1;
      if (line[at] !== '"') break;
      field += '"';
    }
    fields.push(field);
    if (line[at] !== ',') return at === line.length ? fields : undefined;
    at += 1;
  }
}

const SCOPES = ['ip', 'range'];

const COLUMNS: readonly string[] = [
  ...['id', 'source', 'ip', 'reason', 'action', 'country', 'as', 'events_count', 'expiration', 'simulated'],
  'alert_id',
];
