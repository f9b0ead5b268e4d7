"""Opens a model folder of Osteon (model.json, weights.bin, osteon.json) in Keras 3.

    model, card = load("model")
    probabilities = model.predict(normalised(films, card))

`films`: bytes of grey [films, size, size]; the model takes [films, size, size, 1] and gives the probability of fracture
[films, 1]. What the card calls sureness is in the weights already. Raises ValueError on a layer it does not know.
"""

import json
import os

import keras
import numpy

ops = keras.ops


def load(folder, weights=True):
    """The Keras model and the card. `weights=False`: the network as it is built, untrained."""
    with open(os.path.join(folder, "osteon.json"), encoding="utf8") as file:
        card = json.load(file)["card"]
    with open(os.path.join(folder, "model.json"), encoding="utf8") as file:
        saved = json.load(file)
    model = build(saved["modelTopology"])
    if weights:
        values = numpy.fromfile(os.path.join(folder, "weights.bin"), dtype="<f4")
        set_weights(model, saved["weightsManifest"][0]["weights"], values)
    return model, card


def normalised(films, card):
    """Grey values 0 to 255 as the network takes them."""
    how = card["normalisation"]
    grey = numpy.asarray(films, dtype="float32")[..., None] / 255
    return (grey - how["mean"]) / how["deviation"]


def answers(model, films, card):
    """Probability of fracture of each film, with the mirror image where the run's settings say so."""
    x = normalised(films, card)
    straight = model.predict(x, verbose=0)[:, 0]
    if not card["settings"].get("mirrorAnswers"):
        return straight
    mirrored = model.predict(x[:, :, ::-1], verbose=0)[:, 0]
    return 1 / (1 + numpy.exp(-(logit(straight) + logit(mirrored)) / 2))


def logit(probability):
    # In doubles, and kept off 0 and 1, which a float32 probability may reach.
    p = numpy.clip(probability.astype("float64"), 1e-12, 1 - 1e-12)
    return numpy.log(p / (1 - p))


def build(topology):
    """The layers of model.json, one after the other."""
    config = topology.get("model_config", topology)["config"]
    layers = config["layers"] if isinstance(config, dict) else config
    flows, last = {}, None
    for described in layers:
        kind, settings = described["class_name"], described["config"]
        if last is None:
            last = keras.Input(settings["batch_input_shape"][1:], name="film")
            flows[settings["name"]] = last
            if kind == "InputLayer":
                continue
        nodes = described.get("inbound_nodes") or []
        given = [flows[node[0]] for node in nodes[0]] if nodes else [last]
        last = layer(kind, settings)(given[0] if len(given) == 1 else given)
        flows[settings["name"]] = last
    ends = config.get("output_layers") if isinstance(config, dict) else None
    outputs = [flows[name] for name, *_ in ends] if ends else [last]
    return keras.Model(flows[first_name(layers)], outputs[0] if len(outputs) == 1 else outputs)


def first_name(layers):
    return layers[0]["config"]["name"]


CONVOLUTION = ("strides", "padding", "dilation_rate", "activation", "use_bias")
POOLING = ("pool_size", "strides", "padding")

# What a layer is made from; other entries of its description say nothing about what it computes.
KNOWN = {
    "Activation": ("activation",),
    "Add": (),
    "Average": (),
    "AveragePooling2D": POOLING,
    "BatchNormalization": ("axis", "momentum", "epsilon", "center", "scale"),
    "Concatenate": ("axis",),
    "Conv2D": ("filters", "kernel_size", *CONVOLUTION),
    "Cropping2D": ("cropping",),
    "Dense": ("units", "activation", "use_bias"),
    "DepthwiseConv2D": ("kernel_size", "depth_multiplier", *CONVOLUTION),
    "Dropout": ("rate",),
    "ELU": ("alpha",),
    "Flatten": (),
    "GlobalAveragePooling2D": (),
    "GlobalMaxPooling2D": (),
    "LeakyReLU": ("alpha",),
    "MaxPooling2D": POOLING,
    "MultiScaleConv2D": ("filters", "kernel_size", "scales", "use_bias"),
    "Multiply": (),
    "Permute": ("dims",),
    "ReLU": ("max_value",),
    "Reshape": ("target_shape",),
    "SCells": ("patterns", "kernel_size", "threshold"),
    "SeparableConv2D": ("filters", "kernel_size", "depth_multiplier", *CONVOLUTION),
    "SlopedActivation": ("kind", "slope"),
    "Softmax": ("axis",),
    "UpSampling2D": ("size", "interpolation"),
    "ZeroPadding2D": ("padding",),
}
RENAMED = {"LeakyReLU": {"alpha": "negative_slope"}}


