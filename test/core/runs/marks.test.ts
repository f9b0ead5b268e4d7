// Boxes from a folder to the network: over a real core with real children.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { candidates } from '#db/runs.ts';
import { plainFilm } from '#core/imaging/plain-film.ts';
import { prepare } from '#core/imaging/prepare.ts';
import { boxesOf } from '#core/runs/marks.ts';
import type { RunFilm } from '#core/runs/films.ts';
import { temporaryFolder } from '#test/library.ts';
import { drawnLibrary } from './drawn-library.ts';

const TIMEOUT_MS = 600_000;
const taught = { preset: 'osteon', size: 64, width: 4, depth: 2, epochs: 3, batch: 8, marks: true, judge: false };

function filmsOf(core: Awaited<ReturnType<typeof drawnLibrary>>['core']): (RunFilm & { media: string })[] {
  return candidates(core.desk.library().db, 1).map((film) => ({
    id: film.id,
    sha256: film.sha256,
    frame: film.frame,
    label: film.label as RunFilm['label'],
    part: 'learn',
    patient: null,
    twinGroup: null,
    bodyPart: null,
    synthetic: false,
    media: film.media_type ?? '',
  }));
}

test(
  'boxes of a FracAtlas folder lie on what they mark in the prepared film; one that cannot be placed is left out',
  async () => {
    const { core } = await drawnLibrary();
    const before = filmsOf(core).length;
    const folder = temporaryFolder();
    const [width, height] = [300, 200];
    const mark = { x: 180, y: 60, width: 60, height: 30 };
    const pixels = Uint8Array.from({ length: width * height }, (_, at) => {
      const [x, y] = [at % width, Math.floor(at / width)];
      const inside = x >= mark.x && x < mark.x + mark.width && y >= mark.y && y < mark.y + mark.height;
      return inside ? 255 : 20 + ((x * 7 + y * 13) % 60);
    });
    mkdirSync(join(folder, 'images'));
    mkdirSync(join(folder, 'Annotations', 'COCO JSON'), { recursive: true });
    const picture = () => sharp(pixels, { raw: { width, height, channels: 1 } });
    await picture()
      .png()
      .toFile(join(folder, 'images', 'IMG1.png'));
    // Turned by what the file says of itself: a quarter, no longer the shape that was marked, and half, of the same shape.
    for (const [name, orientation] of [
      ['IMG2.jpg', 6],
      ['IMG3.jpg', 3],
    ] as const) {
      await picture()
        .jpeg({ quality: 95 })
        .withMetadata({ orientation })
        .toFile(join(folder, 'images', name));
    }
    writeFileSync(join(folder, 'dataset.csv'), 'image_id,fractured\nIMG1.png,1\nIMG2.jpg,1\nIMG3.jpg,1\n');
    // Marked on a picture of twice the size.
    const bbox = [mark.x, mark.y, mark.width, mark.height].map((side) => 2 * side);
    const names = ['IMG1.png', 'IMG2.jpg', 'IMG3.jpg'];
    const images = names.map((name, id) => ({ id, width: 600, height: 400, file_name: name }));
    const annotations = images.map(({ id }) => ({ image_id: id, bbox }));
    const coco = join(folder, 'Annotations', 'COCO JSON', 'COCO_fracture_masks.json');
    writeFileSync(coco, JSON.stringify({ images, annotations }));
    const report = await core.desk.imports.preview({ paths: [folder], layout: 'auto' }).done;
    expect(report.layoutSentence).toContain('Boxes around fractures');
    await core.desk.imports.start({ preview: report.preview, mapping: [] }).done;
    const films = filmsOf(core).slice(before);
    expect(films).toHaveLength(3);
    const boxes = boxesOf(core.desk.library(), films, 64);
    const [box, ...more] = boxes.flat();
    expect(more).toEqual([]);
    expect(boxes[films.findIndex(({ media }) => media.includes('png'))]).toHaveLength(1);

    const prepared = prepare(plainFilm(width, height, 8, pixels), 64);
    const bright = [...prepared.keys()].filter((at) => prepared[at]! > 200);
    const [xs, ys] = [bright.map((at) => at % 64), bright.map((at) => Math.floor(at / 64))];
    const edges = [Math.min(...xs), Math.min(...ys), Math.max(...xs) + 1, Math.max(...ys) + 1];
    const { x, y, width: across, height: down } = box!;
    [x, y, x + across, y + down].forEach((edge, side) => expect(Math.abs(edge - edges[side]!)).toBeLessThanOrEqual(1));
  },
  TIMEOUT_MS,
);

test(
  'a run with marks stops, goes on, answers and explains; where no film has a box it is one without',
  async () => {
    const { core, client, follow } = await drawnLibrary();
    const { run } = await client.runs.start({ settings: { ...taught, epochs: 60 } });
    const stopped = await follow(run, (epoch) => epoch === 2 && void client.runs.stop({ run }));
    expect(stopped).toMatchObject({ state: 'stopped', resumable: true, settings: { marks: true } });
    await client.runs.resume({ run });
    const further = await follow(run, (epoch) => epoch > stopped.epochs && void client.runs.stop({ run }));
    expect(further.epochs).toBeGreaterThan(stopped.epochs);
    expect(further.error).toBeNull();
    const judged = await client.runs.judge({ run });
    expect(judged.test?.n).toBeGreaterThan(0);
    const answer = await client.predictions.classify({ xray: 1 });
    expect(answer.model.run).toBe(run);

    const { db } = core.desk.library();
    db.write(() => db.run(db.build.deleteFrom('marks')));
    const second = await client.runs.start({ settings: taught });
    expect((await follow(second.run)).settings.marks).toBe(false);
  },
  TIMEOUT_MS,
);
