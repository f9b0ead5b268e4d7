// Writes a built graph as the one file of a SavedModel, the form tfjs-node's session loads.
// Must not build or run a graph.
import type { Attribute, GraphBuilder, Signature } from './builder.ts';
import { dataTypes, shapeMessage } from './messages.ts';
import type { AttributeMessage, Messages } from './messages.ts';

export const tag = 'serve';
/** Version of TensorFlow's operations the graph is written in: 2.9, the oldest library tfjs-node 4.22 may bring. */
const producer = 1087;

/** The bytes of saved_model.pb. */
export function savedModel(messages: Messages, { nodes, signatures }: GraphBuilder): Uint8Array {
  const graph = new messages.GraphDef();
  for (const { name, op, inputs, attributes } of nodes) {
    const node = new messages.NodeDef();
    node.setName(name);
    node.setOp(op);
    node.setInputList(inputs);
    const map = node.getAttrMap();
    for (const [key, attribute] of Object.entries(attributes)) map.set(key, attributeMessage(messages, attribute));
    graph.addNode(node);
  }
  const version = new messages.VersionDef();
  version.setProducer(producer);
  graph.setVersions(version);
  const info = new messages.MetaGraphDef.MetaInfoDef();
  info.addTags(tag);
  const metaGraph = new messages.MetaGraphDef();
  metaGraph.setMetaInfoDef(info);
  metaGraph.setGraphDef(graph);
  for (const [name, signature] of Object.entries(signatures)) addSignature(messages, metaGraph, name, signature);
  const model = new messages.SavedModel();
  model.setSavedModelSchemaVersion(1);
  model.addMetaGraphs(metaGraph);
  return model.serializeBinary();
}

function attributeMessage(messages: Messages, attribute: Attribute): AttributeMessage {
  const message = new messages.AttrValue();
  if ('type' in attribute) message.setType(dataTypes[attribute.type]);
  else if ('int' in attribute) message.setI(attribute.int);
  else if ('float' in attribute) message.setF(attribute.float);
  else if ('bool' in attribute) message.setB(attribute.bool);
  else if ('text' in attribute) message.setS(Buffer.from(attribute.text).toString('base64'));
  else if ('shape' in attribute) message.setShape(shapeMessage(messages, attribute.shape));
  else if ('tensor' in attribute) {
    const { dtype, shape, bytes } = attribute.tensor;
    const tensor = new messages.Tensor();
    tensor.setDtype(dataTypes[dtype]);
    tensor.setTensorShape(shapeMessage(messages, shape));
    tensor.setTensorContent(Buffer.from(bytes).toString('base64'));
    message.setTensor(tensor);
  } else {
    const list = new messages.AttrValue.ListValue();
    if ('ints' in attribute) list.setIList([...attribute.ints]);
    else list.setTypeList(attribute.types.map((type) => dataTypes[type]));
    message.setList(list);
  }
  return message;
}

function addSignature(
  messages: Messages,
  metaGraph: InstanceType<Messages['MetaGraphDef']>,
  name: string,
  { inputs, outputs }: Signature,
): void {
  const signature = new messages.SignatureDef();
  const info = (ref: string, dtype: keyof typeof dataTypes, shape: readonly number[]) => {
    const message = new messages.TensorInfo();
    message.setName(ref);
    message.setDtype(dataTypes[dtype]);
    message.setTensorShape(shapeMessage(messages, shape));
    return message;
  };
  for (const [key, { value, shape }] of Object.entries(inputs)) {
    signature.getInputsMap().set(key, info(value.ref, value.dtype, shape));
  }
  for (const [key, value] of Object.entries(outputs)) {
    signature.getOutputsMap().set(key, info(value.ref, value.dtype, []));
  }
  signature.setMethodName('tensorflow/serving/predict');
  metaGraph.getSignatureDefMap().set(name, signature);
}
