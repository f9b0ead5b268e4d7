// A DICOM frame as a film: stored values, modality table or rescale, windows, spacing.
// Must not choose how the film is shown: windows are handed on as the file gives them.
import { Problem } from '#core/problem.ts';
import type { Film, ViewWindow } from '../film.ts';
import type { DataSet } from './elements.ts';
import { pixelSpacing } from './facts.ts';
import type { Dicom, PixelClaims } from './open.ts';
import { storedValues } from './pixels.ts';
import type { Stored } from './pixels.ts';
import { mapped, paletteGrey, tableIn } from './tables.ts';
import { decimal, decimals, shorts, text, texts } from './values.ts';

const MODALITY_LUT = 0x00283000;
const VOI_LUT = 0x00283010;

/** Decodes one frame whole. */
export async function decodeDicomFrame(dicom: Dicom, claims: PixelClaims, fragments: Buffer[]): Promise<Film> {
  const { data, file } = dicom;
  const { photometric } = claims;
  const grey = photometric === 'MONOCHROME1' || photometric === 'MONOCHROME2';
  if (claims.samples === 1 && !grey && photometric !== 'PALETTE COLOR') {
    throw new Problem('UNSUPPORTED_ENCODING', { file, encoding: `pixels as ${photometric || 'nothing it names'}` });
  }
  const stored = await storedValues(dicom, claims, fragments);
  const film = {
    width: claims.columns,
    height: claims.rows,
    inverted: photometric === 'MONOCHROME1',
    ...pixelSpacing(data),
  };
  if (claims.samples === 3 || !grey) {
    const pixels = grey || claims.samples === 3 ? stored.pixels : mapped(stored.pixels, paletteGrey(data));
    return { ...film, pixels, bits: 8, slope: 1, intercept: 0, windows: [], voiLut: null };
  }
  return { ...film, ...greyFilm(data, stored) };
}

type Grey = Pick<Film, 'pixels' | 'bits' | 'slope' | 'intercept' | 'windows' | 'voiLut'> &
  Partial<Pick<Film, 'windowFunction' | 'padding'>>;

function greyFilm(data: DataSet, { pixels, bits }: Stored): Grey {
  const signed = pixels instanceof Int16Array;
  const slope = decimal(data, 0x00281053) || 1;
  const intercept = decimal(data, 0x00281052) ?? 0;
  const voi = { ...windowsOf(data, bits), voiLut: tableIn(data, VOI_LUT, signed || intercept < 0) };
  const table = tableIn(data, MODALITY_LUT, signed);
  if (table) {
    return { ...voi, pixels: mapped(pixels, table), bits: Math.max(8, table.bits), slope: 1, intercept: 0 };
  }
  return { ...voi, ...paddingOf(data, signed), pixels, bits: Math.max(8, bits), slope, intercept };
}

/** Window centre, width and explanation, as many as there are (PS3.3 C.11.2.1.2); those of no width are left out. */
function windowsOf(data: DataSet, bits: number): Pick<Film, 'windows' | 'windowFunction'> {
  const centers = decimals(data, 0x00281050);
  const widths = decimals(data, 0x00281051);
  const names = texts(data, 0x00281055);
  const shape = text(data, 0x00281056);
  const least = shape === 'SIGMOID' || shape === 'LINEAR_EXACT' ? Number.MIN_VALUE : 1;
  const windows: ViewWindow[] = [];
  for (const [index, center] of centers.entries()) {
    const width = widths[index];
    if (width !== undefined && width >= least) windows.push({ center, width, name: knownName(names[index]) });
  }
  if (windows.length === 0 && bits < 8) windows.push({ center: 2 ** (bits - 1), width: 2 ** bits, name: '' });
  if (shape === 'SIGMOID') return { windows, windowFunction: 'sigmoid' };
  if (shape === 'LINEAR_EXACT') return { windows, windowFunction: 'exact' };
  return { windows };
}

/** Words that windows are named by. An explanation is free text and may name a person: nothing else is taken over. */
const WINDOW_WORDS = new Set(
  (
    'window win normal harder softer hard soft bone bones lung tissue user standard default preset auto algorithm algo ' +
    'high low medium contrast wide narrow full range chest extremity'
  ).split(' '),
);

/** The explanation of a window where every word of it names a window, else nothing. */
export function knownName(name: string | undefined): string {
  const words = (name ?? '').toLowerCase().match(/[^\s\d_.\-/]+/g) ?? [];
  return name !== undefined && words.length > 0 && words.every((word) => WINDOW_WORDS.has(word)) ? name : '';
}

/** Pixel Padding Value and Range Limit (PS3.3 C.7.5.1.1.2). */
function paddingOf(data: DataSet, signed: boolean): Partial<Pick<Film, 'padding'>> {
  const value = shorts(data, 0x00280120, signed)[0] ?? null;
  if (value === null) return {};
  const limit = shorts(data, 0x00280121, signed)[0] ?? value;
  return { padding: [Math.min(value, limit), Math.max(value, limit)] };
}
