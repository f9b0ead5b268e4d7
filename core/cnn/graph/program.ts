// The whole training as one graph with a few signatures: init, films, step, steps, evaluate, predict, weights.
// Must not run it, and must not read settings of a run beyond those of a step.
import type { LayersModel } from '@tensorflow/tfjs';
import { sideOfMap } from '../marks.ts';
import { GraphBuilder } from './builder.ts';
import type { Value } from './builder.ts';
import { addFilmsSignature, batchGraph, mapsGraph, placementFigures, residentFilms } from './films.ts';
import type { FilmSettings, ResidentFilms } from './films.ts';
import { forwardOf, headOf, networkOf } from './network.ts';
import type { Head, Network, Rules } from './network.ts';
import { cast, gather, identity, stack, unstack } from './ops.ts';
import type { Compiling, LayerWeight } from './rules/rule.ts';
import { hold, trainStep } from './train-step.ts';
import type { Held, StepGraph, StepSettings } from './train-step.ts';

export interface ProgramSettings extends StepSettings, FilmSettings {
  /** Steps a call of the signature `steps`. */
  stepsPerCall: number;
  /** Whether the signature `step` gives the gradients too; for tests. */
  withGradients?: boolean;
  rules?: Rules;
}

export interface Program {
  graph: GraphBuilder;
  head: Head;
}

/** Figures a step is fed: learning rate, Adam's powers. */
export const ratesFed = 3;

/** @throws CannotCompile when a layer has no rule */
export function compile(model: LayersModel, settings: ProgramSettings): Program {
  const g = new GraphBuilder();
  const head = headOf(model);
  const network = networkOf(model, head.logits, settings.rules);
  const held = hold(g, model, settings);
  const resident = residentFilms(g, settings, head.map && sideOfMap(head.map));
  addInit(g, held);
  addWeights(g, held);
  addState(g, held);
  addFilmsSignature(g, resident, settings);
  const parts = { network, head, held, resident };
  addSteps(g, 'step', 1, parts, settings);
  if (settings.stepsPerCall > 1) addSteps(g, 'steps', settings.stepsPerCall, parts, settings);
  addAnswers(g, parts, settings);
  return { graph: g, head };
}

interface Parts {
  network: Network;
  head: Head;
  held: Held[];
  resident: ResidentFilms;
}

/** Takes the weights in the order of `model.weights`; the optimiser's variables become zero. */
function addInit(g: GraphBuilder, held: Held[]): void {
  const inputs: Record<string, { value: Value; shape: number[] }> = {};
  const done = held.flatMap(({ value, slots, average }, place) => {
    const shape = [...value.shape];
    const given = g.placeholder('float32', shape);
    inputs[`weight${place}`] = { value: given, shape };
    const zeros = g.op('ZerosLike', [given], { T: { type: 'float32' } });
    return [
      g.assign(value, given),
      ...slots.map((slot) => g.assign(slot, zeros)),
      ...(average ? [g.assign(average, given)] : []),
    ];
  });
  g.signatures['init'] = { inputs, outputs: { done: g.done(done) } };
}

/** Gives the weights that answer: the averages where they are kept. */
function addWeights(g: GraphBuilder, held: Held[]): void {
  const outputs = held.map(({ value, average }, place) => [`weight${place}`, g.read(average ?? value)] as const);
  g.signatures['weights'] = { inputs: {}, outputs: Object.fromEntries(outputs) };
}

/** `state` gives all that learning goes on from, `restore` takes it. */
function addState(g: GraphBuilder, held: Held[]): void {
  const all = held.flatMap(({ value, slots, average }, place) => [
    [`weight${place}`, value] as const,
    ...slots.map((slot, number) => [`slot${number}_${place}`, slot] as const),
    ...(average ? [[`average${place}`, average] as const] : []),
  ]);
  g.signatures['state'] = { inputs: {}, outputs: Object.fromEntries(all.map(([name, slot]) => [name, g.read(slot)])) };
  const given = all.map(([name, slot]) => {
    const shape = [...slot.shape];
    return { name, slot, value: g.placeholder('float32', shape), shape };
  });
  g.signatures['restore'] = {
    inputs: Object.fromEntries(given.map(({ name, value, shape }) => [name, { value, shape }])),
    outputs: { done: g.done(given.map(({ slot, value }) => g.assign(slot, value))) },
  };
}

