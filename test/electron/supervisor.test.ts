// The core's supervisor: starts it again when it dies, ever more slowly when it dies at once, and ends it in order.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CoreProcess } from '#electron/core-process.ts';
import { Supervisor } from '#electron/supervisor.ts';

class FakeCore implements CoreProcess {
  readonly pid = 1;
  sent: { kind: string }[] = [];
  killed = false;
  say: (message: unknown) => void = () => undefined;
  die: (reason: string) => void = () => undefined;
  send(message: unknown): void {
    this.sent.push(message as { kind: string });
  }
  onMessage(listener: (message: unknown) => void): void {
    this.say = listener;
  }
  onExit(listener: (reason: string) => void): void {
    this.die = listener;
  }
  kill(): void {
    this.killed = true;
  }
}

function set() {
  const cores: FakeCore[] = [];
  const news: string[] = [];
  const heard: unknown[] = [];
  const forks: unknown[] = [];
  const start = { library: null, create: true, home: '/home', version: '1', host: 'test' };
  const supervisor = new Supervisor({
    launch: () => {
      const core = new FakeCore();
      cores.push(core);
      return core;
    },
    start,
    hear: (message) => heard.push(message),
    fork: (message) => forks.push(message),
    news: ({ state }) => news.push(state),
    died: () => undefined,
  });
  supervisor.start();
  const last = () => cores.at(-1) as FakeCore;
  return { supervisor, cores, news, heard, forks, last, start };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the supervisor', () => {
  test('starts a core and tells that it is up', () => {
    const { last, news, start } = set();
    expect(last().sent).toEqual([{ kind: 'start', options: start }]);
    last().say({ kind: 'ready' });
    expect(news).toEqual(['up']);
  });

  test('tells what the core could not do, in its words', () => {
    const { last, news } = set();
    last().say({ kind: 'failed', code: 'DISK_FULL', message: 'The disk is full.', next: 'Make room.' });
    expect(news).toEqual(['failed']);
  });

  test('sorts what the core says: children to their starter, the rest to the host', () => {
    const { last, heard, forks } = set();
    last().say({ kind: 'fork', child: 1, entry: 'decode', environment: {} });
    last().say({ kind: 'kill', child: 1 });
    last().say({ kind: 'say', channel: 1, data: '{}' });
    expect(forks).toHaveLength(2);
    expect(heard).toEqual([{ kind: 'say', channel: 1, data: '{}' }]);
  });

  test('starts a dead core again: at once, then after ever longer pauses', () => {
    const { cores, last, news } = set();
    for (const pauseMs of [0, 500, 2000, 5000, 15_000, 15_000]) {
      const before = cores.length;
      last().die('signal SIGKILL');
      if (pauseMs > 0) vi.advanceTimersByTime(pauseMs - 1);
      expect(cores).toHaveLength(before);
      vi.advanceTimersByTime(1);
      expect(cores).toHaveLength(before + 1);
    }
    expect(news).toEqual(Array(6).fill('gone'));
  });

  test('forgives what is long ago', () => {
    const { cores, last } = set();
    for (let death = 0; death < 4; death++) {
      last().die('exit code 1');
      vi.advanceTimersByTime(20_000);
    }
    vi.advanceTimersByTime(60_000);
    last().die('exit code 1');
    vi.advanceTimersByTime(1);
    expect(cores).toHaveLength(6);
  });

  test('does not listen to a core that is gone', () => {
    const { cores, last, news, heard } = set();
    const [first] = cores;
    first?.die('exit code 1');
    vi.advanceTimersByTime(1);
    first?.say({ kind: 'ready' });
    first?.say({ kind: 'jobs', running: 0, progress: null, training: false });
    first?.die('again');
    expect(news).toEqual(['gone']);
    expect(heard).toEqual([]);
    last().say({ kind: 'ready' });
    expect(news).toEqual(['gone', 'up']);
  });

  test('stops in order, and does not start again what it stopped', async () => {
    const { supervisor, cores, last, news } = set();
    const stopped = supervisor.stop();
    expect(last().sent.at(-1)).toEqual({ kind: 'close' });
    expect(last().killed).toBe(false);
    last().say({ kind: 'closed' });
    await stopped;
    expect(last().killed).toBe(true);
    last().die('signal SIGTERM');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(cores).toHaveLength(1);
    expect(news).toEqual([]);
  });

  test('ends a core that does not close', async () => {
    const { supervisor, last } = set();
    const stopped = supervisor.stop();
    await vi.advanceTimersByTimeAsync(5999);
    expect(last().killed).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await stopped;
    expect(last().killed).toBe(true);
  });
});
