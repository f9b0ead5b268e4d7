// Answers in words: never without probability, threshold and what they rest on.
import { describe, expect, it } from 'vitest';
import type { ModelCard, Prediction, PredictionRow } from '#api/predictions.ts';
import { answersCsv, barWords, markOf, sentenceOf, shortName, testedWords } from '#renderer/classify/answer-words.ts';

const model: ModelCard = {
  run: 12,
  name: 12,
  members: null,
  title: 'Run 12, Paper preset, 28 × 28, epoch 9',
  trainedAt: '2026-11-23T10:00:00Z',
  learnedFilms: 499,
  learnedPatients: 340,
  learnedFrom: '499 films of 340 patients, 58 % of the hand',
  synthetic: false,
  threshold: 0.46,
  cannotTell: { from: 0.38, to: 0.54 },
  test: { n: 107, accuracy: 0.7196, interval95: [0.628, 0.796], auc: 0.78 },
  checkedSure: { films: 48, right: 41 },
  size: 28,
};
const prediction = (more: Partial<Prediction> = {}): Prediction => ({
  id: 'a',
  file: 'ward/=wrist,1.png',
  path: '/films/ward/=wrist,1.png',
  xray: null,
  probability: 0.83,
  answer: 'fracture',
  threshold: 0.46,
  model,
  box: null,
  region: { x: 0, y: 0, side: 100 },
  film: { width: 100, height: 100, bits: 8 },
  images: { film: '', thumbnail: '', heat: '', seen: '' },
  ms: 12,
  notice: 'Not for diagnosis.',
  ...more,
});

describe('an answer', () => {
  it('says how often it was right on films nobody learned from', () => {
    expect(sentenceOf(prediction())).toBe(
      'Of 48 checking films answered this surely, 41 were fractures. Threshold 0.46; between 0.38 and 0.54 it says “cannot tell”.',
    );
  });

  it('of "whole" does not borrow the figure of "fracture"', () => {
    expect(sentenceOf(prediction({ answer: 'whole', probability: 0.1 }))).not.toContain('checking films');
  });

  it('that is none sends the reader to the film', () => {
    expect(sentenceOf(prediction({ answer: 'cannot tell', probability: 0.47 }))).toContain('Read it yourself.');
    expect(markOf('cannot tell')).toBe('uncertain');
  });

  it('of a network without a band names its threshold alone', () => {
    const plain = prediction({ model: { ...model, cannotTell: null, checkedSure: null } });
    expect(sentenceOf(plain)).toBe('Threshold 0.46.');
    expect(barWords(plain)).toBe('Probability of fracture 0.83; whole below 0.46, fracture from there on');
  });
});

describe('a network', () => {
  it('is quoted with its interval and its n, or as sealed', () => {
    expect(testedWords(model)).toBe('72.0 % of 107 films, 62.8 to 79.6 %');
    expect(testedWords({ test: null })).toContain('Sealed');
  });
});

describe('a list', () => {
  const rows: PredictionRow[] = [
    { prediction: prediction(), refusal: null },
    {
      prediction: null,
      refusal: { path: 'page.png', code: 'NOT_LIKE_LEARNED', reason: 'It is "white", like a page.' },
      images: null,
    },
  ];

  it('is saved whole, the films without an answer too, and no name runs as a formula', () => {
    const [head, first, second, end] = answersCsv(rows, 'Not for diagnosis.').split('\r\n');
    expect(head).toBe('file,probability of fracture,answer,threshold,model,learned from,refused,reason,notice');
    expect(first).toMatch(/^"ward\/=wrist,1\.png",0\.83,fracture,0\.46,"Run 12, /);
    expect(second).toBe('page.png,,,,,,NOT_LIKE_LEARNED,"It is ""white"", like a page.",Not for diagnosis.');
    expect(end).toBe('');
  });

  it('shows names without folder and ending', () => {
    expect(shortName('ward 2/wrist.r_07.png')).toBe('wrist.r_07');
    expect(shortName('C:\\films\\a.dcm (frame 3)')).toBe('a (frame 3)');
    expect(shortName('plain')).toBe('plain');
  });
});
