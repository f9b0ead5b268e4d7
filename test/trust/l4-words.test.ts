// L4 of the trust plan: every error a user meets has a code, a sentence and a next step; every code can happen and does in
// some test; nothing of our own insides shows in the window or on the command line.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import { createRouterClient } from '@orpc/server';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { isProblemCode, nextOf, problems, sentenceOf } from '#api/problems.ts';
import type { ProblemCode } from '#api/problems.ts';
import { serveWindow } from '#cli/serve.ts';
import { startServer } from '#cli/server/server.ts';
import { Decoders } from '#core/children/decoders.ts';
import type { Child, Reply, Request, StartChild } from '#core/children/child.ts';
import { createCore } from '#core/core.ts';
import { silent } from '#core/log.ts';
import { problemRow } from '#core/problem.ts';
import { insertBareRun } from '#test/bare-run.ts';
import type { Client } from '#test/contract/walk.ts';
import { addFilms, temporaryFolder, testLibrary } from '#test/library.ts';

const codes = Object.keys(problems) as ProblemCode[];
const root = resolve('.');
/** Insides: a stack, a class of error, an error of SQLite, the system or JavaScript. */
const INSIDES = /SQLITE_|\bat .*:\d+|node:|Error\b|undefined|\[object|\bE(NOENT|ACCES|PERM|EXIST|ISDIR|NOTDIR)\b/;

function sources(...folders: string[]): { file: string; text: string }[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(ts|svelte)$/.test(name))
      .map((name) => ({ file: `${folder}/${name}`, text: readFileSync(join(root, folder, name), 'utf8') })),
  );
}

