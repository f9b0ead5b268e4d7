// Pretrained bodies as the window and the command line see them: listed, taken in, removed.
// Must not ship or fetch weights: a body comes from files the user has.
import { renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { body as bodyShape } from '#api/networks.ts';
import type { Body, GreyRange } from '#api/networks.ts';
import { runSettings } from '#api/runs.ts';
import { getRun } from '#db/runs.ts';
import type { StartChild } from '#core/children/child.ts';
import type { BodyOrder, ImportedBody } from '#core/cnn/bodies/import-body.ts';
import { greyInWords } from '#core/cnn/bodies/grey.ts';
import type { Jobs } from '#core/jobs/jobs.ts';
import { makeFolder, temporaryBeside } from '#core/libraries/durable.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
import { RecordCache } from '#core/libraries/record-cache.ts';
import { askAlone, readModelFile } from '#core/networks/model-file.ts';
import { Problem } from '#core/problem.ts';
import { bodyPath, featureCache, keepBodies, keptBodies, sameName, shownBody } from './store.ts';
import type { KeptBody } from './store.ts';

interface Services {
  library(): OpenLibrary;
  jobs: Jobs;
  startChild: StartChild;
}

interface Request {
  path: string;
  name?: string | undefined;
  size?: number | undefined;
  range?: GreyRange | undefined;
}

const unusable = (reason: string, cause?: unknown) => new Problem('BODY_UNUSABLE', { reason }, { cause });

export class BodyDesk {
  readonly #services: Services;

  constructor(services: Services) {
    this.#services = services;
  }

  list(): Body[] {
    return keptBodies(this.#services.library()).map(shownBody);
  }

  /** Throws FILE_UNREADABLE, BODY_UNUSABLE, BODY_EXISTS, and what writing throws. */
  async import({ path, name = nameFrom(path), size, range }: Request): Promise<Body> {
    const library = this.#services.library();
    const checkFree = () => {
      if (keptBodies(library).some((body) => sameName(body.name, name))) throw new Problem('BODY_EXISTS', { name });
    };
    checkFree();
    const folder = bodyPath(library.paths, name);
    // Made beside it first: what cannot be used, or is not written down, leaves nothing.
    const made = temporaryBeside(folder);
    const order: BodyOrder = {
      ...readModelFile(path, unusable),
      range: range ?? null,
      size: size ?? null,
      folder: made,
    };
    makeFolder(library.paths.bodies);
    try {
      const imported = await askAlone<ImportedBody>(this.#services.startChild, 'importBody', order, unusable);
      checkFree();
      const kept: KeptBody = {
        ...imported,
        name,
        file: join(basename(dirname(resolve(path))), basename(path)),
        importedAt: library.now().toISOString(),
        guessed: range === undefined,
        grey: greyInWords(imported.range, imported.channels),
      };
      // Left by one that was cut off between the folder and the list.
      rmSync(folder, { recursive: true, force: true });
      renameSync(made, folder);
      library.db.write(() => keepBodies(library, [...keptBodies(library), kept]));
      return shownBody(kept);
    } finally {
      rmSync(made, { recursive: true, force: true });
    }
  }

  /** Throws BODY_NOT_FOUND, TRAINING_BUSY while a run learns on it. */
  remove(name: string): void {
    const library = this.#services.library();
    const { db, paths } = library;
    const found = keptBodies(library).find((body) => body.name === name);
    if (!found) throw new Problem('BODY_NOT_FOUND', { name });
    const run = this.#services.jobs.running('train')?.subject;
    const row = run ? getRun(db, run) : undefined;
    if (row && runSettings.parse(JSON.parse(row.settings)).body === name)
      throw new Problem('TRAINING_BUSY', { run: row.id });
    db.write(() =>
      keepBodies(
        library,
        keptBodies(library).filter((body) => body.name !== name),
      ),
    );
    const folder = bodyPath(paths, name);
    rmSync(folder, { recursive: true, force: true });
    // Another body of the same bytes has the same features.
    if (!keptBodies(library).some(({ cardSha256 }) => cardSha256 === found.cardSha256))
      RecordCache.remove(featureCache(paths, found));
  }
}

/** That of its folder, in letters the contract allows. */
function nameFrom(path: string): string {
  const name = basename(dirname(resolve(path)))
    .replace(/[^\w.-]+/g, '-')
    .replace(/^[^a-z0-9]+/i, '')
    .slice(0, 40)
    .replace(/[^a-z0-9]+$/i, '');
  return bodyShape.shape.name.safeParse(name).success ? name : 'body';
}
