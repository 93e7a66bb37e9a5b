/**
 * Runs what a support archive is made of, one program after another. Whatever one of them does, the others go on: a
 * file whose program failed, hangs or is not there says so, and each file is of a bounded length.
 */
import { messageOf } from '../../system/error.ts';
import type { Run } from '../../system/processes/run.ts';
import type { Identity } from '../../system/user.ts';
import type { Part } from './parts.ts';
import { withoutSecrets } from './secrets.ts';

/** A program that looks takes a second or two, also at 100,000 bans. */
const TIME_LIMIT_MS = 10_000;

/** Reports are mailed, and the head of what is longer tells enough. */
const MOST_BYTES = 1024 * 1024;

export interface Gathered {
  /** By file name, without secrets. */
  readonly texts: ReadonlyMap<string, string>;
  /** By file name: why it is not what it should be. */
  readonly failures: ReadonlyMap<string, string>;
}

interface Needs {
  readonly run: Run;
  /** Of the state, where this process is root's and the state is not. */
  readonly owner: Identity | undefined;
  /** Is told of each file before it is made. */
  readonly beginning: (file: string) => void;
}

/** What comes is as long as it is: whoever learns from it needs all of it, and then cuts it. */
export async function gather(parts: readonly Part[], needs: Needs): Promise<Gathered> {
  const texts = new Map<string, string>();
  const failures = new Map<string, string>();
  for (const part of parts) {
    needs.beginning(part.file);
    const { text, failure } = await ask(part, needs);
    if (failure !== undefined && part.isOptional === true) continue;
    texts.set(part.file, (texts.get(part.file) ?? '') + harmless(part, withoutSecrets(text)));
    if (failure !== undefined && part.isSection !== true) failures.set(part.file, withoutSecrets(failure));
  }
  return { texts, failures };
}

/** Names of files that servers chose are in it, and people read it on terminals. */
function harmless({ file }: Part, text: string): string {
  return file.endsWith('.txt') ? text.replace(OBEYED, ' ') : text;
}

/** Of all that a line has no room for: the ends of lines and tabs are the program's. */
const OBEYED = /(?![\n\t])[\p{C}\p{Zl}\p{Zp}]/gu;

interface Answer {
  readonly text: string;
  readonly failure?: string;
}

async function ask(part: Part, { run, owner }: Needs): Promise<Answer> {
  const [program = '', ...words] = part.argv;
  const head = part.isSection === true ? `$ ${shownCommand(part)}\n` : '';
  try {
    const as = part.asOwner === true ? owner : undefined;
    const { stdout, stderr, exitCode } = await run(program, words, { timeoutMs: TIME_LIMIT_MS, as });
    if (stdout === '' && exitCode !== 0) return failed(head, stderr.trimEnd() || `exit code ${exitCode}`);
    const isData = !part.file.endsWith('.txt');
    const said = isData ? [stdout] : [stdout, stderr, exitCode === 0 ? '' : `[exit code ${exitCode}]`];
    return {
      text:
        head +
        said
          .filter((each) => each !== '')
          .map(ended)
          .join(''),
    };
  } catch (error) {
    return failed(head, messageOf(error));
  }
}

function failed(head: string, why: string): Answer {
  return { text: `${head}not there: ${why}\n`, failure: why.split('\n')[0] ?? '' };
}

/** With its own name, and not that of Node. */
function shownCommand({ argv }: Part): string {
  const own = argv.findIndex((word) => /banspool\.js$|\/main\.js$/.test(word));
  return [...(own === -1 ? [] : ['banspool']), ...argv.slice(own + 1)].join(' ');
}

function ended(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}

/** The head of a text that is too long, with a last line that says so. */
export function cutToFit(text: string): string {
  const bytes = Buffer.byteLength(text);
  if (bytes <= MOST_BYTES) return text;
  const end = `… cut here, of ${bytes} bytes\n`;
  const head = Buffer.from(text).subarray(0, MOST_BYTES - Buffer.byteLength(end) - 1);
  // A line that is not whole may be half a secret, or half a name.
  const whole = head.subarray(0, head.lastIndexOf('\n') + 1);
  return whole.toString('utf8') + end;
}