test('every code has one sentence and a next step that stand as English', () => {
  for (const code of codes) {
    const [sentence, next] = [problems[code].sentence, problems[code].next];
    expect(sentence, code).toMatch(/^([A-Z]|\{).*[.]$/);
    expect(next, code).toMatch(/^([A-Z]|\{).*[.]$/);
    expect(sentence + next, code).not.toMatch(INSIDES);
    expect(problems[code].status, code).toBeGreaterThanOrEqual(400);
  }
});

test('every code is given somewhere, and with all the values its sentence names', () => {
  const given = sources('core', 'cli', 'electron', 'renderer', 'db').map(({ text }) => text);
  const unused = codes.filter((code) => !given.some((text) => text.includes(`'${code}'`)));
  expect(unused).toEqual([]);
  const wanting: string[] = [];
  for (const text of given)
    for (const [, code = '', values = ''] of text.matchAll(/new Problem\(\s*'([A-Z_]+)'(?:,\s*\{([^}]*)\})?/g)) {
      if (!isProblemCode(code) || values.includes('...')) continue;
      const places = [...(problems[code].sentence + problems[code].next).matchAll(/\{(\w+)\}/g)].map(
        ([, name]) => name,
      );
      for (const name of places)
        if (!new RegExp(`\\b${name ?? ''}\\b`).test(values)) wanting.push(`${code}: ${name ?? ''}`);
    }
  expect(wanting).toEqual([]);
});

test('control: a missing value would show as a question mark', () => {
  expect(sentenceOf('RUN_NOT_FOUND')).toContain('?');
  expect(nextOf('RUN_NOT_FOUND')).not.toContain('?');
});

interface Served {
  client: Client;
  folder: string;
  home: string;
  core: ReturnType<typeof createCore>;
}

const noChild: StartChild = () => {
  throw new Error('SQLITE_CORRUPT: malformed\n    at somewhere (file.ts:1:1)');
};

function served(startChild: StartChild = noChild): Served {
  const home = temporaryFolder();
  const folder = join(home, 'library');
  const library = testLibrary(folder);
  addFilms(library, 3);
  library.close();
  const core = createCore({
    library: folder,
    create: false,
    home,
    startChild,
    log: silent,
    version: '0',
    host: 'test',
  });
  onTestFinished(() => core.close());
  return { client: createRouterClient(core.router), folder, home, core };
}

/** A child that says nothing, or what it is told to. */
function childThat(answer: (request: Request, say: (reply: Reply) => void, die: () => void) => void): StartChild {
  return () => {
    let listener: (message: unknown) => void = () => undefined;
    let gone: (reason: string) => void = () => undefined;
    const child: Child = {
      pid: 0,
      send: (message) => setImmediate(() => answer(message as Request, (reply) => listener(reply), () => gone('signal SIGSEGV'))), // prettier-ignore
      onMessage: (given) => void (listener = given),
      onExit: (given) => void (gone = given),
      kill: () => setImmediate(() => gone('signal SIGKILL')),
    };
    return child;
  };
}

/** Looks at films and throws what its job ends with. */
async function previewed(client: Client, input: Parameters<Client['imports']['preview']>[0]): Promise<void> {
  const { job } = await client.imports.preview(input);
  for await (const { error } of await client.jobs.follow({ job }))
    if (error) throw Object.assign(new Error(error.message), { code: error.code, data: { next: error.next } });
}

/** How codes that no other test names come about. */
const provoked: Partial<Record<ProblemCode, (served: Served) => unknown>> = {
  BAD_INPUT: ({ client }) => client.runs.start({ settings: { epochs: 0 } }),
  PATH_UNUSABLE: ({ client, folder }) => client.libraries.backUp({ folder: join(folder, 'osteon.db') }),
  FOLDER_UNREADABLE: ({ client, home }) => client.files.browse({ folder: join(home, 'nowhere') }),
  FILE_UNREADABLE: ({ client, home }) => previewed(client, { paths: [join(home, 'nowhere.png')] }),
  NOTHING_TO_IMPORT: ({ client, home }) => {
    mkdirSync(join(home, 'empty'));
    return previewed(client, { paths: [join(home, 'empty')] });
  },
  TABLE_UNREADABLE: ({ client, home }) => {
    mkdirSync(join(home, 'films'));
    writeFileSync(join(home, 'films', 'a.png'), 'x');
    return previewed(client, { paths: [join(home, 'films')], layout: 'table', table: join(home, 'nowhere.csv') });
  },
  LAYOUT_MISMATCH: ({ client, home }) => {
    mkdirSync(join(home, 'films'));
    writeFileSync(join(home, 'films', 'a.png'), 'x');
    return previewed(client, { paths: [join(home, 'films')], layout: 'mura' });
  },
  BACKUP_FAILED: ({ client, folder }) => {
    rmSync(join(folder, 'originals'), { recursive: true });
    return client.libraries.backUp({});
  },
  RUN_NOT_DONE: ({ client, core }) => {
    const run = insertBareRun(core.desk.library().db);
    return client.runs.judge({ run });
  },
  WINDOW_NOT_BUILT: ({ folder, home }) => serveWindow({ library: folder, port: 0, open: false }, home),
  PREVIEW_GONE: ({ client }) => client.imports.previewed({ preview: 'nope' }),
  IMPORT_NOT_FOUND: ({ client }) => client.imports.get({ import: 99 }),
  XRAY_NOT_FOUND: ({ client }) => client.xrays.get({ xray: 99 }),
  NOTHING_TO_UNDO: ({ client }) => client.labels.undo(),
  NOTHING_TO_REDO: ({ client }) => client.labels.redo(),
  READER_NOT_FOUND: ({ client }) => client.readers.choose({ reader: 99 }),
  READER_EXISTS: async ({ client }) => {
    await client.readers.add({ name: 'A.K.' });
    await client.readers.add({ name: 'A.K.' });
  },
  NO_LIBRARY: () => {
    const core = createCore({
      library: null,
      create: false,
      home: null,
      startChild: noChild,
      log: silent,
      version: '0',
      host: 'test',
    });
    return createRouterClient(core.router).xrays.facets({});
  },
  NOT_A_LIBRARY: ({ client, home }) => client.libraries.open({ folder: join(home, 'none'), create: false }),
  LIBRARY_NEWER: ({ client, home }) => {
    const folder = join(home, 'newer');
    testLibrary(folder).close();
    const raw = new Database(join(folder, 'osteon.db'));
    raw.pragma('user_version = 999');
    raw.close();
    return client.libraries.open({ folder, create: false });
  },
  LIBRARY_BUSY: ({ client, core, home }) => {
    const start = { kind: 'verify' as const, title: 'Checking', unit: 'files' };
    core.desk.jobs.start(start, ({ signal }) => new Promise((done) => signal.addEventListener('abort', () => done(0))));
    return client.libraries.open({ folder: join(home, 'other'), create: true });
  },
  JOB_NOT_FOUND: ({ client }) => client.jobs.cancel({ job: 'nope' }),
  RUN_NOT_FOUND: ({ client }) => client.runs.get({ run: 99 }),
  ANOTHER_LIBRARY: ({ client }) => client.labels.undo({ library: 'another' }),
  NO_MODEL: ({ client }) => client.predictions.classify({ xray: 1 }),
  PREDICTION_NOT_FOUND: ({ client }) => client.predictions.list({ list: 'nope' }),
  UPLOAD_GONE: ({ client }) => client.imports.capture({ upload: 'abcdefgh', corners: null }),
  INTERNAL: ({ client }) => client.runs.plan({ settings: {} }),
  DECODER_DIED: () =>
    new Decoders(
      childThat((_, _say, die) => die()),
      1,
    ).ask('read', { path: 'a.png' }),
  FILM_TOO_SLOW: () =>
    new Decoders(
      childThat(() => undefined),
      1,
    ).ask('read', { path: 'a.png' }, { timeoutMs: 50 }),
  DISK_FAILED: () => Promise.reject(Object.assign(new Error('x'), { code: 'SQLITE_IOERR_WRITE' })),
  DISK_FULL: () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOSPC' })),
  LIBRARY_LOCKED: ({ client, folder }) => {
    const other = new Database(join(folder, 'osteon.db'));
    other.exec('BEGIN IMMEDIATE');
    onTestFinished(() => void other.close());
    return client.labels.set({ xrays: [1], label: 'whole' });
  },
};

test.each(Object.keys(provoked))(
  '%s comes about, in words',
  async (code) => {
    const error: unknown = await Promise.resolve()
      .then(() => provoked[code as ProblemCode]?.(served()))
      .then(
        () => null,
        (thrown: unknown) => thrown,
      );
    const declared = error as { code?: string; message: string; data?: { next?: string } } | null;
    const row = declared?.data?.next
      ? { code: declared.code, message: declared.message, next: declared.data.next }
      : problemRow(error);
    expect(row.code).toBe(code);
    expect(`${row.message} ${row.next}`).not.toMatch(INSIDES);
    expect(`${row.message} ${row.next}`).not.toContain('?');
  },
  120_000,
);

test('every other code is named by a test that meets it', () => {
  const tests = sources('test').filter(({ file }) => !file.endsWith('l4-words.test.ts'));
  const unmet = codes.filter((code) => !(code in provoked) && !tests.some(({ text }) => text.includes(`'${code}'`)));
  expect(unmet).toEqual([]);
});

test('over the loopback server nothing of the insides comes out, whatever breaks', async () => {
  const { core, client: inProcess, home } = served();
  const server = await startServer(core, { renderer: home, port: 0 });
  onTestFinished(() => server.close());
  const headers = { authorization: `Bearer ${server.secret}` };
  const client: Client = createORPCClient(new RPCLink({ url: `${server.address}/rpc`, headers }));
  for (const one of [client, inProcess]) {
    const error = (await one.runs.plan({ settings: {} }).catch((thrown: unknown) => thrown)) as {
      code: string;
      message: string;
      data: { next: string };
    };
    expect([error.code, error.message, error.data.next]).toEqual([
      'INTERNAL',
      sentenceOf('INTERNAL'),
      nextOf('INTERNAL'),
    ]);
  }
  const answer = await fetch(`${server.address}/images/xrays/1/pixels`, { headers });
  expect(await answer.json()).toEqual({ code: 'INTERNAL', message: sentenceOf('INTERNAL'), next: nextOf('INTERNAL') });
});

test('the command line says what is wrong in words, on both ends', () => {
  const home = temporaryFolder();
  const library = join(home, 'library');
  const films = testLibrary(library);
  addFilms(films, 2);
  films.close();
  writeFileSync(join(home, 'file'), 'x');
  const tried: [number, string[]][] = [
    [2, ['train', '--epochs', '0']],
    [1, ['export', 'labels', '--out', join(home, 'file', 'x.csv')]],
    [1, ['serve', '--port', '70000', '--no-open']],
    [2, ['label', '1', 'frac']],
    [2, ['nope']],
  ];
  for (const [status, words] of tried) {
    const args = [resolve('cli/main.ts'), ...words, ...(words[0] === 'nope' ? [] : ['--library', library, '--json'])];
    const ended = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 60_000 });
    expect([ended.status, words.join(' '), ended.stderr]).toEqual([
      status,
      words.join(' '),
      expect.not.stringMatching(INSIDES),
    ]);
    expect(ended.stdout).not.toMatch(INSIDES);
    expect(ended.stderr).not.toContain(sentenceOf('INTERNAL'));
    if (status === 1)
      expect(Object.keys((JSON.parse(ended.stdout) as { error: object }).error)).toEqual(['code', 'message', 'next']);
  }
}, 120_000);
