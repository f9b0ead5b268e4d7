// The core of that application: starts one child at a time and answers what became of it.
import { Asker } from '#core/children/child.ts';
import type { Child } from '#core/children/child.ts';
import { utilityChildren } from '#core/children/utility.ts';
import type { FromForker } from '#core/children/utility.ts';

interface Question {
  kind: 'ask';
  id: number;
  question: string;
  input: unknown;
}

const owner = process.parentPort;
let forker: (message: FromForker, ports: Electron.MessagePortMain[]) => void = () => undefined;
const startChild = utilityChildren({
  send: (message) => owner.postMessage(message),
  onMessage: (listener) => {
    forker = listener;
  },
});

let child: Child | null = null;
let asker: Asker | null = null;
let exit: Promise<string> = Promise.resolve('');

const answers: Record<string, (input: unknown) => unknown> = {
  start: () => {
    child = startChild('decode', { OSTEON_TEST: 'handed over' });
    const started = child;
    exit = new Promise((resolve) => started.onExit(resolve));
    asker = new Asker(child);
    return asker.ask('facts', null);
  },
  pid: () => child?.pid,
  'start-unknown': () => {
    const unknown = startChild('no-such' as never);
    return new Promise((resolve) => unknown.onExit(resolve));
  },
  echo: async () => {
    const bytes = new Uint16Array([1, 65535, 3]);
    const back = await asker?.ask<Uint16Array>('echo', bytes);
    return `${back?.constructor.name} ${back?.join()}`;
  },
  // Every request ends: the one under way when the child dies is refused with the reason.
  'ask-and-die': async (method) => {
    const refused = asker?.ask(String(method), null).catch((error: Error) => error.message);
    return [await refused, await exit];
  },
  kill: async () => {
    child?.kill();
    return exit;
  },
};

owner.on('message', ({ data, ports }: Electron.MessageEvent) => {
  const message = data as Question | FromForker | { kind: 'start' } | { kind: 'close' };
  if (message.kind === 'forked' || message.kind === 'exited') forker(message, ports);
  else if (message.kind === 'start') owner.postMessage({ kind: 'ready' });
  else if (message.kind === 'close') owner.postMessage({ kind: 'closed' });
  else {
    const { id, question, input } = message;
    void Promise.resolve(answers[question]?.(input)).then((answer) =>
      owner.postMessage({ kind: 'answer', id, answer }),
    );
  }
});
