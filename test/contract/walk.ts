// One walk through every procedure, in the order of the job, whatever carries it. Returns what was seen, without what
// differs from run to run, so that carriers can be compared.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '#api/contract.ts';
import type { Job } from '#api/jobs.ts';
import type { RunEvent } from '#api/runs.ts';

export type Client = ContractRouterClient<Contract>;
/** Sends a picture request on the window's own origin. */
export type FetchImage = (path: string, init?: { method: string; body: Uint8Array<ArrayBuffer> }) => Promise<Response>;

export interface Seen {
  [step: string]: unknown;
}

const corners = [
  { x: 4, y: 4 },
  { x: 66, y: 4 },
  { x: 66, y: 90 },
  { x: 4, y: 90 },
];

export async function walk(
  client: Client,
  fetchImage: FetchImage,
  folders: { films: string; library: string; restored: string },
): Promise<Seen> {
  const seen: Seen = {};
  const end = async (job: string): Promise<Job['state']> => {
    let state: Job['state'] = 'running';
    for await (const now of await client.jobs.follow({ job })) {
      state = now.state;
      if (now.state === 'failed') throw new Error(`${now.title}: ${now.error?.message ?? ''}`);
    }
    return state;
  };

  seen['first library'] = (await client.libraries.current())?.name;
  const opened = await client.libraries.open({ folder: folders.library, create: true });
  seen['opened'] = { name: opened.name, films: opened.films };
  seen['renamed'] = (await client.libraries.rename({ name: 'Walk' })).name;
  seen['keeps identity'] = (await client.libraries.keepIdentity({ keep: false })).keepsIdentity;
  seen['recent'] = (await client.libraries.recent()).map(({ folder }) => folder === folders.library);

  const browsed = await client.files.browse({ folder: folders.films });
  seen['browsed'] = browsed.entries.map(({ name, folder, films }) => ({ name, folder, films }));
  const preview = await client.imports.preview({ paths: [folders.films] });
  seen['preview job'] = await end(preview.job);
  const report = await client.imports.previewed({ preview: preview.preview });
  seen['preview'] = {
    found: report.found,
    films: report.films,
    patients: report.patients,
    mapping: report.mapping,
    layout: report.layout,
  };
  const started = await client.imports.start({ preview: preview.preview });
  seen['import job'] = await end(started.job);
  seen['import'] = withoutTime(await client.imports.get({ import: started.import }));
  const demo = await client.imports.demo({ images: 20, seed: 3 });
  seen['demo job'] = await end(demo.job);
  seen['undone'] = await client.imports.undo({ import: demo.import });
  seen['imports'] = (await client.imports.list()).map(({ state, imported }) => ({ state, imported }));

  const upload = readFileSync(join(folders.films, 'films', 'film-001.png')) as Uint8Array<ArrayBuffer>;
  seen['upload'] = (await fetchImage('/images/uploads/walkwalk01/shot.png', { method: 'POST', body: upload })).status;
  const straight = await client.imports.straighten({ upload: 'walkwalk01', corners });
  seen['straightened'] = { width: straight.width, height: straight.height };
  const captured = await client.imports.capture({ upload: straight.upload, corners: null });
  seen['captured'] = captured.duplicate;

  const list = await client.xrays.list({ limit: 5 });
  seen['list'] = {
    total: list.total,
    files: list.films.map(({ file, label, bodyPart }) => ({ file, label, bodyPart })),
  };
  const ids = await client.xrays.ids({ filter: { label: ['fracture'] } });
  seen['ids'] = ids.length;
  seen['facets'] = (await client.xrays.facets({})).label;
  const [first = 0] = ids;
  seen['film'] = (await client.xrays.get({ xray: first })).history.length;
  seen['thumbnail'] = (await fetchImage(`/images/xrays/${first}/thumbnail/160`)).headers.get('content-type');
  seen['pixels'] = (await (await fetchImage(`/images/xrays/${first}/pixels`)).arrayBuffer()).byteLength;
  seen['trash'] = await client.xrays.trash({ xrays: [captured.xray] });
  seen['restore'] = await client.xrays.restore({ xrays: [captured.xray] });
  await client.xrays.trash({ xrays: [captured.xray] });

  seen['readers'] = (await client.readers.add({ name: 'A.K.' })).map(({ name, current }) => ({ name, current }));
  const reader = (await client.readers.list()).find(({ name }) => name === 'A.K.');
  seen['renamed reader'] = (await client.readers.rename({ reader: reader?.id ?? 0, name: 'B.K.' })).map(
    ({ name }) => name,
  );
  seen['chosen reader'] = (await client.readers.choose({ reader: reader?.id ?? 0 })).find(
    ({ current }) => current,
  )?.name;
  seen['labelled'] = (await client.labels.set({ xrays: [first], label: 'uncertain' })).events.map(
    ({ before, after, reader: by }) => ({ before, after, by }),
  );
  // Meant for this library, and for another one.
  const library = opened.id;
  const elsewhere = { library: 'another' };
  seen['meant'] = (await client.labels.set({ library, xrays: [first], label: 'uncertain' })).events.length;
  seen['not meant'] = await Promise.all(
    [
      client.labels.set({ ...elsewhere, xrays: [first], label: 'whole' }),
      client.labels.undo(elsewhere),
      client.labels.redo(elsewhere),
      client.xrays.trash({ ...elsewhere, xrays: [first] }),
      client.xrays.restore({ ...elsewhere, xrays: [first] }),
      client.imports.undo({ ...elsewhere, import: started.import }),
      client.libraries.rename({ ...elsewhere, name: 'Not this one' }),
      client.libraries.keepIdentity({ ...elsewhere, keep: true }),
    ].map((step: Promise<unknown>) =>
      step.then(
        () => 'no error',
        (error: { code?: string; message?: string }) => `${error.code}: ${error.message}`,
      ),
    ),
  );
  seen['undoable'] = await client.labels.undoable();
  seen['undo'] = (await client.labels.undo()).events.map(({ before, after }) => ({ before, after }));
  seen['redo'] = (await client.labels.redo()).events.map(({ before, after }) => ({ before, after }));
  await client.labels.undo();
  seen['history'] = (await client.labels.history({ xray: first })).map(({ why, after }) => ({ why, after }));

  seen['presets'] = (await client.runs.presets()).map(({ name }) => name)[0];
  const networks = await client.runs.networks({ size: 28 });
  seen['networks'] = networks.map(({ name, parameters, layers }) => ({ name, parameters, layers: layers.length }));
  const settings = { epochs: 2, batch: 8, seed: 1 };
  const plan = await client.runs.plan({ settings });
  seen['plan'] = { ready: plan.ready, films: plan.films, parts: plan.parts, weights: plan.weights };
  const { run, job } = await client.runs.start({ settings });
  const kinds: string[] = [];
  for await (const event of await client.runs.follow({ run })) if (event.kind !== 'step') kinds.push(kindOf(event));
  seen['training'] = { kinds, state: await end(job) };
  const done = await client.runs.get({ run });
  seen['run'] = { state: done.state, epochs: done.curve.length, test: done.test?.n, openings: done.openings };
  seen['runs'] = (await client.runs.list()).length;
  seen['judged again'] = (await client.runs.judge({ run })).openings;
  seen['answers'] = (await client.runs.answers({ run })).length;
  const exported = await client.runs.exportNotebook({ run, folder: `${folders.restored} as notebooks`, inside: true });
  seen['exported'] = { files: exported.files, sealed: exported.sealed };
  await client.runs.stop({ run });
  const over = await client.runs.resume({ run }).catch((error: unknown) => (error as { code?: unknown }).code);
  seen['resumed'] = [done.resumable, over];

  const several = await client.series.start({ settings: { ...settings, epochs: 1 }, kind: 'seeds', count: 2 });
  const begun: string[] = [];
  for await (const event of await client.series.follow({ series: several.series }))
    begun.push(event.kind === 'run' ? `run ${event.number}` : event.series.state);
  seen['series'] = { begun, state: await end(several.job) };
  const { checking, ensemble, openings } = await client.series.get({ series: several.series });
  seen['series then'] = { spread: checking.auc !== null, test: ensemble?.test?.n, openings };
  seen['series judged again'] = (await client.series.judge({ series: several.series })).openings;
  seen['series answers'] = (await client.series.answers({ series: several.series })).length;
  seen['all series'] = (await client.series.list()).map(({ runs }) => runs);
  await client.series.stop({ series: several.series });
  seen['series resumed'] = await client.series
    .resume({ series: several.series })
    .catch((error: unknown) => (error as { code?: unknown }).code);

  seen['models'] = (await client.predictions.models()).map((model) => model.run);
  const prediction = await client.predictions.classify({ xray: first });
  seen['prediction'] = { file: prediction.file, size: prediction.film, notice: prediction.notice };
  seen['heat'] = (await fetchImage(prediction.images.heat)).headers.get('content-type');
  seen['seen'] = (await fetchImage(prediction.images.seen)).headers.get('content-type');
  const inside = await client.networks.describe({ run });
  seen['layers'] = inside.layers.map(({ name, shape, parameters }) => ({ name, shape, parameters }));
  const maps = await client.networks.maps({ run, xray: first, layer: 1 });
  seen['maps'] = { channels: maps.channels, ranges: maps.ranges.length };
  seen['map picture'] = (await fetchImage(maps.picture)).headers.get('content-type');
  const unit = await client.networks.unit({ run, xray: first, layer: 1, channel: 2, row: 3, column: 4 });
  seen['unit'] = { sees: unit.sees, steps: unit.steps.map(({ name }) => name) };
  seen['activations'] = (await client.networks.activations({ run, xray: first })).map(({ name }) => name);
  const foreign = await client.networks.import({ path: join(folders.library, 'models', String(run), 'model.json') });
  seen['imported'] = { title: foreign.title, from: foreign.imported, learnedFrom: foreign.learnedFrom };
  seen['models then'] = (await client.predictions.models()).map((model) => model.run);
  const body = await client.bodies.import({
    path: join(folders.library, 'models', String(run), 'model.json'),
    name: 'walk',
  });
  seen['body'] = { features: body.features, size: body.size, grey: body.grey };
  seen['bodies'] = (await client.bodies.list()).map(({ name }) => name);
  seen['preset of bodies'] = (await client.runs.presets()).at(-1)?.name;
  await client.bodies.remove({ name: 'walk' });
  seen['bodies then'] = (await client.bodies.list()).length;
  const slicing = await client.networks.slice({ run, points: 3 });
  seen['slice job'] = await end(slicing.job);
  seen['slice'] = (await client.networks.sliced({ run }))?.loss.map((row) => row.length);
  const many = await client.predictions.classifyAll({ paths: [folders.films] });
  seen['classify job'] = await end(many.job);
  seen['answers of a folder'] = (await client.predictions.list({ list: many.list })).rows.length;

  seen['settings'] = (await client.settings.set({ theme: 'light' })).theme;
  seen['settings kept'] = (await client.settings.get()).theme;
  seen['doctor'] = (await client.settings.doctor()).engine.name;
  const measuring = await client.settings.calibrate();
  await client.jobs.cancel({ job: measuring.job });
  seen['measured'] = [await end(measuring.job), await client.settings.calibration()];
  seen['verified'] = (await client.libraries.verify()).findings;
  const backup = await client.libraries.backUp({});
  seen['backups'] = (await client.libraries.backups()).length;
  seen['restored'] =
    (await client.libraries.restore({ backup: backup.folder, into: folders.restored })).events === backup.events;
  seen['jobs'] = (await client.jobs.list()).map(({ kind, state }) => `${kind} ${state}`);
  for await (const jobs of await client.jobs.watch()) {
    seen['watched'] = jobs.length > 0;
    break;
  }
  seen['unknown job'] = await client.jobs.cancel({ job: 'nope' }).then(
    () => 'no error',
    (error: { code?: string; message?: string; data?: { next?: string } }) => [
      error.code,
      error.message,
      error.data?.next,
    ],
  );
  return seen;
}

function kindOf(event: RunEvent): string {
  return event.kind === 'epoch' ? `epoch ${event.epoch.epoch}` : event.kind;
}

function withoutTime<T extends { at: string; root: string; title: string }>(
  summary: T,
): Omit<T, 'at' | 'root' | 'title'> {
  const { at: _at, root: _root, title: _title, ...rest } = summary;
  return rest;
}
