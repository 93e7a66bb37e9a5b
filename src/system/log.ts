/** One line an event on stderr. Under systemd each line begins with its priority, which journald takes off. */

export interface Log {
  readonly error: (message: string) => void;
  readonly warn: (message: string) => void;
  readonly info: (message: string) => void;
}

/** Priorities as in syslog(3). */
const PRIORITY = { error: 3, warn: 4, info: 6 } as const;

/** A log to `stream`; control characters are escaped, since messages quote what servers sent. */
export function makeLog(stream: { readonly write: (text: string) => void }, style: 'journal' | 'plain'): Log {
  const write = (level: keyof typeof PRIORITY) => (message: string) => {
    const prefix = style === 'journal' ? `<${PRIORITY[level]}>` : 'banspool: ';
    const word = style === 'journal' || level === 'info' ? '' : `${level === 'warn' ? 'warning' : level}: `;
    stream.write(`${prefix}${word}${escapeControl(message)}\n`);
  };
  return { error: write('error'), warn: write('warn'), info: write('info') };
}

/** `journal` when stderr goes to journald (systemd.exec(5), JOURNAL_STREAM). */
export function logStyle(env: NodeJS.ProcessEnv): 'journal' | 'plain' {
  return env['JOURNAL_STREAM'] === undefined ? 'plain' : 'journal';
}

function escapeControl(message: string): string {
  return message.replace(
    /[\p{C}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}
