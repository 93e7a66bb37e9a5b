/** The facts of a message, in words, from what waited for a channel. Pure. */
import { countText, durationText, numberText } from '../domain/words.ts';
import type { Alarm } from './find-alarms.ts';
import type { Fact } from './message.ts';
import type { Change, Notice } from './state.ts';
import { OTHERS } from './tally.ts';

/** An alarm that began, or is over. */
export function factOfChange({ alarm, since, over, times, isWorse }: Change, now: number): Fact {
  const { topic, what, reason } = alarm;
  const again = times > 1 ? `, ${numberText(times)} times` : isWorse && over === null ? ', and more' : '';
  const title =
    over === null
      ? `${alarmTitle(alarm)}${goingOn(alarm, now - since)}${again}`
      : `${endTitle(alarm, over - since)}${again}`;
  return {
    ...{ topic, status: over === null ? 'began' : 'over', what, reason, since, until: over },
    ...{
      count: Math.max(1, times),
      title,
      lines: over === null ? [...alarm.lines] : alarm.lines.map((line) => `was: ${line}`),
    },
  };
}

/** What has no end. */
export function factOfNotice({ topic, what, first, last, count, lines }: Notice): Fact {
  return {
    ...{ topic, status: 'happened', what, reason: null, since: first, until: last, count },
    ...{ title: noticeTitle(topic, what, count), lines: [...lines] },
  };
}

/** `not converged`, `PeersHeard is false (Silent)`, `server web1 is silent`. */
export function alarmTitle({ topic, what, reason }: Pick<Alarm, 'topic' | 'what' | 'reason'>): string {
  switch (topic) {
    case 'converged':
      return what === 'ControllerRunning' ? 'the controller is not running' : 'not converged';
    case 'condition':
      return `${what} is false (${reason ?? 'no reason'})`;
    case 'silent':
      return `server ${what} is silent`;
  }
}

function goingOn({ topic }: Pick<Alarm, 'topic'>, length: number): string {
  return topic === 'converged' ? ` for ${shortly(length)}` : '';
}

function endTitle({ topic, what }: Pick<Alarm, 'topic' | 'what'>, length: number): string {
  switch (topic) {
    case 'converged':
      return what === 'ControllerRunning'
        ? `the controller is running again after ${shortly(length)}`
        : `converged again after ${shortly(length)}`;
    case 'condition':
      return `${what} is true again after ${shortly(length)}`;
    case 'silent':
      return `server ${what} is heard again`;
  }
}

function noticeTitle(topic: Fact['topic'], what: string, count: number): string {
  const isOfOthers = what === OTHERS;
  if (topic === 'drift')
    return isOfOthers
      ? `drift: ${countText(count, 'more change')} undone`
      : `drift: ${countText(count, 'change')} by ${what} undone`;
  if (topic === 'refused')
    return isOfOthers
      ? `${countText(count, 'more file')} refused`
      : `${countText(count, 'file')} of ${what} refused`;
  if (topic === 'ban') return countText(count, 'ban');
  return `policy.yaml: ${countText(count, 'change')} of bans`;
}

/** Without seconds, where there are minutes, and without minutes, where there are days. */
function shortly(length: number): string {
  const unit = [86_400_000, 3_600_000, 60_000, 1_000].find((each) => length >= each) ?? 1_000;
  const smallest = unit === 86_400_000 ? 3_600_000 : unit === 3_600_000 ? 60_000 : unit;
  return durationText(Math.max(smallest, Math.round(length / smallest) * smallest));
}
