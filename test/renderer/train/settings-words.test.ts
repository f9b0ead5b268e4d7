import { describe, expect, it } from 'vitest';
import { learningSettings, runSettings } from '#api/runs.ts';
import type { Preset } from '#api/runs.ts';
import {
  activations,
  changedSettings,
  costInWords,
  engines,
  freshSeed,
  ownSettings,
  paperSettings,
  readNumber,
  settingsRemark,
} from '#renderer/train/settings-words.ts';

const card: Preset = {
  name: 'deep',
  title: 'Deep',
  sentence: 'One of many layers.',
  source: 'A test 2026',
  adapted: 'Everything.',
  sizes: [64, 128],
  size: 128,
  kernel: true,
  activation: true,
  depth: { from: 1, to: 5, own: 3, what: 'steps' },
  width: null,
  learning: { ...learningSettings.parse({}), epochs: 12, mirror: true },
};

describe('settings in words', () => {
  it('count what differs from the preset', () => {
    expect(settingsRemark(paperSettings, 'Paper preset')).toBe('paper preset, nothing changed');
    expect(settingsRemark({ ...paperSettings, epochs: 40, mirror: true }, 'Paper preset')).toBe(
      'paper preset, 2 changed',
    );
  });

  it('are counted against what the network brings, and a network brings its own', () => {
    const own = ownSettings(card, { ...paperSettings, seed: 9, epochs: 70, kernel: 5, judge: false });
    expect(own).toMatchObject({
      preset: 'deep',
      size: 128,
      epochs: 12,
      mirror: true,
      kernel: 3,
      seed: 9,
      judge: false,
    });
    expect(settingsRemark(own, 'Deep', card)).toBe('deep, nothing changed');
    expect(settingsRemark({ ...own, epochs: 25, depth: 4 }, 'Deep', card)).toBe('deep, 2 changed');
    expect(ownSettings(undefined, { ...own, epochs: 3 })).toEqual({
      ...paperSettings,
      preset: 'deep',
      seed: 9,
      judge: false,
    });
  });

  it('say what a network costs', () => {
    expect(costInWords({ macs: 784, filmBytes: 3140 })).toBe('784 multiplications and 3.1 kB a film');
    expect(costInWords({ macs: 2_790_000, filmBytes: 274_000 })).toBe('2.8 million multiplications and 274 kB a film');
    expect(costInWords({ macs: 65_400_000, filmBytes: 274_000 })).toMatch(/^65 million/);
  });

  it('do not count a seed, the engine, or a slope that is not used', () => {
    expect(changedSettings({ ...paperSettings, seed: 9, engine: 'wasm', judge: false, slope: 3 })).toBe(0);
    expect(changedSettings({ ...paperSettings, activation: 'tanh', slope: 3 })).toBe(2);
  });

  it('name every activation and every engine of the contract', () => {
    expect(activations.map(({ value }) => value)).toEqual(runSettings.shape.activation.unwrap().options);
    expect(engines.map(({ value }) => value)).toEqual(runSettings.shape.engine.unwrap().options);
  });
});

describe('a typed number', () => {
  it('is taken where the contract takes it', () => {
    expect(readNumber('epochs', ' 40 ')).toEqual({ value: 40 });
    expect(readNumber('learningRate', '0,005')).toEqual({ value: 0.005 });
    expect(readNumber('learningRate', '1e-4')).toEqual({ value: 0.0001 });
  });

  it('is refused with what would be taken', () => {
    for (const typed of ['', 'ten', '0', '-3', '2.5', '1001', 'Infinity'])
      expect(readNumber('epochs', typed)).toEqual({ wrong: '1 to 1,000' });
    expect(readNumber('learningRate', '0')).toEqual({ wrong: 'above 0, up to 10' });
  });

  it('is told the limits that hold', () => {
    const range = (text: string) =>
      text
        .replaceAll(',', '')
        .match(/[\d.]+/g)!
        .map(Number);
    for (const setting of ['size', 'epochs', 'batch', 'seed', 'patience'] as const) {
      const answer = readNumber(setting, 'x');
      const [low, high] = range('wrong' in answer ? answer.wrong : '');
      expect(readNumber(setting, String(low))).toEqual({ value: low });
      expect(readNumber(setting, String(high))).toEqual({ value: high });
      expect(readNumber(setting, String(low! - 1))).toHaveProperty('wrong');
      expect(readNumber(setting, String(high! + 1))).toHaveProperty('wrong');
    }
  });
});

it('makes seeds the contract takes', () => {
  for (let i = 0; i < 20; i++) expect(runSettings.shape.seed.safeParse(freshSeed()).success).toBe(true);
});
