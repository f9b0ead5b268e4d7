// A desktop application that is nothing but its processes: the product's supervisor and children around a core that only
// answers questions about itself. For tests of who ends with whom.
import { join } from 'node:path';
import { app } from 'electron';
import { Children } from '../../../electron/children.ts';
import { launchUtility } from '../../../electron/core-process.ts';
import { Supervisor } from '../../../electron/supervisor.ts';

interface Answer {
  kind: 'answer';
  id: number;
  answer: unknown;
}

const waiting = new Map<number, (answer: unknown) => void>();
const news: string[] = [];
/** Why processes ended that did not end as they should, in Electron's words. */
const gone: string[] = [];
let next = 1;

const children = new Children(__dirname);
const supervisor = new Supervisor({
  launch: () => launchUtility(join(__dirname, 'core.js')),
  start: { library: null, create: false, home: null, version: '0', host: 'test' },
  hear: (message) => {
    const { id, answer } = message as unknown as Answer;
    waiting.get(id)?.(answer);
  },
  fork: (message, core) => children.receive(message, core),
  news: ({ state }) => {
    news.push(state);
    if (state === 'gone') children.endAll();
  },
  died: () => undefined,
});

/** What the test reaches through Playwright's `evaluate`. */
const harness = {
  news,
  gone,
  corePid: () => supervisor.pid,
  /** Asks the core: see core.ts for the questions. */
  ask: (question: string, input: unknown = null) =>
    new Promise((resolve) => {
      const id = next++;
      waiting.set(id, resolve);
      supervisor.send({ kind: 'ask', id, question, input } as never);
    }),
  stop: () => supervisor.stop(),
};
export type Harness = typeof harness;
Object.assign(globalThis, { harness });

app.on('child-process-gone', (_event, { type, reason }) => gone.push(`${type} ${reason}`));
app.on('window-all-closed', () => undefined);
void app.whenReady().then(() => supervisor.start());
