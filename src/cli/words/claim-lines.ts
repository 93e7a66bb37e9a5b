/**
 * Reads addresses, claimants and jails out of lines of claims and of jails, fast and without a look at anything else:
 * for who offers them on a command line, where a line that is missed costs a word. No word has a character that a
 * shell takes for more than itself.
 */
import { CLAIMANT_NAME, JAIL_NAME } from '../../domain/names.ts';

const CLAIM =
  /^- \{ "ip": "([0-9a-f.:/]{2,43})", "server": "([^"\\]{1,127})", "jail": "([^"\\]{1,64})"[^\n]*?, "until": (?:null|"([0-9TZ:.-]{20,30})")/gm;

const JAIL = /^- \{ "jail": "([^"\\]{1,64})"/gm;

interface FoundClaim {
  readonly ip: string;
  readonly claimant: string;
  readonly jail: string;
}

/** Claims that have not ended by `now`, in milliseconds since 1970. */
export function* claimsIn(text: string, now: number): Generator<FoundClaim> {
  for (const [, ip = '', claimant = '', jail = '', until] of text.matchAll(CLAIM)) {
    const isOver = until !== undefined && Date.parse(until) <= now;
    if (!isOver && CLAIMANT_NAME.test(claimant) && JAIL_NAME.test(jail)) yield { ip, claimant, jail };
  }
}

/** Jails of a server's file. */
export function jailsIn(text: string): readonly string[] {
  return Array.from(text.matchAll(JAIL), ([, jail = '']) => jail).filter((jail) => JAIL_NAME.test(jail));
}
