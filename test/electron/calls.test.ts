// S9: every call of the page with wrong senders, wrong types and random payloads: nothing reaches a handler past its schema,
// and the main process throws nothing that nobody asked for.
import { EventEmitter } from 'node:events';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { isCarrierMessage } from '#core/channel.ts';
import { fakeElectron } from './fake-electron.ts';

const PAYLOADS = 10_000;

type Handler = (event: object, ...args: unknown[]) => unknown;

async function takenCalls() {
  vi.resetModules();
  const { module } = fakeElectron();
  vi.doMock('electron', () => module);
  const { calls, takeCalls } = await import('#electron/calls.ts');
  const reached: { name: string; args: unknown[] }[] = [];
  const taken = new Map<string, Handler>();
  const names = Object.keys(calls) as (keyof typeof calls)[];
  const note =
    (name: string) =>
    (_page: unknown, ...args: unknown[]) =>
      void reached.push({ name, args });
  const handlers = Object.fromEntries(names.map((name) => [name, note(name)]));
  const ipc = { handle: (channel: string, handler: Handler) => taken.set(channel, handler) };
  takeCalls(ipc as never, handlers as never);
  return { calls, names, reached, taken };
}

const frame = { url: 'app://osteon/' };
const ours = { senderFrame: frame, sender: { mainFrame: frame } };

const right: Record<string, unknown[][]> = {
  connect: [[]],
  'pick-folder': [[], ['Choose a folder']],
  'pick-files': [[], ['Choose films'], ['Choose a model', 'model']],
  'save-file': [['curves.png', new Uint8Array([1, 2, 3])]],
  'show-library': [[]],
};

const wrong: Record<string, unknown[][]> = {
  connect: [[1], [null], [{}]],
  'pick-folder': [[5], [null], [['a']], ['a', 'b'], ['x'.repeat(201)], [{ toString: () => '/' }]],
  'pick-files': [[5], [null], ['a', 'everything'], [{ length: 1 }], ['a', {}]],
  'save-file': [[], ['a'], ['', new Uint8Array()], ['a', [1, 2]], ['a', 'text'], ['x'.repeat(201), new Uint8Array()]],
  'show-library': [['/etc'], [null], [{}]],
};

/** Senders that look like our page, from most to least. */
const strangers: [what: string, event: object][] = [
  ['another site', sender('https://example.org/')],
  ['a file', sender('file:///nowhere/index.html')],
  ['another host of our scheme', sender('app://other/')],
  ['our host with a name in front', sender('app://osteon@other/')],
  ['a host that starts like ours', sender('app://osteon.example/')],
  ['our host with a port', sender('app://osteon:80/')],
  ['an empty page', sender('about:blank')],
  ['no address', sender('')],
  ['a frame inside our page', { senderFrame: { url: 'app://osteon/' }, sender: { mainFrame: frame } }],
  ['a frame that is gone', { senderFrame: null, sender: { mainFrame: frame } }],
];

function sender(url: string): object {
  const own = { url };
  return { senderFrame: own, sender: { mainFrame: own } };
}