def layer(kind, settings):
    if kind not in KNOWN:
        raise ValueError(f"no layer of the kind {kind} is known here")
    new_names = RENAMED.get(kind, {})
    chosen = {new_names.get(name, name): settings[name] for name in KNOWN[kind] if name in settings}
    if settings.get("trainable") is False:
        chosen["trainable"] = False
    if kind in ("Conv2D", "Dense"):
        chosen["kernel_initializer"] = "he_uniform"
    own = {"MultiScaleConv2D": MultiScaleConv2D, "SCells": SCells, "SlopedActivation": SlopedActivation}
    return (own.get(kind) or getattr(keras.layers, kind))(name=settings["name"], **chosen)


def set_weights(model, listed, values):
    """Weights by the names of layer and weight, which are the same here and there."""
    variables = {f"{one.name}/{weight.name}": weight for one in model.layers for weight in one.weights}
    at = 0
    for weight in listed:
        size = int(numpy.prod(weight["shape"]))
        # A name that tfjs gave twice ends in _1, _2 ...; a layer's own name does not.
        variables[weight["name"]].assign(values[at : at + size].reshape(weight["shape"]))
        at += size
    if at != len(values):
        raise ValueError(f"weights.bin has {len(values)} figures, the layers take {at}")


class SlopedActivation(keras.layers.Layer):
    """1 / (1 + exp(-a x)), tanh(x / a), or the unit step with the identity's gradient between -1 and 1."""

    def __init__(self, kind, slope, **rest):
        super().__init__(**rest)
        self.kind, self.slope = kind, slope

    def call(self, x):
        if self.kind == "logistic":
            return ops.sigmoid(x * self.slope)
        if self.kind == "tanh":
            return ops.tanh(x / self.slope)
        through = ops.clip(x, -1, 1)
        return through + ops.stop_gradient(ops.cast(x > 0, x.dtype) - through)


class MultiScaleConv2D(keras.layers.Layer):
    """One set of kernels over the picture at several scales; the strongest answer counts."""

    def __init__(self, filters, kernel_size, scales, use_bias=True, **rest):
        super().__init__(**rest)
        self.filters, self.kernel_size, self.scales, self.use_bias = filters, kernel_size, scales, use_bias

    def build(self, shape):
        side = self.kernel_size
        self.kernel = self.add_weight(
            name="kernel", shape=(side, side, shape[-1], self.filters), initializer="he_uniform"
        )
        if self.use_bias:
            self.bias = self.add_weight(name="bias", shape=(self.filters,), initializer="zeros")

    def call(self, x):
        height, width = x.shape[1:3]
        strongest = None
        for scale in self.scales:
            small = x if scale == 1 else ops.average_pool(x, scale, scale, "same")
            answer = ops.conv(small, self.kernel, 1, "same")
            if scale > 1:
                answer = ops.repeat(ops.repeat(answer, scale, axis=1), scale, axis=2)[:, :height, :width]
            strongest = answer if strongest is None else ops.maximum(strongest, answer)
        return strongest + self.bias if self.use_bias else strongest


class SCells(keras.layers.Layer):
    """How alike a patch is to each pattern (cosine), from a threshold on."""

    def __init__(self, patterns, kernel_size, threshold, **rest):
        super().__init__(**rest)
        self.patterns, self.kernel_size, self.threshold = patterns, kernel_size, threshold

    def build(self, shape):
        side = self.kernel_size
        self.kernel = self.add_weight(
            name="kernel", shape=(side, side, shape[-1], self.patterns), initializer="he_uniform"
        )

    def call(self, x):
        ones = ops.ones((self.kernel_size, self.kernel_size, x.shape[-1], 1), dtype=x.dtype)
        length = ops.sqrt(ops.conv(ops.square(x), ones, 1, "same") + 1e-3)
        likeness = ops.conv(x, self.kernel, 1, "same") / length
        return ops.relu((likeness - self.threshold) / (1 - self.threshold))
