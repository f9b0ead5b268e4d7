"""Trains a network that Osteon saved untrained, by the settings on its card, and answers. Argument: a folder with model/,
pixels.bin and films.json. Prints one JSON line: probabilities on the films to choose by and to judge with, best epoch, seconds."""
import json
import math
import os
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras
import numpy
import tensorflow

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "resources", "notebook"))
import osteon_model

folder = sys.argv[1]
model, card = osteon_model.load(os.path.join(folder, "model"))
settings = card["settings"]
size, epochs, batch = settings["size"], settings["epochs"], settings["batch"]
keras.utils.set_random_seed(settings["seed"])
films = json.load(open(os.path.join(folder, "films.json"), encoding="utf8"))
pixels = numpy.fromfile(os.path.join(folder, "pixels.bin"), dtype="uint8").reshape(-1, size, size)
labels = numpy.array(films["labels"], dtype="float32")
whole, fracture = films["classWeights"]


def taken(part):
    places = films[part]
    return osteon_model.normalised(pixels[places], card), labels[places]


(x, y), (x_choose, y_choose) = taken("learn"), taken("choose")
steps = math.ceil(len(y) / batch)


class Rate(keras.optimizers.schedules.LearningRateSchedule):
    """Constant, or half a cosine, after a rise in a straight line."""

    def __call__(self, step):
        step = tensorflow.cast(step, "float32")
        highest, warming = settings["learningRate"], float(settings["warmUp"] * steps)
        done = (step - warming) / max(1.0, epochs * steps - warming)
        cosine = (1 + tensorflow.cos(math.pi * done)) / 2 if settings["schedule"] == "cosine" else 1.0
        rising = (step + 1) / warming if warming else 1.0
        return highest * tensorflow.where(step < warming, rising, cosine)


def optimizer():
    name, rate = settings["optimizer"], Rate()
    if settings["schedule"] not in ("constant", "cosine") or name not in ("adam", "adamw"):
        raise SystemExit(f"not known here: {name}, {settings['schedule']}")
    if name == "adamw":
        return keras.optimizers.AdamW(rate, weight_decay=settings["weightDecay"])
    return keras.optimizers.Adam(rate)


def augmented():
    """Keras' own layers within the limits of core/cnn/augment.ts."""
    layers = []
    if settings["mirror"]:
        layers.append(keras.layers.RandomFlip("horizontal"))
    if settings["augmentation"]:
        options = {"fill_mode": "nearest"}
        layers += [
            keras.layers.RandomRotation(10 / 360, **options),
            keras.layers.RandomTranslation(0.06, 0.06, **options),
            keras.layers.RandomZoom(0.1, **options),
        ]
    return layers


def toned_loss(logits):
    """Weighted loss after the best factor from 0.02 to 1, as core/cnn/sureness.ts chooses the epoch."""
    z, weights = numpy.asarray(logits, dtype="float64"), numpy.where(y_choose == 1, fracture, whole)
    factors = numpy.linspace(0.02, 1, 200)[:, None]
    each = numpy.logaddexp(0, factors * z) - y_choose * factors * z
    return float((weights * each).mean(axis=1).min())


def logits_of(part):
    x_part, _ = taken(part)
    straight = osteon_model.logit(model.predict(x_part, verbose=0)[:, 0])
    if not settings["mirrorAnswers"]:
        return straight
    return (straight + osteon_model.logit(model.predict(x_part[:, :, ::-1], verbose=0)[:, 0])) / 2


class Best(keras.callbacks.Callback):
    """Weights of the best epoch. Early answers are not mirrored, as in Osteon."""

    loss, epoch, kept = math.inf, 0, None

    def on_epoch_end(self, epoch, logs=None):
        loss = toned_loss(osteon_model.logit(model.predict(x_choose, verbose=0)[:, 0]))
        if loss < self.loss:
            self.loss, self.epoch, self.kept = loss, epoch + 1, model.get_weights()


source = tensorflow.data.Dataset.from_tensor_slices((x, y, numpy.where(y == 1, fracture, whole).astype("float32")))
source = source.shuffle(len(y), seed=settings["seed"]).batch(batch)
changes = augmented()
if changes:

    def change(film, label, weight):
        for layer in changes:
            film = layer(film, training=True)
        return film, label, weight

    source = source.map(change)
model.compile(optimizer=optimizer(), loss="binary_crossentropy")
best = Best()
started = time.perf_counter()
model.fit(source.prefetch(2), epochs=epochs, verbose=0, callbacks=[best])
seconds = time.perf_counter() - started
model.set_weights(best.kept)
probabilities = {part: (1 / (1 + numpy.exp(-logits_of(part)))).tolist() for part in ("choose", "judge")}
print(json.dumps({**probabilities, "epoch": best.epoch, "seconds": seconds}))
