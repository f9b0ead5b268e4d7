// For end-to-end tests of Train and Results: the core behind the window, as a program with the secret may call it, and
// labels that no network can get right everywhere.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '#api/contract.ts';
import type { Page } from '@playwright/test';
import type { RunDetail, RunSettings } from '#api/runs.ts';
import type { Osteon } from './serve.ts';

export type Core = ContractRouterClient<Contract>;

/** The core of a server that runs. */
export function coreOf(osteon: Osteon): Core {
  const name = readdirSync(osteon.home).find((file) => /^serve-\d+\.json$/.test(file));
  if (!name) throw new Error('the server left no secret');
  const { address, secret } = JSON.parse(readFileSync(join(osteon.home, name), 'utf8')) as Record<string, string>;
  return createORPCClient(new RPCLink({ url: `${address}/rpc`, headers: { authorization: `Bearer ${secret}` } }));
}

/** Gives every fifth patient the other label: whatever a network learns, some judging films are answered wrongly. */
export async function turnLabels(core: Core): Promise<void> {
  const { films } = await core.xrays.list({ sort: 'patient', limit: 1000 });
  const patients = [...new Set(films.map(({ patient }) => patient))].filter((_, place) => place % 5 === 0);
  for (const label of ['fracture', 'whole'] as const) {
    const xrays = films.filter((film) => patients.includes(film.patient) && film.label === label).map(({ id }) => id);
    if (xrays.length > 0) await core.labels.set({ xrays, label: label === 'fracture' ? 'whole' : 'fracture' });
  }
}

/** Trains to the end, past the window; answers the run, whatever came of it. */
export async function trainedRun(core: Core, settings: Partial<RunSettings> = {}): Promise<RunDetail> {
  const { run } = await core.runs.start({ settings: { epochs: 3, ...settings } });
  for await (const event of await core.runs.follow({ run })) if (event.kind === 'end') return event.run;
  throw new Error(`the stream of run ${run} ended before the run`);
}

/** Opens a page of the window that is open. */
export async function goTo(window: Page, page: string): Promise<void> {
  await window.getByRole('link', { name: page, exact: true }).click();
}
