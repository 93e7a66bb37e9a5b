/**
 * Why a file of the spool is refused: a code and its details, from which the words are made that stand in its reason
 * file, in the log, and in what commands say. Its writer reads them, so they tell what would be taken.
 */
import { wordsFor, type Coded } from './coded.ts';
import { cut, UNPRINTABLE } from './printable.ts';

/** Of what quotes a stranger, whose words go to logs and terminals. */
const MAX_WORDS = 300;

const REFUSALS = {
  // Of the file.
  'wrong-name': () => 'the file name is not 1-121 characters of A-Z a-z 0-9 . _ - followed by .yaml',
  odd: ({ what }: { readonly what: string }) => `${what}; an intent must be a plain file`,
  incomplete: ({ seconds }: { readonly seconds: number }) =>
    `incomplete: the last line is not "..." after ${seconds} s`,

  // Of its text.
  'not-utf8': () => 'not UTF-8 text',
  'control-character': ({ character, line }: { readonly character: string; readonly line: number }) =>
    `the control character 0x${character.charCodeAt(0).toString(16).padStart(2, '0')} in line ${line}`,
  'too-long': () => 'longer than 8 KiB and not a snapshot with one ban per line',
  'no-ban': ({ line }: { readonly line: number }) =>
    `line ${line} is not "  - { ip: ADDRESS, time: SECONDS, bantime: SECONDS }" or the end "..."`,
  'too-deep': ({ most }: { readonly most: number }) => `nested more than ${most} levels deep`,
  'too-many-indicators': ({ most }: { readonly most: number }) => `more than ${most} YAML indicators`,
  'not-yaml': ({ said }: { readonly said: string }) => shown(`not YAML: ${said}`),
  'not-a-mapping': () => 'not a mapping of keys to values',
  directive: ({ name }: { readonly name: 'YAML' | 'TAG' }) => `a %${name} directive`,
  alias: () => 'an alias (*name)',
  anchor: ({ name }: { readonly name: string }) => shown(`an anchor (&${name})`),
  tag: ({ name }: { readonly name: string }) => shown(`a tag (${name})`),
  'odd-key': () => 'a key that is not a plain word',
  'forbidden-key': ({ key }: { readonly key: string }) => `the key "${key}"`,

  // Of its fields.
  'missing-field': (details: FieldFault) => fieldWords(details),
  'wrong-field': (details: FieldFault) => fieldWords(details),

  // Of what the server may say.
  'jail-not-listed': ({ server, jail, jails }: JailNotListed) =>
    `jail: policy.yaml allows ${server} only ${jails.join(', ')}, not "${jail}"`,
  'too-many-jails': ({ server, most }: { readonly server: string; readonly most: number }) =>
    `jail: ${server} already has ${most} jails, the limit`,
  'too-wide': ({ server, ip, widest }: TooWide) =>
    `ip: ${ip} is wider than /${widest}, the limit of ${server}; raise it under limits in policy.yaml`,
  'too-many-claims': ({ server, claims, most }: TooManyClaims) =>
    `${server} would have ${claims} claims; its limit is ${most}; raise it under limits in policy.yaml`,
  'too-many-unbans': ({ server, ip, most }: TooManyUnbans) =>
    `${server} has no claim on ${ip}, and ${most} such unbans are already remembered`,
};

export type Refusal = Coded<typeof REFUSALS>;

/** All of them, in the order of the table. */
export const REFUSAL_CODES: readonly string[] = Object.keys(REFUSALS);

/** One line, without a full stop. */
export function refusalText(refusal: Refusal): string {
  return wordsFor(REFUSALS, refusal);
}

interface FieldFault {
  /** `ip`, or `bans.3.ip`. */
  readonly field: string;
  /** What is wrong with its value, as yaml/expected.ts says it. */
  readonly fault: string;
}

interface JailNotListed {
  readonly server: string;
  readonly jail: string;
  readonly jails: readonly string[];
}

interface TooWide {
  readonly server: string;
  readonly ip: string;
  /** As a prefix length. */
  readonly widest: number;
}

interface TooManyClaims {
  readonly server: string;
  readonly claims: number;
  readonly most: number;
}

interface TooManyUnbans {
  readonly server: string;
  readonly ip: string;
  readonly most: number;
}

function fieldWords({ field, fault }: FieldFault): string {
  return shown(`${field}: ${fault}`);
}

function shown(words: string): string {
  return cut(words.replace(UNPRINTABLE, ' '), MAX_WORDS);
}
