/** What reads a list that is one text, token by token. */
import type { LineMeaning } from '../entry.ts';
import type { TakeToken } from './tokenizer.ts';

export interface DocumentParser {
  readonly take: TakeToken;
  /** Whether what was taken is all of such a text, and not only its beginning or something else. */
  readonly isWhole: () => boolean;
}

/** Takes a part of the text that should be an entry, and how it is quoted. */
export type TakePart = (meaning: LineMeaning, text: string) => void;
