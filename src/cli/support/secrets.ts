/**
 * Takes secrets out of a text that leaves this machine: private keys, passwords and tokens by the names that they are
 * called, credentials in URLs, and the paths of web addresses, which of a webhook are its password. It takes out too
 * much rather than too little, and keeps the number of lines, but for what is written below the name of a secret.
 */

// What repeats is bounded in all of them: a stranger's line may be long, and the time must not grow with its square.

/** What stands in the place of a secret. */
const REMOVED = '[removed]';

const PRIVATE_KEY =
  /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|$(?![\s\S]))/g;

/** `scheme://user:password@`. */
const CREDENTIALS = /\b([A-Za-z][A-Za-z0-9+.-]{0,20}:\/\/)[^\s'":@/]{0,200}:[^\s'"]{0,500}@/g;

const WEB_PATH = /\b(https?:\/\/[^\s/'"<>]+\/)[^\s'"<>]+/gi;

const BEARER = /\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi;

/** `password: …`, `"smtpToken": …`, `pass=…`, and a command, whose words may be one: all that follows in the line. */
const NAMED = new RegExp(
  String.raw`((?:\b[\w.-]{0,40}(?:passw(?:or)?d|passphrase|secret|token|credentials?|api[_-]?key|private[_-]?key|authorization|webhook)|\b(?:pass|command))["']?\s*[:=])(.*)$`,
  'i',
);

/** The text without what looks like a secret. */
export function withoutSecrets(text: string): string {
  const whole = text
    .replace(PRIVATE_KEY, REMOVED)
    .replace(CREDENTIALS, `$1${REMOVED}@`)
    .replace(WEB_PATH, `$1${REMOVED}`)
    .replace(BEARER, `$1 ${REMOVED}`);
  return whole === '' ? '' : withoutNamed(whole.split('\n')).join('\n');
}

function withoutNamed(lines: readonly string[]): readonly string[] {
  const kept: string[] = [];
  // Lines that are indented deeper than the name of a secret, and items of a list below it, are of its value.
  let below = Infinity;
  for (const line of lines) {
    const indent = line.search(/\S/);
    const isItem = indent === below && line.startsWith('- ', indent);
    if (indent > below || isItem || (indent === -1 && below !== Infinity)) continue;
    below = Infinity;
    const found = NAMED.exec(line);
    if (found === null) kept.push(line);
    else {
      kept.push(`${line.slice(0, found.index)}${found[1] ?? ''} ${REMOVED}`);
      if (/^\s*(?:[|>].*)?$/.test(found[2] ?? '')) below = indent;
    }
  }
  return kept;
}
