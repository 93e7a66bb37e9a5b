/** `banspool notify`: tells people what happened and what is wrong. */
import type { ChannelConfig } from '../../config/channel-section.ts';
import type { Manner } from '../../notify/decide.ts';
import { openWay, type Ways } from '../../notify/open-way.ts';
import { previewMessages, testMessage } from '../../notify/preview-messages.ts';
import { runNotify } from '../../notify/run-notify.ts';
import { BanspoolError } from '../../system/error.ts';
import { readSecret } from '../../system/files/read-secret.ts';
import { hostName } from '../../system/host.ts';
import { makeMail, sendMail } from '../../system/messages/mail.ts';
import { post } from '../../system/messages/post.ts';
import type { World } from '../../world/world.ts';
import { newCommand, type AddCommand, type CommandContext } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { openWorld } from '../open-world.ts';

interface Options {
  readonly config: string;
  /** The name of a channel; true: all. */
  readonly test?: string | true;
  readonly print?: true;
}

export const addNotify: AddCommand = (program, context) => {
  newCommand(program, 'notify', 'send messages when something is wrong, when it is over, and once a day')
    .option(
      '--test [channel]',
      'send a test message over one channel or all of them, and print what the server answers',
    )
    .option('--print', 'print what would be sent now, and send nothing')
    .addHelpText(
      'after',
      '\nIt changes no rule and runs without root. SIGTERM ends it; what is not sent yet stays.',
    )
    .action(async ({ config, test, print }: Options) => {
      const world = await openWorld(context.io, config);
      const { notify } = world.config;
      if (notify === undefined)
        throw new BanspoolError('config', `${config} has no notify`, {
          hint: 'docs/messages.md describes how to set it up',
        });
      const manner = { config: notify, name: notify.name ?? hostName(), zone: context.io.zone };
      if (print === true) context.io.out(await previewMessages(world, manner));
      else if (test !== undefined) await sendTests(world, context, { manner, test });
      else await run(world, context, manner);
    });
};

async function run(world: World, context: CommandContext, manner: Manner): Promise<void> {
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      context.exitCode = signal === 'SIGINT' ? EXIT.interrupted : EXIT.done;
      stop.abort();
    });
  }
  const names = manner.config.channels.map(({ name, way }) => `${name} (${way.by})`).join(', ');
  world.log.info(`telling ${names}`);
  const ways = waysOf(world);
  await runNotify(world, { manner, openSend: (channel) => openWay(ways, channel), signal: stop.signal });
}

async function sendTests(
  world: World,
  context: CommandContext,
  { manner, test }: { readonly manner: Manner; readonly test: string | true },
): Promise<void> {
  const { channels } = manner.config;
  const meant = channels.filter(({ name }) => test === true || name === test);
  if (meant.length === 0) {
    const names = channels.map(({ name }) => name).join(', ');
    throw new BanspoolError('usage', `there is no channel "${String(test)}"`, {
      hint: `the channels are ${names}`,
    });
  }
  for (const channel of meant) {
    const sent = await openWay(
      waysOf(world),
      channel,
    )(testMessage(world.now(), { ...manner, channel: channel.name }));
    if (sent.kind === 'sent') context.io.out(`${lineOf(channel)}: sent: ${sent.answer}\n`);
    else {
      context.io.out(`${lineOf(channel)}: not sent: ${sent.why}\n`);
      context.exitCode = EXIT.failed;
    }
  }
}

function lineOf({ name, way }: ChannelConfig): string {
  return `${name} (${way.by})`;
}

function waysOf({ files, run: runProgram }: World): Ways {
  return { files, readSecret, sendMail, makeMail, post, run: runProgram, host: hostName() };
}
