// Training settings in words: the choices of each, what differs from the preset, and which values may be typed.
// Must not hold defaults: those stand in the contract.
import type { Body } from '#api/networks.ts';
import type { Activation, NetworkCost, Preset, RunSettings } from '#api/runs.ts';
import { runSettings } from '#api/runs.ts';
import type { Several } from '#api/series.ts';
import { count, many, size } from '#renderer/words/figures.ts';
import { severalWords } from '#renderer/words/series.ts';

/** Settings as the paper's network has them. */
export const paperSettings: RunSettings = runSettings.parse({});

export const activations: { value: Activation; title: string; hint?: string }[] = [
  { value: 'relu', title: 'ReLU, max(0, x)' },
  { value: 'logistic', title: 'Logistic, 1 / (1 + exp(−a x))' },
  { value: 'tanh', title: 'Hyperbolic tangent, tanh(x / a)' },
  { value: 'step', title: 'Unit step', hint: 'trained straight-through: the step itself has no gradient' },
];

/** Said under the layers: what follows each of them. */
export const activationNames: Record<Activation, string> = {
  relu: 'ReLU',
  logistic: 'Logistic function',
  tanh: 'Hyperbolic tangent',
  step: 'Unit step',
};

export function hasSlope(activation: Activation): boolean {
  return activation === 'logistic' || activation === 'tanh';
}

export const optimisers: { value: RunSettings['optimizer']; title: string; hint?: string }[] = [
  { value: 'sgd', title: 'Gradient descent' },
  { value: 'momentum', title: 'Momentum', hint: '0.9' },
  { value: 'nesterov', title: 'Nesterov momentum', hint: '0.9, looking ahead' },
  { value: 'rmsprop', title: 'RMSProp' },
  { value: 'adam', title: 'Adam' },
  { value: 'adamw', title: 'AdamW', hint: 'weight decay beside the gradient' },
];

export const schedules: { value: RunSettings['schedule']; title: string; hint?: string }[] = [
  { value: 'constant', title: 'Constant' },
  { value: 'step', title: 'In steps', hint: 'a tenth from half way, a hundredth from three quarters' },
  { value: 'cosine', title: 'Cosine', hint: 'down to zero at the last epoch' },
];

/** "2.8 million multiplications and 274 kB a film" */
export function costInWords({ filmBytes, macs }: Pick<NetworkCost, 'filmBytes' | 'macs'>): string {
  const millions = (macs / 1e6).toFixed(macs < 1e7 ? 1 : 0);
  return `${macs < 1e6 ? count(macs) : `${millions} million`} multiplications and ${size(filmBytes)} a film`;
}

export const engines: { value: RunSettings['engine']; title: string; hint: string }[] = [
  { value: 'auto', title: 'By itself', hint: 'native TensorFlow where it is there' },
  { value: 'graph', title: 'TensorFlow, compiled', hint: 'the whole step at once: the fastest' },
  { value: 'layers', title: 'TensorFlow, native', hint: 'layer by layer' },
  { value: 'wasm', title: 'WebAssembly', hint: 'everywhere, slower' },
];

const severalUsual: Several[] = [
  { kind: 'seeds', count: 3 },
  { kind: 'seeds', count: 5 },
  { kind: 'folds', count: 5 },
];

/** How often it is trained: once, or one of the usual series. */
export const severalChoices: { value: string; title: string }[] = [
  { value: 'once', title: 'Once' },
  ...severalUsual.map((several) => ({ value: severalWords(several), title: severalWords(several) })),
];

export function severalKey(several: Several | null): string {
  return several ? severalWords(several) : 'once';
}

export function severalOf(key: string): Several | null {
  return severalUsual.find((several) => severalWords(several) === key) ?? null;
}

/** Settings as a network's card has them. What is no part of the network or of how it learns stays as it was. */
export function ownSettings(card: Preset | undefined, settings: RunSettings): RunSettings {
  const { seed, judge, engine, precision, preset, sources } = settings;
  const own = card ? { preset: card.name, size: card.size, ...card.learning } : { preset };
  return { ...paperSettings, ...own, seed, judge, engine, precision, sources };
}

/** The same on a pretrained body, which has a size of its own. */
export function onBody(settings: RunSettings, body: Body | undefined): RunSettings {
  return body ? { ...settings, body: body.name, size: body.size } : settings;
}

/** "1,280 features of 2,257,984 parameters; takes grey three times, from -1 to 1, as guessed" */
export function bodyInWords({ features, parameters, grey, guessed }: Body): string {
  return `${many(features, 'feature')} of ${many(parameters, 'parameter')}; takes ${grey}${guessed ? ', as guessed' : ''}`;
}

/** Settings that tell a run from the preset; the seed only names one of many like runs. */
const counted = Object.keys(paperSettings).filter(
  (key) => !['preset', 'seed', 'judge', 'engine', 'precision', 'sources'].includes(key),
) as (keyof RunSettings)[];

/** How many settings differ from the network's own. */
export function changedSettings(settings: RunSettings, card?: Preset): number {
  const own = ownSettings(card, settings);
  return counted.filter((key) => {
    if (key === 'slope' && !hasSlope(settings.activation)) return false;
    if (settings.body !== null && (key === 'body' || key === 'size')) return false;
    return settings[key] !== own[key];
  }).length;
}

/** "paper preset, nothing changed" */
export function settingsRemark(settings: RunSettings, network: string, card?: Preset): string {
  const changed = changedSettings(settings, card);
  const name = network.charAt(0).toLowerCase() + network.slice(1);
  return `${name}, ${changed === 0 ? 'nothing changed' : `${changed} changed`}`;
}

type NumberSetting =
  'size' | 'epochs' | 'fineTune' | 'batch' | 'seed' | 'learningRate' | 'slope' | 'patience' | 'weightDecay';

/** What a typed number must be, for each setting that is typed. */
const limits: Record<NumberSetting, string> = {
  size: '16 to 512',
  epochs: '1 to 1,000',
  fineTune: '0 to 1,000',
  batch: '1 to 1,024',
  seed: '0 to 4,294,967,295',
  learningRate: 'above 0, up to 10',
  slope: 'above 0, up to 100',
  patience: '1 to 1,000',
  weightDecay: '0 to 1',
};

/** A typed number, or why it cannot be taken. A comma counts as a decimal point. */
export function readNumber(setting: NumberSetting, typed: string): { value: number } | { wrong: string } {
  const text = typed.trim().replace(',', '.');
  const value = text === '' ? Number.NaN : Number(text);
  return runSettings.shape[setting].safeParse(value).success ? { value } : { wrong: limits[setting] };
}

/** A seed nobody chose. */
export function freshSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 1;
}