/** `count` steps one after the other. Inputs have one more axis when there are several. */
function addSteps(g: GraphBuilder, name: string, count: number, parts: Parts, settings: ProgramSettings): void {
  const { network, head, held, resident } = parts;
  const lead = count > 1 ? [count] : [];
  const fed = {
    places: { value: g.placeholder('int32', [...lead, -1]), shape: [...lead, -1] },
    seeds: { value: g.placeholder('int32', [...lead, 2]), shape: [...lead, 2] },
    rates: { value: g.placeholder('float32', [...lead, ratesFed]), shape: [...lead, ratesFed] },
    ...(settings.placed
      ? {
          placements: {
            value: g.placeholder('float32', [...lead, -1, placementFigures]),
            shape: [...lead, -1, placementFigures],
          },
        }
      : {}),
  };
  const apart = (value: Value) => (count > 1 ? unstack(g, value, count) : [value]);
  const [places, seeds, rates] = [apart(fed.places.value), apart(fed.seeds.value), apart(fed.rates.value)];
  const placements = fed.placements ? apart(fed.placements.value) : null;
  let before = new Map<LayerWeight, Value>();
  const steps: StepGraph[] = places.map((place, number) => {
    const [learningRate, beta1Power, beta2Power] = unstack(g, valueAt(rates, number), ratesFed);
    if (!learningRate || !beta1Power || !beta2Power) throw new Error('a step lacks a rate');
    const seed = valueAt(seeds, number);
    const placed = placements && { figures: valueAt(placements, number), seed };
    const input = {
      films: batchGraph(g, resident, settings, place, placed),
      labels: gather(g, g.read(resident.labels), place),
      weights: gather(g, g.read(resident.weights), place),
      marks: resident.maps && mapsGraph(g, resident.maps, settings.size, place, placed),
      seed,
      rates: { learningRate, beta1Power, beta2Power },
    };
    const step = trainStep(g, { network, head }, held, settings, input, before);
    before = new Map([...before, ...step.updates]);
    return step;
  });
  const losses = stack(
    g,
    steps.map(({ loss }) => loss),
  );
  const right = stack(
    g,
    steps.map((step) => step.right),
  );
  const last = steps.at(-1);
  if (!last) throw new Error('no steps');
  const outputs: Record<string, Value> = { losses: identity(g, losses, [...before.values()]), right, norm: last.norm };
  if (settings.withGradients) {
    held.forEach(({ weight }, place) => {
      const gradient = last.gradients.get(weight);
      if (gradient) outputs[`gradient${place}`] = gradient;
    });
  }
  g.signatures[name] = { inputs: fed, outputs };
}

/** `evaluate`: logits of films by place. `predict`: logits of normalised films that are fed. */
function addAnswers(g: GraphBuilder, { network, held, resident }: Parts, settings: ProgramSettings): void {
  const { size, precision } = settings;
  const places = g.placeholder('int32', [-1]);
  const films = g.placeholder('float32', [-1, size, size, 1]);
  const answer = (x: Value) =>
    cast(g, forwardOf(answering(g, held, precision), network, cast(g, x, precision)).output, 'float32');
  g.signatures['evaluate'] = {
    inputs: { places: { value: places, shape: [-1] } },
    outputs: { logits: answer(batchGraph(g, resident, settings, places, null)) },
  };
  g.signatures['predict'] = {
    inputs: { films: { value: films, shape: [-1, size, size, 1] } },
    outputs: { logits: answer(films) },
  };
}

function answering(g: GraphBuilder, held: Held[], precision: Compiling['precision']): Compiling {
  const read = new Map<LayerWeight, Value>();
  return {
    g,
    precision,
    training: false,
    read(weight) {
      const slots = held.find((one) => one.weight === weight);
      if (!slots) throw new Error('a layer has a weight the network does not know');
      const value = read.get(weight) ?? g.read(slots.average ?? slots.value);
      read.set(weight, value);
      return value;
    },
    seed() {
      throw new Error('nothing is random when a network answers');
    },
    set() {
      throw new Error('nothing is learned when a network answers');
    },
  };
}

function valueAt(values: Value[], place: number): Value {
  const value = values[place];
  if (!value) throw new Error(`there is no value ${place}`);
  return value;
}
