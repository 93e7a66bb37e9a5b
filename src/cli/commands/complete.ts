/** `banspool complete`: words that begin so, for the completions of shells; nothing where anything is wrong. */
import { newHiddenCommand, type AddCommand } from '../command.ts';
import { loadConfig } from '../open-world.ts';
import { findWords } from '../words/find-words.ts';
import { pick } from '../words/pick.ts';
import { WORD_KINDS, type WordKind } from '../words/word-kinds.ts';

export const addComplete: AddCommand = (program, { io }) => {
  newHiddenCommand(
    program,
    'complete <kind> [prefix]',
    `print ${WORD_KINDS.join(', ')} that begin with the prefix`,
  )
    // A prefix such as -x is one too.
    .allowUnknownOption()
    .allowExcessArguments()
    .action(async (kind: string, prefix: string | undefined, options: { config: string }) => {
      const words = await wordsOf(kind, prefix ?? '', async () => loadConfig(io, options.config));
      for (const word of words) io.out(`${word}\n`);
    });
};

type Load = () => ReturnType<typeof loadConfig>;

/** Who presses a key to see words reads no errors. */
async function wordsOf(kind: string, typed: string, load: Load): Promise<readonly string[]> {
  const known = WORD_KINDS.find((each) => each === kind);
  return known === undefined ? [] : readWords(known, typed, await load().catch(() => undefined));
}

function readWords(
  kind: WordKind,
  typed: string,
  config: Awaited<ReturnType<Load>> | undefined,
): readonly string[] {
  // fish gives all of --jail=ssh. An address is kept in small letters.
  const value = typed.replace(/^--[a-z-]+=/, '');
  const prefix = kind === 'addresses' ? value.toLowerCase() : value;
  return config === undefined ? [] : pick(findWords(config, { kind, prefix, now: Date.now() }), prefix);
}
