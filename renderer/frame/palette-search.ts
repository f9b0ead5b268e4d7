// Which commands a few typed letters mean, and which letters of the title they are.
import type { Command } from '#renderer/commands/command.ts';

export interface Piece {
  text: string;
  hit: boolean;
}

/** Every typed word must begin a word of the title or stand in it; null where one does not. */
export function matchTitle(title: string, typed: string): Piece[] | null {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const lower = title.toLowerCase();
  const hits: [number, number][] = [];
  for (const word of words) {
    const at = wordStart(lower, word);
    if (at < 0) return null;
    hits.push([at, at + word.length]);
  }
  return pieces(title, hits);
}

/** Titles that begin with what was typed stand before those that hold it further on. */
export function rank(command: Pick<Command, 'title'>, typed: string): number {
  const at = wordStart(command.title.toLowerCase(), typed.trim().toLowerCase().split(/\s+/)[0] ?? '');
  return at < 0 ? Number.MAX_SAFE_INTEGER : at;
}

function wordStart(title: string, word: string): number {
  if (title.startsWith(word)) return 0;
  const at = title.search(new RegExp(`[^a-z0-9]${escaped(word)}`));
  return at >= 0 ? at + 1 : title.indexOf(word);
}

function escaped(word: string): string {
  return word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function pieces(title: string, hits: [number, number][]): Piece[] {
  const found: Piece[] = [];
  let from = 0;
  for (const [start, end] of hits.sort((a, b) => a[0] - b[0])) {
    if (start < from) continue;
    if (start > from) found.push({ text: title.slice(from, start), hit: false });
    if (end > start) found.push({ text: title.slice(start, end), hit: true });
    from = end;
  }
  if (from < title.length) found.push({ text: title.slice(from), hit: false });
  return found;
}
