/**
 * Checks the messenger: its unit, and whether each channel takes messages. In: config and contact.json. Out: a finding
 * for each; none where nobody is told.
 */
import { join } from 'node:path';
import type { Finding } from '../domain/finding.ts';
import { agoText, countText } from '../domain/words.ts';
import { readNotifyContact, type ChannelContact } from '../notify/contact.ts';
import type { World } from '../world/world.ts';

const UNIT = 'banspool-notify';

/** It writes once a minute: after so long it does not run. */
const SILENT_MS = 5 * 60_000;

/** Every finding about messages. */
export async function messageFindings(world: World): Promise<readonly Finding[]> {
  const { notify } = world.config;
  if (notify === undefined) return [];
  const contact = await readNotifyContact(world.files, notify.folder);
  const now = world.now();
  const path = join(notify.folder, 'contact.json');
  if (contact === undefined || now - contact.at > SILENT_MS) {
    const what =
      contact === undefined
        ? `the messenger has not started yet, or cannot write ${path}: nobody is told anything`
        : `the messenger has written nothing into ${path} since ${agoText(contact.at, now)}`;
    const mend = `systemctl enable --now ${UNIT}; if it fails, journalctl -u ${UNIT} shows the reason`;
    return [{ level: 'bad', what, mend }];
  }
  return notify.channels.map(({ name }) =>
    channelFinding(
      name,
      contact.channels.find((channel) => channel.name === name),
      now,
    ),
  );
}

function channelFinding(name: string, contact: ChannelContact | undefined, now: number): Finding {
  if (contact === undefined) {
    const what = `the messenger does not know the channel ${name}: the config is newer than its start`;
    return { level: 'warn', what, mend: `systemctl restart ${UNIT}` };
  }
  const { lastSuccess, waitingSince, failure, lost } = contact;
  const mend = `banspool notify --test ${name} shows what the server answers; docs/messages.md describes the keys`;
  if (waitingSince !== null) {
    const what = `the channel ${name} takes no message since ${agoText(waitingSince, now)}: ${failure ?? 'no reason'}`;
    return { level: 'bad', what, mend };
  }
  if (lost > 0)
    return { level: 'warn', what: `the channel ${name} lost ${countText(lost, 'message')}`, mend };
  const last =
    lastSuccess === null ? 'has had no message yet' : `took its last message ${agoText(lastSuccess, now)}`;
  return { level: 'good', what: `the channel ${name} ${last}` };
}
