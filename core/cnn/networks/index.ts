// The networks that can be trained, and building one from settings.
// Must not know how they are trained.
import type { LayersModel } from '@tensorflow/tfjs';
import type { Preset } from '#api/runs.ts';
import { Problem } from '#core/problem.ts';
import type { Tf } from '../engine.ts';
import { alexNet } from './alexnet.ts';
import { fused } from './fused.ts';
import { googLeNet } from './googlenet.ts';
import { multiScale } from './multi-scale.ts';
import { neocognitron } from './neocognitron.ts';
import type { Network, NetworkSettings } from './network.ts';
import { osteon } from './osteon.ts';
import { paper } from './paper.ts';
import { polynomial } from './polynomial.ts';
import { residual } from './residual.ts';
import { single } from './single.ts';
import { vgg } from './vgg.ts';

const all = [paper, single, osteon, residual, vgg, alexNet, googLeNet, fused, multiScale, neocognitron, polynomial];
const networks = new Map<string, Network>(all.map((network) => [network.card.name, network]));

/** Cards of all networks, the paper's first. */
export const presets: Preset[] = all.map(({ card }) => card);

export const networkOf = (preset: string): Network | undefined => networks.get(preset);

/**
 * A fresh network with seeded first weights; shapes as in `Network.build`. The caller disposes of it.
 * @throws Problem BAD_SETTINGS
 */
export function buildNetwork(tf: Tf, settings: NetworkSettings): LayersModel {
  const network = networkOf(settings.preset);
  if (!network) {
    const names = presets.map(({ name }) => name).join(', ');
    throw new Problem('BAD_SETTINGS', { reason: `there is no network "${settings.preset}"; there are ${names}` });
  }
  const wrong = misfit(network.card, settings);
  if (wrong !== null) throw new Problem('BAD_SETTINGS', { reason: wrong });
  return network.build(tf, settings);
}

/** What of the settings the network has no use for or cannot be; null when it can be built from them. */
export function misfit(card: Preset, settings: NetworkSettings): string | null {
  const called = `the network "${card.name}"`;
  if (!card.kernel && settings.kernel !== 3) return `${called} has no kernel to set`;
  if (!card.activation && settings.activation !== 'relu') return `${called} has no activation to set`;
  if (settings.marks && !card.learning.marks) return `${called} has no map that boxes could teach`;
  for (const name of ['depth', 'width'] as const) {
    const [set, choice] = [settings[name], card[name]];
    if (set === null) continue;
    if (!choice) return `${called} has no ${name} to set`;
    if (set < choice.from || set > choice.to)
      return `${called} has a ${name} of ${choice.from} to ${choice.to}, not ${set}`;
  }
  return null;
}
