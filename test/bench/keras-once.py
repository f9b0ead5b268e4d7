"""The peer of train-once.ts: the paper's network by Keras' own fit, same batch, threads and number of films.
Arguments: size, precision (float32 or bfloat16), batches, epochs. Prints one JSON line."""
import json
import os
import resource
import statistics
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras
import numpy

size, precision, batches, epochs = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
if precision == "bfloat16":
    keras.mixed_precision.set_global_policy("mixed_bfloat16")
films = batches * 32
x = numpy.random.default_rng(1).standard_normal((films, size, size, 1)).astype("float32")
y = (numpy.arange(films) % 2).astype("float32")
layers = keras.layers
model = keras.Sequential(
    [
        keras.Input((size, size, 1)),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(64, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(64, 3, activation="relu"),
        layers.Flatten(),
        layers.Dense(64, activation="relu"),
        layers.Dense(1, activation="sigmoid", dtype="float32"),
    ]
)
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])


class Times(keras.callbacks.Callback):
    def on_train_begin(self, logs=None):
        self.seconds = []

    def on_epoch_begin(self, epoch, logs=None):
        self.started = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        self.seconds.append(time.perf_counter() - self.started)


times = Times()
model.fit(x, y, batch_size=32, epochs=epochs, verbose=0, callbacks=[times])
speed = films / statistics.median(times.seconds[1:])
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"imagesPerSecond": speed, "peakMb": peak}))
