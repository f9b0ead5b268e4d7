// What was found on this computer, and what each finding means for the user.
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Tuning } from '#api/runs.ts';
import type { Calibration, Doctor } from '#api/settings.ts';
import { durability } from '#db/open.ts';
import type { Desk } from '#core/desk.ts';
import { packageFolder } from '#core/version.ts';

type Finding = Doctor['findings'][number];

/** What the set-up wrote about programs outside the core; absent in an installed application. */
interface SetUp {
  electron?: { found: boolean; version?: string; why?: string };
  tensorflow?: { way: string; version?: string; why?: string };
  browser?: { name: string; version?: string } | null;
}

export async function examine(desk: Desk, again: boolean): Promise<Doctor> {
  const engine = await desk.engine.find(again);
  const setUp = readSetUp();
  return {
    version: desk.version,
    engine: { name: engine.name, sentence: engine.sentence, threads: engine.threads },
    findings: [
      host(desk),
      node(),
      electron(setUp, desk.host),
      tensorflow(engine, setUp),
      ...measured(engine, desk.calibrations.kept(engine.version)),
      browser(setUp),
      ...sqlite(desk),
      machine(),
    ],
  };
}

function host(desk: Desk): Finding {
  return {
    what: 'Window',
    found: desk.host,
    state: 'good',
    means: 'The same application in every host; only dialogs and menus differ.',
  };
}

function node(): Finding {
  const fresh = Number(process.versions.node.split('.')[0]) >= 24;
  return {
    what: 'Node',
    found: `${process.version}, ${process.platform} ${process.arch}`,
    state: fresh ? 'good' : 'missing',
    means: fresh ? 'Runs the core and its children.' : 'Osteon needs Node 24; "npm start" fetches it into .runtime.',
  };
}

function electron({ electron: found }: SetUp, hostName: string): Finding {
  const own = process.versions['electron'] ?? (/Electron (\S+)/.exec(hostName)?.[1] || found?.version);
  if (own && (process.versions['electron'] || hostName.startsWith('Electron') || found?.found)) {
    return { what: 'Electron', found: own, state: 'good', means: 'Osteon runs in its own desktop window.' };
  }
  return {
    what: 'Electron',
    found: found?.why ?? 'not looked for',
    state: 'note',
    means: 'The window opens in an installed browser instead; everything works the same but native menus and dialogs.',
  };
}

function tensorflow(engine: Awaited<ReturnType<Desk['engine']['find']>>, { tensorflow: found }: SetUp): Finding {
  if (engine.name === 'native') {
    const way = found?.way ? ` (${found.way})` : '';
    return {
      what: 'TensorFlow',
      found: `${engine.sentence}${way}`,
      state: 'good',
      means: 'Training runs in native code.',
    };
  }
  if (engine.name === 'wasm') {
    return {
      what: 'TensorFlow',
      found: engine.sentence,
      state: 'note',
      means:
        'Training works, several times slower. With Python 3, pip and a C++ compiler the set-up builds the native engine.',
    };
  }
  return {
    what: 'TensorFlow',
    found: engine.sentence,
    state: 'missing',
    means: 'Films can be read and labelled, but no network can be trained.',
  };
}

function measured(engine: Awaited<ReturnType<Desk['engine']['find']>>, kept: Calibration | null): Finding[] {
  const what = 'Training speed';
  if (engine.name === 'none') return [];
  if (engine.name === 'wasm') {
    const means = 'WebAssembly runs on one thread; only the native engine has settings that are measured.';
    return [{ what, found: 'nothing to choose', state: 'note', means }];
  }
  if (!kept) {
    const means =
      'Trainings take the usual settings: oneDNN, all processors. "osteon calibrate" finds out whether others are faster.';
    return [{ what, found: 'not measured with these versions', state: 'note', means }];
  }
  const lines = kept.sizes.map(({ size, chosen }) => {
    return `${size} px: ${Math.round(chosen.imagesPerSecond)} films/s with ${tuningInWords(chosen)}`;
  });
  return [
    {
      what,
      found: `${lines.join('; ')}; measured ${kept.at.slice(0, 10)}`,
      state: 'good',
      means:
        "The paper's network on films of noise. Trainings take these settings; the record of a run says which it had.",
    },
  ];
}

/** "oneDNN, 2 threads, 10 steps a call" */
function tuningInWords({ oneDnn, threads, stepsPerCall }: Tuning): string {
  const many = (count: number, one: string) => `${count} ${one}${count === 1 ? '' : 's'}`;
  return `${oneDnn ? 'oneDNN' : 'no oneDNN'}, ${many(threads, 'thread')}, ${many(stepsPerCall, 'step')} a call`;
}

function browser({ browser: found }: SetUp): Finding {
  const means = 'Only needed where Electron cannot be had: the address is printed instead.';
  if (found === undefined) return { what: 'Browser', found: 'not looked for', state: 'note', means };
  return found
    ? {
        what: 'Browser',
        found: `${found.name} ${found.version ?? ''}`.trim(),
        state: 'good',
        means: 'Shows the window where Electron cannot be had.',
      }
    : {
        what: 'Browser',
        found: 'none found',
        state: 'note',
        means,
      };
}

function sqlite(desk: Desk): Finding[] {
  const library = desk.openLibrary();
  if (!library) return [];
  const { sqlite: version, journalMode, synchronous } = durability(library.db.raw);
  const level = ['OFF', 'NORMAL', 'FULL', 'EXTRA'][synchronous] ?? String(synchronous);
  return [
    {
      what: 'SQLite',
      found: version,
      state: 'good',
      means: '3.51.3 or newer is safe with several programs on one library.',
    },
    {
      what: 'Durability',
      found: `${journalMode.toUpperCase()}, synchronous ${level}`,
      state: synchronous === 2 ? 'good' : 'missing',
      means: 'A label that shows as saved is on the disk twice: in the database and in the journal.',
    },
    {
      what: 'Library',
      found: library.paths.folder,
      state: 'good',
      means: 'One folder holds everything and can be copied as it is.',
    },
  ];
}

function machine(): Finding {
  return {
    what: 'Computer',
    found: `${availableParallelism()} processors, ${Math.round(totalmem() / 1024 ** 3)} GB of memory`,
    state: 'good',
    means: 'Nothing leaves this computer.',
  };
}

function readSetUp(): SetUp {
  const path = join(packageFolder, '.runtime', 'found.json');
  if (!existsSync(path)) return {};
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as SetUp;
  } catch {
    return {};
  }
}
