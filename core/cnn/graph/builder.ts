// Builds a TensorFlow graph node by node: what a node is called, what goes in, what comes out.
// Must not know networks or training; must not run anything.
import type { DataType, Shape } from './messages.ts';

/** One output of a node. */
export interface Value {
  /** "name:output" */
  readonly ref: string;
  readonly dtype: DataType;
}

export type Attribute =
  | { type: DataType }
  | { types: DataType[] }
  | { shape: Shape }
  | { int: number }
  | { ints: readonly number[] }
  | { float: number }
  | { bool: boolean }
  | { text: string }
  | { tensor: { dtype: DataType; shape: Shape; bytes: Uint8Array } };

export interface GraphNode {
  name: string;
  op: string;
  inputs: string[];
  attributes: Record<string, Attribute>;
}

/** What is fed and what is fetched in one call. */
export interface Signature {
  inputs: Record<string, { value: Value; shape: Shape }>;
  outputs: Record<string, Value>;
}

/** A variable: lives in the session from one call to the next. */
export interface Slot {
  readonly handle: Value;
  readonly dtype: DataType;
  readonly shape: Shape;
}

export class GraphBuilder {
  readonly nodes: GraphNode[] = [];
  readonly signatures: Record<string, Signature> = {};
  readonly #counts = new Map<string, number>();
  readonly #constants = new Map<string, Value>();
  #after: Value[] = [];

  /**
   * Adds a node with one output.
   * @param dtype of its output; that of the first input where left out
   * @param after nodes that must have run before this one
   */
  op(
    op: string,
    inputs: readonly Value[],
    attributes: Record<string, Attribute> = {},
    dtype?: DataType,
    after: readonly Value[] = [],
  ): Value {
    const type = dtype ?? inputs[0]?.dtype;
    if (!type) throw new Error(`${op} has no input to take its type from`);
    const name = this.#add(op, inputs, attributes, after);
    return { ref: `${name}:0`, dtype: type };
  }

  /** Adds a node with several outputs. */
  ops<const Types extends readonly DataType[]>(
    op: string,
    inputs: readonly Value[],
    attributes: Record<string, Attribute>,
    dtypes: Types,
  ): { [Place in keyof Types]: Value } {
    const name = this.#add(op, inputs, attributes, []);
    return dtypes.map((dtype, place) => ({ ref: `${name}:${place}`, dtype })) as { [Place in keyof Types]: Value };
  }

  placeholder(dtype: DataType, shape: Shape): Value {
    return this.op('Placeholder', [], { dtype: { type: dtype }, shape: { shape } }, dtype);
  }

  /** A constant; equal ones are one node. */
  constant(values: readonly number[], shape: Shape, dtype: 'float32' | 'int32' = 'float32'): Value {
    const key = `${dtype} ${shape.join()} ${values.join()}`;
    const known = this.#constants.get(key);
    if (known) return known;
    const array = dtype === 'float32' ? Float32Array.from(values) : Int32Array.from(values);
    const attributes: Record<string, Attribute> = {
      dtype: { type: dtype },
      value: { tensor: { dtype, shape, bytes: new Uint8Array(array.buffer) } },
    };
    const value = this.outsideOrder(() => this.op('Const', [], attributes, dtype));
    this.#constants.set(key, value);
    return value;
  }

  scalar(value: number, dtype: 'float32' | 'int32' = 'float32'): Value {
    return this.constant([value], [], dtype);
  }

  ints(values: readonly number[]): Value {
    return this.constant(values, [values.length], 'int32');
  }

  slot(name: string, dtype: DataType, shape: Shape): Slot {
    const attributes: Record<string, Attribute> = {
      dtype: { type: dtype },
      shape: { shape },
      shared_name: { text: name },
      container: { text: '' },
    };
    return { handle: this.outsideOrder(() => this.op('VarHandleOp', [], attributes, 'resource')), dtype, shape };
  }

  read({ handle, dtype }: Slot): Value {
    return this.op('ReadVariableOp', [handle], { dtype: { type: dtype } }, dtype);
  }

  /** Gives the node that assigns: fetch it through `after` or `done`. */
  assign({ handle, dtype }: Slot, value: Value): Value {
    return this.op('AssignVariableOp', [handle, value], { dtype: { type: dtype } }, dtype);
  }

  /** A value to fetch where only the effect of other nodes is wanted. */
  done(after: readonly Value[]): Value {
    return this.op('Identity', [this.scalar(1)], { T: { type: 'float32' } }, 'float32', after);
  }

  /** Every node added in `build` runs after these. */
  inOrder<Result>(after: Value[], build: () => Result): Result {
    const before = this.#after;
    this.#after = after;
    try {
      return build();
    } finally {
      this.#after = before;
    }
  }

  private outsideOrder<Result>(build: () => Result): Result {
    return this.inOrder([], build);
  }

  #add(op: string, inputs: readonly Value[], attributes: Record<string, Attribute>, after: readonly Value[]): string {
    const count = this.#counts.get(op) ?? 0;
    this.#counts.set(op, count + 1);
    const name = `${op}_${count}`;
    const controls = new Set([...this.#after, ...after].map(({ ref }) => `^${ref.split(':')[0] ?? ''}`));
    this.nodes.push({ name, op, inputs: [...inputs.map(({ ref }) => ref), ...controls], attributes });
    return name;
  }
}
