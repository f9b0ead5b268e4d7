import { describe, expect, it } from 'vitest';
import { runSettings } from '#api/runs.ts';
import {
  activations,
  changedSettings,
  engines,
  freshSeed,
  paperSettings,
  readNumber,
  settingsRemark,
} from '#renderer/train/settings-words.ts';

describe('settings in words', () => {
  it('count what differs from the preset', () => {
    expect(settingsRemark(paperSettings, 'Paper preset')).toBe('paper preset, nothing changed');
    expect(settingsRemark({ ...paperSettings, epochs: 40, mirror: true }, 'Paper preset')).toBe(
      'paper preset, 2 changed',
    );
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
