// Sources of films in a training, in words.
// Must not decide which take part: the settings say that.
import type { RunPlan, RunSettings } from '#api/runs.ts';
import { many } from '#renderer/words/figures.ts';

export type Taking = 'part' | RunSettings['sources'][string];

export const takings: { value: Taking; title: string }[] = [
  { value: 'part', title: 'Take part' },
  { value: 'learn', title: 'Only to learn from' },
  { value: 'none', title: 'Left out' },
];

export const sourceName = (source: string) => (source === '' ? 'no source' : source);

/** "Films of FracAtlas-512 are only learned from; 12 of them, which belong to others, are left out." Null where all take part. */
export function sourcesSentence({ sources, tied }: RunPlan, settings: RunSettings): string | null {
  const named = (taking: Taking) =>
    sources
      .filter(({ source }) => settings.sources[source] === taking)
      .map(({ source }) => sourceName(source))
      .join(', ');
  const [learn, none] = [named('learn'), named('none')];
  const ties =
    tied === 0
      ? ''
      : `; ${many(tied, 'film')} of them, alike or of one patient with others, ${tied === 1 ? 'is' : 'are'} left out`;
  const sentences = [
    learn && `Films of ${learn} are only learned from${ties}.`,
    none && `Films of ${none} are left out.`,
  ].filter(Boolean);
  return sentences.length > 0 ? sentences.join(' ') : null;
}