describe('calls of the page', () => {
  test('with the right words reach their handler', async () => {
    const { names, taken, reached } = await takenCalls();
    expect(Object.keys(right).sort()).toEqual([...names].sort());
    for (const name of names) {
      for (const args of right[name] ?? []) {
        reached.length = 0;
        taken.get(`osteon:${name}`)?.(ours, ...args);
        expect(reached, name).toHaveLength(1);
        expect(reached[0]?.args.filter((arg) => arg !== undefined)).toEqual(args);
      }
    }
  });

  test.each(strangers)('from %s are refused', async (_what, event) => {
    const { names, taken, reached } = await takenCalls();
    for (const name of names) {
      for (const args of right[name] ?? [])
        expect(() => taken.get(`osteon:${name}`)?.(event, ...args)).toThrow('refused');
    }
    expect(reached).toEqual([]);
  });

  test('with other types are refused', async () => {
    const { names, taken, reached } = await takenCalls();
    for (const name of names) {
      for (const args of wrong[name] ?? []) {
        expect(() => taken.get(`osteon:${name}`)?.(ours, ...args), `${name} ${args.length}`).toThrow(
          'not what it takes',
        );
      }
    }
    expect(reached).toEqual([]);
  });

  test(`${PAYLOADS} random payloads: only what the schema takes gets through`, async () => {
    const { calls, names, taken, reached } = await takenCalls();
    const anything = fc.anything({ withTypedArray: true, withBigInt: true, withDate: true, withMap: true });
    const near = fc.oneof(anything, fc.string(), fc.uint8Array(), fc.constant(undefined));
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.array(near, { maxLength: 4 }), (name, args) => {
        reached.length = 0;
        const fits = calls[name].safeParse(args).success;
        const call = () => taken.get(`osteon:${name}`)?.(ours, ...args);
        if (fits) call();
        else expect(call).toThrow('not what it takes');
        expect(reached).toHaveLength(fits ? 1 : 0);
      }),
      { numRuns: PAYLOADS },
    );
  });
});

describe('what a page says over its port', () => {
  test(`${PAYLOADS} random messages: the relay passes on text only, and nothing throws`, async () => {
    vi.resetModules();
    const { module } = fakeElectron();
    vi.doMock('electron', () => module);
    const { Relay } = await import('#electron/relay.ts');
    const said: unknown[] = [];
    const ports: EventEmitter[] = [];
    const Real = module['MessageChannelMain'] as new () => { port1: EventEmitter };
    module['MessageChannelMain'] = class extends Real {
      constructor() {
        super();
        ports.push(this.port1);
      }
    };
    const relay = new Relay((message) => void (message.kind === 'say' && said.push(message.data)));
    relay.open();
    relay.connect(
      Object.assign(new EventEmitter(), { isDestroyed: () => false, postMessage: () => undefined }) as never,
    );
    expect(ports).toHaveLength(1);
    fc.assert(
      fc.property(fc.oneof(fc.anything({ withTypedArray: true }), fc.json(), fc.string()), (data) => {
        said.length = 0;
        ports[0]?.emit('message', { data });
        expect(said).toEqual(typeof data === 'string' ? [data] : []);
      }),
      { numRuns: PAYLOADS },
    );
  });

  const message = fc.record(
    {
      i: fc.oneof(fc.string(), fc.integer()),
      t: fc.oneof(fc.constantFrom(1, 2, 3, 4), fc.jsonValue()),
      p: fc.oneof(
        fc.record(
          {
            u: fc.oneof(fc.webPath(), fc.constantFrom('/settings/get', '/xrays/get'), fc.jsonValue()),
            b: fc.jsonValue(),
            h: fc.oneof(
              fc.dictionary(
                fc.constantFrom('content-type', 'content-disposition', 'x'),
                fc.constantFrom('multipart/form-data', 'a; filename="b"', 'c'),
              ),
              fc.jsonValue(),
            ),
            m: fc.jsonValue(),
            e: fc.jsonValue(),
          },
          { requiredKeys: [] },
        ),
        fc.jsonValue(),
      ),
    },
    { requiredKeys: [] },
  );

  test(`${PAYLOADS} random messages: those that the core lets in do not upset its carrier`, async () => {
    const { RPCHandler } = await import('@orpc/server/message-port');
    const { Channel } = await import('#core/channel.ts');
    const upset: unknown[] = [];
    const note = (error: unknown) => void upset.push(error);
    process.on('unhandledRejection', note);
    let letIn = 0;
    const channel = new Channel(() => undefined);
    new RPCHandler({}).upgrade(channel);
    fc.assert(
      fc.property(
        fc.oneof(
          message.map((value) => JSON.stringify(value)),
          fc.string(),
          fc.anything(),
        ),
        (data) => {
          if (isCarrierMessage(data)) letIn++;
          channel.receive(data);
        },
      ),
      { numRuns: PAYLOADS },
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    process.off('unhandledRejection', note);
    expect(upset).toEqual([]);
    expect(letIn).toBeGreaterThan(PAYLOADS / 100);
  });
});
