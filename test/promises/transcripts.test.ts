/**
 * What people read, word for word: each file of transcripts/ is a session with the real program above a firewall of
 * its own. `$` runs a command; below it stand its stdout, its stderr, and `[exit CODE]` where that is not 0. `%` is
 * what others do: a server says something, somebody writes the policy, the config or a file in DIR, or runs iptables.
 * What differs from run to run is masked. Where the words change, the failure shows the lines as they should stand
 * here.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { iptables } from '../support/firewall.ts';
import { intentText } from '../support/intent-text.ts';
import { masked } from '../support/masked.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('the words of the command line');

const FOLDER = join(import.meta.dirname, '../../../test/promises/transcripts');

for (const name of readdirSync(FOLDER)) {
  test(`are as in ${name}`, async () => {
    await using sandbox = await Sandbox.open();
    const expected = readFileSync(join(FOLDER, name), 'utf8');

    const came = await replay(sandbox, expected);

    assert.fixture(came, expected);
  });
}

/** The session again, with what comes of it now. */
async function replay(sandbox: Sandbox, transcript: string): Promise<string> {
  const came: string[] = [];
  let isOutput = false;
  for (const line of transcript.trimEnd().split('\n')) {
    if (line.startsWith('$ banspool')) {
      came.push(line, ...(await outputLines(sandbox, wordsOf(line).slice(2))));
      isOutput = true;
    } else if (line.startsWith('% ')) {
      await doAs(sandbox, line.slice(2));
      came.push(line);
      isOutput = true;
    } else if (!isOutput) came.push(line);
  }
  return `${came.join('\n')}\n`;
}

/** Split at blanks, but for what stands in quotes. */
function wordsOf(line: string): readonly string[] {
  return (line.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replace(/^"(.*)"$/, '$1'));
}

async function outputLines(sandbox: Sandbox, words: readonly string[]): Promise<readonly string[]> {
  const named = words.map((word) => word.replace(/^DIR\//, `${sandbox.folder}/`));
  const { code, stdout, stderr } = await sandbox.cli(...named);
  const lines = masked(`${stdout}${stderr}`.replaceAll(sandbox.folder, 'DIR')).split('\n').slice(0, -1);
  return code === 0 ? lines : [...lines, `[exit ${code}]`];
}

async function doAs(sandbox: Sandbox, line: string): Promise<void> {
  const [who = '', ...words] = wordsOf(line);
  const rest = line.slice(who.length + 1);
  if (who === 'iptables') await iptables(words);
  else if (who === 'config') {
    const [key = '', value = ''] = rest.split(': ');
    sandbox.configure({ [key]: value });
  } else if (who === 'policy') {
    mkdirSync(sandbox.state, { recursive: true });
    writeFileSync(join(sandbox.state, 'policy.yaml'), rest.replaceAll('\\n', '\n'));
  } else if (who === 'file') {
    const [name = ''] = words;
    writeFileSync(join(sandbox.folder, name), rest.slice(name.length + 1).replaceAll('\\n', '\n'));
  } else if (words[0] === 'nonsense') sandbox.drop(who, 'intent: nonsense\n...\n', '1-nonsense.yaml');
  else {
    const [intent = '', ip = '', jail = '', ...fields] = words;
    const more = Object.fromEntries(
      fields.map((field): [string, string] => {
        const [key = '', value = ''] = field.split('=');
        return [key, value];
      }),
    );
    sandbox.drop(
      who,
      intentText({ intent, ip: `"${ip}"`, jail, bantime: '600', time: Date.now() / 1000, ...more }),
    );
  }
}

test.run();
