/** Writes an intent as a sender does, for the operator's own commands. The reverse of parse.ts. */
import { EVERY_JAIL } from '../domain/names.ts';
import type { Intent, Scope } from './intent.ts';

/** The text of the file, with its end marker. */
export function formatIntent(intent: Intent): string {
  const fields: (readonly [key: string, value: string | undefined])[] = [
    ['intent', intent.intent],
    ['jail', intent.jail === EVERY_JAIL ? undefined : quote(intent.jail)],
    ['ip', 'ip' in intent ? quote(intent.ip.text) : undefined],
    ...scopeFields(intent as Scope),
    ['of', 'of' in intent ? quote(intent.of) : undefined],
    ['within', 'within' in intent ? String(intent.within) : undefined],
    ['add', 'adds' in intent ? String(intent.adds) : undefined],
    ['time', seconds(intent.time)],
    [
      'bantime',
      'until' in intent
        ? bantime(intent.ifConfirmed === undefined ? intent : { ...intent, until: intent.ifConfirmed })
        : undefined,
    ],
    ['confirm', 'ifConfirmed' in intent ? seconds(intent.until - intent.time) : undefined],
    ['failures', 'failures' in intent ? String(intent.failures) : undefined],
    ['reason', 'reason' in intent ? quote(intent.reason) : undefined],
  ];
  const lines = fields.flatMap(([key, value]) => (value === undefined ? [] : [`${key}: ${value}`]));
  if (intent.intent === 'snapshot') {
    lines.push(intent.bans.length === 0 ? 'bans: []' : 'bans:');
    for (const ban of intent.bans) {
      lines.push(`  - { ip: ${ban.ip.text}, time: ${seconds(ban.time)}, bantime: ${bantime(ban)} }`);
    }
  }
  return `${lines.join('\n')}\n...\n`;
}

function scopeFields({ ports, protocols }: Scope): readonly (readonly [string, string | undefined])[] {
  return [
    ['ports', ports === undefined ? undefined : quote(ports)],
    ['protocol', protocols === undefined ? undefined : quote(protocols)],
  ];
}

/** JSON's strings are YAML's double-quoted ones; plain words stay plain for people. */
function quote(text: string): string {
  return /^[A-Za-z][A-Za-z0-9_.-]*$/.test(text) ? text : JSON.stringify(text);
}

function bantime({ time, until }: { readonly time: number; readonly until: number }): string {
  return until === Infinity ? '-1' : seconds(until - time);
}

function seconds(milliseconds: number): string {
  return String(milliseconds / 1000);
}
