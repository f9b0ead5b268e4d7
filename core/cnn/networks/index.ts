// The networks that can be trained, and building one from settings.
// Must not know how they are trained.
import type { LayersModel } from '@tensorflow/tfjs';
import type { Preset } from '#api/runs.ts';
import { Problem } from '#core/problem.ts';
import type { Tf } from '../engine.ts';
import type { Network, NetworkSettings } from './network.ts';
import { paper } from './paper.ts';

const networks = new Map<string, Network>([paper].map((network) => [network.card.name, network]));

/** Cards of all networks, the paper's first. */
export const presets: Preset[] = [...networks.values()].map((network) => network.card);

/**
 * A fresh network with seeded first weights; shapes as in `Network.build`. The caller disposes of it.
 * @throws Problem BAD_SETTINGS
 */
export function buildNetwork(tf: Tf, settings: NetworkSettings): LayersModel {
  const network = networks.get(settings.preset);
  if (!network) throw new Problem('BAD_SETTINGS', { reason: `there is no network "${settings.preset}"` });
  return network.build(tf, settings);
}
