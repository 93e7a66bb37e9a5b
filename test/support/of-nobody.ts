/** A state that is another user's than root's, and how root is told to act as that user. */
import { chownSync } from 'node:fs';
import { NOBODY } from './as-nobody.ts';
import { banText } from './intent-text.ts';
import { Sandbox } from './sandbox.ts';

/** A state that is to be nobody's, with one ban in the spool. */
export async function openOfNobody(): Promise<Sandbox> {
  const sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('198.51.100.7'));
  chownSync(sandbox.folder, NOBODY.uid, NOBODY.gid);
  return sandbox;
}

/** How nobody makes the pass; the units know no other config than the one at its default place. */
export const commandOf = ({ configPath }: Sandbox, command: 'reconcile' | 'run'): string =>
  `setpriv --reuid nobody --regid ${NOBODY.gid} --clear-groups --inh-caps +net_admin,+net_raw --ambient-caps +net_admin,+net_raw banspool ${command} --config ${configPath}`;
