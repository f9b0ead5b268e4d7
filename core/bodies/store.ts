// The pretrained bodies of a library: what is known of each, and which one settings name.
// Must not open a body: a child does.
import { join } from 'node:path';
import { z } from 'zod';
import { body as bodyShape } from '#api/networks.ts';
import type { Body } from '#api/networks.ts';
import type { RunSettings } from '#api/runs.ts';
import { getMeta, setMeta } from '#db/meta.ts';
import type { BodyReference } from '#core/cnn/bodies/body-files.ts';
import { misfit } from '#core/cnn/networks/index.ts';
import { pretrained } from '#core/cnn/networks/pretrained.ts';
import { PREPARE_VERSION } from '#core/imaging/prepare-version.ts';
import type { LibraryPaths } from '#core/libraries/folder.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
import { Problem } from '#core/problem.ts';

/** A body with what it is known again by. */
const kept = bodyShape.extend({ cardSha256: z.string() });
export type KeptBody = z.infer<typeof kept>;

type Rows = Pick<OpenLibrary, 'db'>;

/** In the order they came. */
export function keptBodies({ db }: Rows): KeptBody[] {
  return z.array(kept).parse(JSON.parse(getMeta(db, 'bodies') ?? '[]'));
}

export function keepBodies({ db }: Rows, bodies: KeptBody[]): void {
  setMeta(db, 'bodies', JSON.stringify(bodies));
}

export const shownBody = ({ cardSha256: _, ...body }: KeptBody): Body => body;

/** Names are told apart as every disk does, small and large letters alike. */
export const sameName = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** Throws where the contract does not allow the name. */
export const bodyPath = ({ bodies }: LibraryPaths, name: string): string =>
  join(bodies, bodyShape.shape.name.parse(name));

/** Of the features of a body; without the endings of the files. */
export const featureCache = ({ cache }: LibraryPaths, { cardSha256, size }: Pick<KeptBody, 'cardSha256' | 'size'>) =>
  join(cache, 'features', `v${PREPARE_VERSION}-${size}-${cardSha256}`);

/**
 * The body that settings name; undefined where they name a network without one.
 * @throws Problem BAD_SETTINGS in words
 */
export function bodyOf(library: Rows, settings: RunSettings): KeptBody | undefined {
  const { preset, body, fineTune, size } = settings;
  const bad = (reason: string) => new Problem('BAD_SETTINGS', { reason });
  if (preset !== pretrained.name) {
    if (body !== null) throw bad(`the network "${preset}" takes no body`);
    if (fineTune > 0) throw bad(`the network "${preset}" has no body to fine-tune`);
    return undefined;
  }
  const bodies = keptBodies(library);
  if (bodies.length === 0) throw bad('this library has no pretrained body; take one in with "osteon import-body"');
  const names = bodies.map(({ name }) => name).join(', ');
  if (body === null) throw bad(`the network "${preset}" needs a body; there are ${names}`);
  const found = bodies.find(({ name }) => name === body);
  if (!found) throw bad(`there is no body "${body}"; there are ${names}`);
  if (found.size !== size) throw bad(`the body "${body}" takes films of ${found.size} px, not ${size}`);
  const wrong = misfit(pretrained, settings);
  if (wrong !== null) throw bad(wrong);
  return found;
}

export const referenceToBody = (paths: LibraryPaths, { name, cardSha256 }: KeptBody): BodyReference => ({
  name,
  folder: bodyPath(paths, name),
  cardSha256,
});

/** What a child is asked about a network that learned nothing yet. @throws Problem BAD_SETTINGS */
export function freshNetwork(library: Pick<OpenLibrary, 'db' | 'paths'>, settings: RunSettings) {
  const body = bodyOf(library, settings);
  return { settings, body: body && referenceToBody(library.paths, body) };
}
