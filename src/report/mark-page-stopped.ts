/**
 * The last word of a controller that is stopped, in the page that it wrote last: by itself that would say for minutes
 * that all is well.
 */
import { timeText } from '../domain/words.ts';
import { messageOf } from '../system/error.ts';
import { writePage } from '../system/files/write-page.ts';
import { localZone } from '../system/local-zone.ts';
import type { World } from '../world/world.ts';
import { html } from './markup.ts';
import { reportPath } from './report-path.ts';
import { LEVELS, NOT_STOPPED } from './sections/verdict.ts';

/** The page's own title is the first. */
const LEVEL_IN_TITLE = new RegExp(`<title>(?:${Object.values(LEVELS).join('|')}) – `);

/** Notes it; a failure is logged. */
export async function markPageStopped({
  config,
  files,
  log,
  now,
}: Pick<World, 'config' | 'files' | 'log' | 'now'>): Promise<void> {
  const path = reportPath(config);
  try {
    const page = await files.read(path);
    if (page === undefined) return;
    const at = timeText(now(), localZone(process.env));
    const note = html`<p class="stopped">
      The controller was stopped at ${at}, and rules stay as they were; fix:
      <code>systemctl start banspool</code>
    </p>`;
    const stopped = page
      .replace('<html ', () => '<html class="ended" ')
      .replace(LEVEL_IN_TITLE, '<title>Stopped – ')
      .replace(NOT_STOPPED, () => note.text);
    await writePage(path, [stopped]);
  } catch (error) {
    log.error(`cannot write ${path}: ${messageOf(error)}`);
  }
}
