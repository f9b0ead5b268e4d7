// Small films made by code: a bright bone on a dark ground, with or without a dark gap. For tests of the whole job.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { random } from '#core/random.ts';

export interface MadeFilm {
  file: string;
  label: 'fracture' | 'whole';
  patient: string;
}

/** Writes `count` films of 72 x 96 px, two a patient, and a table that names them. Returns what the table says. */
export async function writeFilms(folder: string, count: number, seed = 1): Promise<MadeFilm[]> {
  const films: MadeFilm[] = [];
  for (let i = 0; i < count; i++) {
    const patient = Math.floor(i / 2);
    const label = patient % 2 === 0 ? ('fracture' as const) : ('whole' as const);
    const film = { file: `films/film-${String(i + 1).padStart(3, '0')}.png`, label, patient: `case ${patient}` };
    const path = join(folder, film.file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, await drawFilm(seed * 10_000 + i, label === 'fracture'));
    films.push(film);
  }
  const rows = films.map(({ file, label, patient }) => `${file},${label},${patient},Forearm`);
  writeFileSync(join(folder, 'cases.csv'), `file,label,patient_id,body_part\n${rows.join('\n')}\n`);
  return films;
}

export function drawFilm(seed: number, broken: boolean, width = 72, height = 96): Promise<Buffer> {
  const dice = random(seed);
  const middle = width / 2 + dice.normal() * 4;
  const radius = width / 8 + dice.uniform() * 3;
  const gap = height / 2 + dice.normal() * 12;
  const pixels = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const off = Math.abs(x - middle - y * 0.05);
      const bone = off < radius ? 150 + 40 * (off / radius) : 40;
      const dark = broken && Math.abs(y - gap - (x - middle) * 0.3) < 3 && off < radius + 2;
      pixels[y * width + x] = Math.max(0, Math.min(255, (dark ? 50 : bone) + dice.normal() * 8));
    }
  }
  return sharp(pixels, { raw: { width, height, channels: 1 } })
    .png()
    .toBuffer();
}
