/** What changed no claim, and is to be told in the state's history all the same: it waits here until git takes it. */
import { numberText } from '../domain/words.ts';

/** Lines that wait for git, when it fails. */
const MAX_LINES = 100;

export interface Note {
  readonly message: string;
  /** To be called when it was told. */
  readonly forget: () => void;
}

/** A list whose content became another; none of it is in git. */
export interface ListChange {
  readonly name: string;
  /** Entries. */
  readonly before: number;
  readonly after: number;
  /** The first digits, of the new content; undefined where there is none. */
  readonly sha256: string | undefined;
}

/** `list drop: 1,204 -> 1,310 entries, sha256 12ab34cd56ef`. */
export function listLine({ name, before, after, sha256 }: ListChange): string {
  const counts = `list ${name}: ${numberText(before)} -> ${numberText(after)} entries`;
  return sha256 === undefined ? counts : `${counts}, sha256 ${sha256}`;
}

interface NoteLines {
  readonly repairs: readonly string[];
  readonly policyLines: readonly string[];
  readonly listLines?: readonly string[];
}

export class Notes {
  #repairs: readonly string[] = [];
  #policyLines: readonly string[] = [];
  #listLines: readonly string[] = [];

  /** Adds lines on what was put back on the firewall, what an edit of the policy lifts and drops, and on lists. */
  add({ repairs, policyLines, listLines = [] }: NoteLines): void {
    this.#repairs = [...this.#repairs, ...repairs].slice(-MAX_LINES);
    this.#policyLines = [...this.#policyLines, ...policyLines].slice(-MAX_LINES);
    this.#listLines = [...this.#listLines, ...listLines].slice(-MAX_LINES);
  }

  /** What the policy changed goes along with the commit of an edit, where we make that. */
  get policyLines(): readonly string[] {
    return this.#policyLines;
  }

  /** To be called when they were told. */
  forgetPolicyLines(): void {
    this.#policyLines = [];
  }

  /** Commits of their own: a repair is no change of the state, and what a person committed is not ours to word. */
  get waiting(): readonly Note[] {
    const notes: Note[] = [];
    if (this.#repairs.length > 0)
      notes.push({
        message: `Repair changes by another program\n\n${this.#repairs.join('\n')}\n`,
        forget: () => {
          this.#repairs = [];
        },
      });
    if (this.#policyLines.length > 0)
      notes.push({
        message: `Record the effects of a policy change\n\n${this.#policyLines.join('\n')}\n`,
        forget: () => {
          this.forgetPolicyLines();
        },
      });
    if (this.#listLines.length > 0)
      notes.push({
        message: `Take in lists\n\n${this.#listLines.join('\n')}\n`,
        forget: () => {
          this.#listLines = [];
        },
      });
    return notes;
  }
}
