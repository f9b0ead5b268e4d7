// The window's side of the carriers, with a real router at the other end of real ports.
import { MessageChannel } from 'node:worker_threads';
import { os, ORPCError } from '@orpc/server';
import { RPCHandler } from '@orpc/server/message-port';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { PORT_MESSAGE } from '#api/host.ts';
import type { CoreNews, HostBridge } from '#api/host.ts';
import { connect, troubleOf, watch } from '#renderer/connect.ts';

type Listener = (event: { source: unknown; data: unknown; ports: unknown[] }) => void;

/** A desktop whose core comes and goes at the test's word. */
function desktop() {
  const listeners: Listener[] = [];
  let tell: (news: CoreNews) => void = () => undefined;
  const host = {
    connect: () => undefined,
    onCore: (listener: typeof tell) => {
      tell = listener;
      return () => undefined;
    },
  } as unknown as HostBridge;
  const window = {
    osteon: host,
    location: { origin: 'app://osteon' },
    addEventListener: (_: string, listener: Listener) => listeners.push(listener),
  };
  const comesUp = (router: object) => {
    const { port1, port2 } = new MessageChannel();
    onTestFinished(() => port1.close());
    new RPCHandler(router as never).upgrade(port1 as never);
    port1.start();
    for (const listener of listeners) listener({ source: window, data: PORT_MESSAGE, ports: [port2] });
  };
  return {
    connection: connect(window as unknown as Window),
    comesUp,
    dies: () => tell({ state: 'gone' }),
    listeners,
    window,
  };
}

const answering = (name: string) => ({ libraries: { current: os.handler(() => ({ name })) } });
const silent = { libraries: { current: os.handler(() => new Promise(() => undefined)) } };

describe('a core behind a port', () => {
  test('a call made before there is one waits for it', async () => {
    const { connection, comesUp } = desktop();
    const answer = connection.core.libraries.current();
    comesUp(answering('first'));
    await expect(answer).resolves.toMatchObject({ name: 'first' });
  });

  test('calls under way fail when it dies, with words and a next step; later ones go to its successor', async () => {
    const { connection, comesUp, dies } = desktop();
    comesUp(silent);
    const lost = connection.core.libraries.current();
    await new Promise((resolve) => setTimeout(resolve, 20));
    dies();
    const error = await lost.catch((reason: unknown) => reason);
    expect(troubleOf(error)).toMatchObject({ code: 'CORE_DIED', next: 'Repeat the last step.' });
    const later = connection.core.libraries.current();
    comesUp(answering('second'));
    await expect(later).resolves.toMatchObject({ name: 'second' });
  });

  test('a port from anywhere but the window itself is not taken', async () => {
    const { connection, comesUp, listeners } = desktop();
    const { port2 } = new MessageChannel();
    for (const listener of listeners) listener({ source: {}, data: PORT_MESSAGE, ports: [port2] });
    const answer = connection.core.libraries.current();
    comesUp(answering('the right one'));
    await expect(answer).resolves.toMatchObject({ name: 'the right one' });
    port2.close();
  });

  test('a watched stream runs on with the next core', async () => {
    const { connection, comesUp, dies } = desktop();
    const counting = (from: number) => ({
      jobs: {
        watch: os.handler(async function* ({ signal }) {
          for (let i = from; !signal?.aborted; i++) {
            yield [{ id: String(i) }];
            await new Promise((resolve) => setTimeout(resolve, 5));
          }
        }),
      },
    });
    comesUp(counting(0));
    const seen: number[] = [];
    const alive: boolean[] = [];
    const stop = watch({
      open: (signal) => connection.core.jobs.watch(undefined, { signal }),
      take: (jobs) => seen.push(Number(jobs[0]?.id)),
      alive: (now) => alive.push(now),
    });
    await vi.waitFor(() => expect(seen.length).toBeGreaterThan(2));
    dies();
    comesUp(counting(1000));
    await vi.waitFor(() => expect(Math.max(...seen)).toBeGreaterThan(1001), { timeout: 5000 });
    expect(alive).toContain(false);
    expect(alive.at(-1)).toBe(true);
    stop();
    const after = seen.length;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(seen.length).toBeLessThanOrEqual(after + 1);
  });
});

describe('watching a stream that ends', () => {
  const some = async function* () {
    yield 1;
    yield 2;
    await Promise.resolve();
  };

  test('says so once and is not opened again', async () => {
    const seen: number[] = [];
    let opened = 0;
    await new Promise<void>((ended) => {
      watch({ open: () => (opened++, Promise.resolve(some())), take: (value) => seen.push(value), ended });
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect({ seen, opened }).toEqual({ seen: [1, 2], opened: 1 });
  });

  test('a declared error ends it', async () => {
    const gone = new ORPCError('JOB_NOT_FOUND', { defined: true, data: { next: 'Look at the list of jobs.' } });
    const error = await new Promise<Error>((failed) => {
      watch({ open: () => Promise.reject(gone), take: () => undefined, failed });
    });
    expect(troubleOf(error).next).toBe('Look at the list of jobs.');
  });
});

describe('errors in words', () => {
  test('a server that is not there', () => {
    expect(troubleOf(new TypeError('Failed to fetch')).code).toBe('NOT_ANSWERING');
  });

  test('anything else is our own fault and tells no secrets', () => {
    const said = troubleOf(new Error('SELECT name FROM patients'));
    expect(said.message).toContain('Something in Osteon went wrong');
    expect(JSON.stringify(said)).not.toContain('patients');
  });
});
