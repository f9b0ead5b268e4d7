// Which folders and files on the way to a DICOM file are named after its patient: such names must not enter a library.
// Must not give out what the file itself says.
import type { DataSet } from './elements.ts';
import { rawOf } from './values.ts';

/** Patient's name, id, other ids, other names, birth name and date, accession number. */
const DIRECT = [0x00100010, 0x00100020, 0x00101000, 0x00101001, 0x00101005, 0x00100030, 0x00080050];
/** Shorter words and numbers stand in too many names by chance. */
const SHORTEST_WORD = 3;
const SHORTEST_NUMBER = 4;
const MOST_BYTES = 4096;

/** The parts of a path in which a word of a direct identifier stands, as they are written there. */
export function partsNamingPatient(data: DataSet, path: string): string[] {
  const values = DIRECT.map((tag) => written(rawOf(data, tag)));
  const words = values.flatMap(wordsOf).filter(tells);
  const whole = values.map((value) => wordsOf(value).join('')).filter(tells);
  return path.split(/[\\/]/).filter((part) => {
    const said = wordsOf(part);
    const joined = said.join('');
    return words.some((word) => said.includes(word)) || whole.some((word) => joined.includes(word));
  });
}

/** UTF-8 where it is that, else Latin; names in other character sets are not recognised. */
function written(raw: Buffer | null): string {
  if (!raw || raw.length > MOST_BYTES) return '';
  const text = raw.toString('utf8');
  return text.includes('\ufffd') ? raw.toString('latin1') : text;
}

function tells(word: string): boolean {
  return word.length >= (/^\d+$/.test(word) ? SHORTEST_NUMBER : SHORTEST_WORD);
}

function wordsOf(text: string): string[] {
  return plain(text).split(' ').filter(Boolean);
}

/** Lower-case letters and digits without accents, one space between words. */
function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
