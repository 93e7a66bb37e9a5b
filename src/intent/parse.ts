/**
 * Turns the text of one file into an intent, or into a reason to refuse it that tells its writer what to do.
 * Nothing in the text can name a server: the directory does.
 */
import * as v from 'valibot';
import type { Net } from '../domain/net.ts';
import { formatPorts } from '../domain/ports.ts';
import { UNPRINTABLE } from '../domain/printable.ts';
import type { Refusal } from '../domain/refusals.ts';
import type { Services } from '../domain/services.ts';
import { expected, quote } from '../yaml/expected.ts';
import { readUntrusted } from '../yaml/untrusted.ts';
import { EVERY_JAIL } from '../domain/names.ts';
import { ADDRESS, intentSchema, JAIL, KNOWN_KEYS, type Fields } from './fields.ts';
import { readJailPorts } from './jail-ports.ts';
import { readJailProtocols } from './jail-protocols.ts';
import type { Intent, SnapshotBan, SnapshotIntent } from './intent.ts';
import {
  OPERATOR_KEYS,
  readOperatorKeys,
  trialEnds,
  type OperatorKeys,
  type ReadKeys,
} from './operator-keys.ts';
import { splitSnapshot } from './split-snapshot.ts';

export type ParsedIntent =
  | { readonly kind: 'intent'; readonly intent: Intent; readonly warnings: readonly string[] }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

interface ParseOptions {
  readonly services: Services;
  /** An operator may unban in every jail at once by naming none. */
  readonly operator: boolean;
}

/** A longer text is only read as a snapshot, line by line: a YAML parser spends minutes on a megabyte of junk. */
const MAX_YAML_BYTES = 8 * 1024;

/** Parses one whole file. */
export function parseIntent(bytes: Uint8Array, options: ParseOptions): ParsedIntent {
  const text = decode(bytes);
  if (text === undefined) return refuse({ code: 'not-utf8' });
  const control = CONTROL.exec(text);
  if (control !== null) {
    const [character] = control;
    return refuse({ code: 'control-character', character, line: lineAt(text, control.index) });
  }

  // First as lines: to YAML the address in `{ ip: 2001:db8::, … }` is a mapping.
  const split = splitSnapshot(text);
  if (split.kind === 'refused' && bytes.length > MAX_YAML_BYTES) return refuse(split.refusal);
  const read = readUntrusted(split.kind === 'split' ? split.head : text);
  if (read.kind === 'refused') return refuse(read.refusal);
  return checkFields(split.kind === 'split' ? { ...read.value, bans: split.bans } : read.value, options);
}

function refuse(refusal: Refusal): ParsedIntent {
  return { kind: 'refused', refusal };
}

function refuseMissing(field: string, what: string): ParsedIntent {
  return refuse({ code: 'missing-field', field, fault: expected(what)({ input: undefined }) });
}

/** Control characters but for tab, line feed and carriage return: nothing that is meant for a log or a terminal. */
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function checkFields(fields: Readonly<Record<string, unknown>>, options: ParseOptions): ParsedIntent {
  const checked = v.safeParse(intentSchema, fields, { abortEarly: true });
  if (!checked.success) {
    const [issue] = checked.issues;
    const field = (issue.path ?? []).map((item) => String(item.key)).join('.');
    const code = issue.input === undefined ? 'missing-field' : 'wrong-field';
    return refuse({ code, field, fault: issue.message });
  }
  const warnings = Object.keys(fields)
    .filter((key) => !KNOWN_KEYS.has(key) && !(options.operator && OPERATOR_KEYS.has(key)))
    .map((key) => `the key ${quote(key.replace(UNPRINTABLE, ' '))} is unknown and was ignored`);
  const own: OperatorKeys = options.operator
    ? readOperatorKeys(fields)
    : { kind: 'read', keys: { unban: {} } };
  if (own.kind === 'refused') return refuse(own.refusal);
  return makeIntent(checked.output, { ...options, warnings, keys: own.keys });
}

type Context = ParseOptions & {
  readonly warnings: readonly string[];
  readonly keys: ReadKeys;
};

function makeIntent(fields: Fields, context: Context): ParsedIntent {
  const { intent, time } = fields;
  const everyJail = context.operator && intent === 'unban' && fields.jail === undefined;
  const jail = everyJail ? EVERY_JAIL : fields.jail;
  if (jail === undefined) return refuseMissing('jail', JAIL);

  const read = fields.ports === undefined ? undefined : readJailPorts(fields.ports, context.services);
  const spoken = fields.protocol === undefined ? undefined : readJailProtocols(fields.protocol);
  const warnings = [
    ...context.warnings,
    ...[read?.warning, spoken?.warning].filter((said) => said !== undefined),
  ];
  const scope = {
    ...(read !== undefined && { ports: formatPorts(read.ports) }),
    ...(spoken !== undefined && { protocols: spoken.protocols }),
  };
  const done = (made: Intent): ParsedIntent => ({ kind: 'intent', intent: made, warnings });

  switch (intent) {
    case 'ban':
    case 'prolong': {
      if (fields.ip === undefined) return refuseMissing('ip', ADDRESS);
      const { ip, failures, reason, bantime } = fields;
      const details = {
        ...(failures !== undefined && { failures }),
        ...(reason !== undefined && { reason }),
      };
      const ends = trialEnds(time, time + bantime, context.keys);
      return done({ intent, jail, ip, time, ...ends, ...scope, ...details });
    }
    case 'unban':
      if (fields.ip === undefined) return refuseMissing('ip', ADDRESS);
      return done({ intent, jail, ip: fields.ip, time, ...context.keys.unban });
    case 'snapshot':
      if (fields.bans === undefined) return refuseMissing('bans', 'a list of { ip, time, bantime }');
      return done({
        ...{ intent, jail, time, bans: fields.bans.map(snapshotBan), ...scope },
        ...additionOf(fields, context.keys),
      });
    case 'start':
    case 'reload':
      // A start without ports says "all": it is the jail's whole setting, not a part of it.
      return done({ intent, jail, time, ports: scope.ports ?? 'all', protocols: scope.protocols ?? 'tcp' });
    case 'stop':
    case 'flush':
      return done({ intent, jail, time });
  }
}

/** The reason is an operator's alone: of a server's snapshot none is kept. */
function additionOf(
  { reason }: Fields,
  { adds }: ReadKeys,
): Partial<Pick<SnapshotIntent, 'adds' | 'reason'>> {
  return adds === undefined ? {} : { adds, ...(reason !== undefined && { reason }) };
}

function snapshotBan({ ip, time, bantime }: { ip: Net; time: number; bantime: number }): SnapshotBan {
  return { ip, time, until: time + bantime };
}
