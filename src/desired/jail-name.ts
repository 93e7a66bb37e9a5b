/**
 * By what name the jail of a claim is desired: its own, or for what rules of escalation ban one that no jail can have,
 * since it begins with a dot. So a rule may be called like a jail, and one chain holds what all rules about all ports
 * ban.
 */
import { ESCALATION_JAIL } from '../domain/names.ts';
import { originOf } from '../domain/origin.ts';

interface Named {
  readonly server: string;
  readonly jail: string;
}

/** Of an enforced claim. */
export function jailNameOf({
  server,
  jail,
  ports,
  protocols,
}: Named & { readonly ports: string; readonly protocols: string }): string {
  if (originOf(server).kind !== 'escalation') return jail;
  return ports === 'all' && protocols === 'all' ? ESCALATION_JAIL : nameOfRule(jail);
}

/** All that it can be: who asks does not know of which ports the rule is, or was. */
export function jailNamesOf({ server, jail }: Named): readonly string[] {
  return originOf(server).kind === 'escalation' ? [ESCALATION_JAIL, nameOfRule(jail)] : [jail];
}

function nameOfRule(rule: string): string {
  return `${ESCALATION_JAIL}.${rule}`;
}
