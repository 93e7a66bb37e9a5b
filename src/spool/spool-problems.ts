/** What is wrong with the spool, as conditions that are not true. */
import type { Config } from '../config/config.ts';
import type { Problem, ReasonOf } from '../domain/conditions.ts';
import { countText } from '../domain/words.ts';
import { mendOfClosedFiles, mendOfFolder, mendOfSpool, mendOfStranger } from './mend-of-folder.ts';
import type { Intake } from './take-in.ts';

/**
 * Of the spool, with commands for root's shell; `owner` finds the state's, and is asked where a command needs it
 * alone.
 */
export function spoolProblems(
  {
    isMissing,
    forbidden,
    strangers,
    closed,
  }: Pick<Intake, 'isMissing' | 'forbidden' | 'strangers' | 'closed'>,
  config: Config,
  owner: () => string,
): readonly Problem[] {
  const { spool } = config;
  const problems: Problem[] = [];
  const tell = (reason: ReasonOf<'SpoolReadable'>, message: string): void => {
    problems.push({ condition: 'SpoolReadable', reason, message });
  };
  if (isMissing)
    tell(
      'Missing',
      `${spool} is missing or unreadable: no file of a server is read; fix: ${mendOfSpool(config)}`,
    );
  const [first] = closed;
  if (first !== undefined) {
    const what = `${countText(closed.length, 'server folder')} cannot be read (first: ${spool}/${first})`;
    tell('FolderClosed', `${what}; fix: ${mendOfFolder(`${spool}/${first}`, owner())}`);
  }
  if (forbidden.length > 0) {
    const what = `${countText(forbidden.length, 'file')} cannot be read (first: ${forbidden[0] ?? ''})`;
    const mend = `make the senders write readable files, and remove the unreadable ones: ${mendOfClosedFiles(config, owner())}`;
    tell('Forbidden', `${what}; fix: ${mend}`);
  }
  const [stranger] = strangers;
  if (stranger !== undefined) {
    const what = `the spool contains folders whose names are not server names: ${strangers.slice(0, 5).join(', ')}`;
    const mend = `${mendOfStranger(config, stranger)}; a server name contains only a-z 0-9 . -`;
    tell('NotAServer', `${what}; fix: ${mend}`);
  }
  return problems;
}
