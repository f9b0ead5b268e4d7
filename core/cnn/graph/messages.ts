// The part of tfjs-node's own protocol buffer messages that a SavedModel is written with, typed.
// Must not know networks: names and numbers of TensorFlow's format only.
import type { Tf } from '../engine.ts';
import { loadMessages } from '../engine.ts';

/** Types of tensors as TensorFlow's DataType numbers them. */
export const dataTypes = { float32: 1, uint8: 4, int32: 3, int64: 9, bool: 10, bfloat16: 14, resource: 20 } as const;
export type DataType = keyof typeof dataTypes;

/** A size of -1 is not known before the graph runs. */
export type Shape = readonly number[];

interface MessageMap<Entry> {
  set(key: string, entry: Entry): void;
}

export interface ShapeMessage {
  addDim(dim: DimMessage): void;
}
interface DimMessage {
  setSize(size: number): void;
}
export interface TensorMessage {
  setDtype(type: number): void;
  setTensorShape(shape: ShapeMessage): void;
  /** Base64. */
  setTensorContent(content: string): void;
}
export interface ListMessage {
  setIList(values: number[]): void;
  setTypeList(values: number[]): void;
}
export interface AttributeMessage {
  /** Base64. */
  setS(text: string): void;
  setI(value: number): void;
  setF(value: number): void;
  setB(value: boolean): void;
  setType(type: number): void;
  setShape(shape: ShapeMessage): void;
  setTensor(tensor: TensorMessage): void;
  setList(list: ListMessage): void;
}
interface NodeMessage {
  setName(name: string): void;
  setOp(op: string): void;
  setInputList(inputs: string[]): void;
  getAttrMap(): MessageMap<AttributeMessage>;
}
interface GraphMessage {
  addNode(node: NodeMessage): void;
  setVersions(version: VersionMessage): void;
}
interface VersionMessage {
  setProducer(version: number): void;
}
interface TensorInfoMessage {
  setName(name: string): void;
  setDtype(type: number): void;
  setTensorShape(shape: ShapeMessage): void;
}
interface SignatureMessage {
  getInputsMap(): MessageMap<TensorInfoMessage>;
  getOutputsMap(): MessageMap<TensorInfoMessage>;
  setMethodName(name: string): void;
}
interface MetaInfoMessage {
  addTags(tag: string): void;
}
interface MetaGraphMessage {
  setMetaInfoDef(info: MetaInfoMessage): void;
  setGraphDef(graph: GraphMessage): void;
  getSignatureDefMap(): MessageMap<SignatureMessage>;
}
interface SavedModelMessage {
  setSavedModelSchemaVersion(version: number): void;
  addMetaGraphs(graph: MetaGraphMessage): void;
  serializeBinary(): Uint8Array;
}

export interface Messages {
  TensorShape: (new () => ShapeMessage) & { Dim: new () => DimMessage };
  Tensor: new () => TensorMessage;
  AttrValue: (new () => AttributeMessage) & { ListValue: new () => ListMessage };
  NodeDef: new () => NodeMessage;
  GraphDef: new () => GraphMessage;
  VersionDef: new () => VersionMessage;
  TensorInfo: new () => TensorInfoMessage;
  SignatureDef: new () => SignatureMessage;
  MetaGraphDef: (new () => MetaGraphMessage) & { MetaInfoDef: new () => MetaInfoMessage };
  SavedModel: new () => SavedModelMessage;
}

/** tfjs-node's messages; only where its native library is loaded, so that one copy of them serves both. */
export function messagesOf(tf: Tf): Messages {
  if (tf.getBackend() !== 'tensorflow') throw new Error('graphs run in the native library only');
  return loadMessages() as Messages;
}

export function shapeMessage(messages: Messages, shape: Shape): ShapeMessage {
  const message = new messages.TensorShape();
  for (const size of shape) {
    const dim = new messages.TensorShape.Dim();
    dim.setSize(size);
    message.addDim(dim);
  }
  return message;
}
