/** Values of the messenger, for its tests: a config, a status, events, and a look at them. */
import type { ChannelConfig } from '../../src/config/channel-section.ts';
import type { NotifyConfig } from '../../src/config/notify-section.ts';
import { USUAL_TOPICS } from '../../src/config/topics.ts';
import { UTC } from '../../src/domain/words.ts';
import type { FeedEvent } from '../../src/feed/event.ts';
import { decide, type Look, type Manner } from '../../src/notify/decide.ts';
import type { Message } from '../../src/notify/message.ts';
import { settle } from '../../src/notify/settle.ts';
import { emptyState, type NotifyState } from '../../src/notify/state.ts';
import type { ConditionRecord, StatusRecord } from '../../src/status/status-record.ts';
import { isoTime } from '../../src/yaml/time.ts';

/** A Monday at noon, UTC. */
export const NOON = Date.parse('2026-11-30T12:00:00Z');
export const [SECOND, MINUTE, HOUR, DAY] = [1_000, 60_000, 3_600_000, 86_400_000] as const;

export function channelOf(change: Partial<ChannelConfig> = {}): ChannelConfig {
  const way = { by: 'command', command: ['/bin/true'] } as const;
  return { name: 'ops', events: USUAL_TOPICS, group: MINUTE, limit: 10, way, ...change };
}

export function mannerOf(change: Partial<NotifyConfig> = {}): Manner {
  const config = {
    ...{ name: undefined, digest: 7 * 60, after: 2 * MINUTE, silent: HOUR, folder: '/nowhere' },
    ...{ channels: [channelOf()], ...change },
  };
  return { config, name: 'fw1', zone: UTC };
}

/** What the controller wrote down at `now`: all is well but for these conditions. */
export function recordOf(now: number, change: Partial<StatusRecord> = {}): StatusRecord {
  return {
    ...{
      version: 1,
      mode: 'enforce',
      state: '/var/lib/banspool/state',
      pid: 1,
      controller: null,
      stoppedAt: null,
    },
    ...{ startedAt: isoTime(now - 10 * DAY), updatedAt: isoTime(now), interval: MINUTE, converged: true },
    ...{ conditions: [], sets: [], bans: 3, claims: 3, ignored: 0, refused: 0, servers: [], lastPass: null },
    ...{ passes: [], failuresInARow: 0, unconfirmed: [], exports: [], lists: [], ...change },
  };
}

export function falseCondition(type: string, reason: string, message = 'something'): ConditionRecord {
  return { type, status: 'False', reason, message };
}

export function serverOf(name: string, lastHeard: number): StatusRecord['servers'][number] {
  const heard = isoTime(lastHeard);
  return { name, lastHeard: heard, intents: 1, refused: 0, discarded: 0, kept: 0, lastRefused: null };
}

export function driftOf(time: number, culprits: readonly string[] = ['iptables (pid 4711)']): FeedEvent {
  const line = `drift: ${culprits.join(', ')} emptied fail2ban-sshd (114 rules); restored in 33 ms`;
  return { kind: 'drift', time: isoTime(time), family: 'ipv4', changes: 114, culprits: [...culprits], line };
}

export function bannedOf(
  ip: string,
  { server = 'web1', jail = 'sshd', reason = null as string | null } = {},
): FeedEvent {
  return { kind: 'banned', time: isoTime(NOON), ip, jail, server, until: null, failures: null, reason };
}

export function refusedOf(
  server: string,
  { code = 'too-wide', reason = 'ip: too wide', file = '1.yaml' } = {},
): FeedEvent {
  return { kind: 'refused', time: isoTime(NOON), server, file, code, reason };
}

/** A messenger whose clock is turned by hand, and whose channels take what they are given unless they are away. */
export class TestMessenger {
  now = NOON;
  manner: Manner;
  state: NotifyState;
  readonly sent: { readonly channel: string; readonly at: number; readonly message: Message }[] = [];
  isAway = false;
  /** What is wrong, until it is changed. */
  conditions: readonly ConditionRecord[] = [];
  servers: StatusRecord['servers'] = [];
  /** False: status.json is as old as it was. */
  isRunning = true;
  #record: StatusRecord;

  constructor(change: Partial<NotifyConfig> = {}) {
    this.manner = mannerOf(change);
    this.state = emptyState(this.now);
    this.#record = recordOf(this.now);
  }

  get subjects(): readonly string[] {
    return this.sent.map(({ message }) => message.subject);
  }

  /** One look. */
  step(events: readonly FeedEvent[] = [], change: Partial<Look> = {}): void {
    const { conditions, servers } = this;
    if (this.isRunning) this.#record = recordOf(this.now, { conditions: [...conditions], servers });
    const seen: Look = { now: this.now, events, isPartial: false, record: this.#record, ...change };
    this.state = decide(this.state, seen, this.manner);
    for (const { name } of this.manner.config.channels) {
      const outgoing = this.state.channels[name]?.outgoing ?? null;
      if (outgoing === null || outgoing.notBefore > this.now) continue;
      const { message } = outgoing;
      if (!this.isAway) this.sent.push({ channel: name, at: this.now, message });
      const sent = this.isAway
        ? ({ kind: 'failed', why: 'away', isRefusal: false } as const)
        : ({ kind: 'sent', answer: 'ok' } as const);
      this.state = settle(this.state, { channel: name, id: message.id, sent, now: this.now }).state;
    }
  }

  /** Looks every 5 seconds until so long after now, or every minute where that is long. */
  pass(length: number): void {
    const end = this.now + length;
    const stride = length > HOUR ? MINUTE : 5 * SECOND;
    while (this.now < end) {
      this.now = Math.min(end, this.now + stride);
      this.step();
    }
  }
}
