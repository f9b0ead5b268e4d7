"""The peer of train-once.ts: the same network by Keras' own fit, same batch, threads and number of films.
Arguments: folder of the network as Osteon saved it, precision (float32 or bfloat16), batches, epochs, and
"plain" to keep Keras from compiling by XLA, which it does by itself ("xla"). Prints one JSON line."""
import json
import os
import resource
import statistics
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras
import numpy

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "resources", "notebook"))
import osteon_model

folder, precision, batches, epochs = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
compiled = False if sys.argv[5:] == ["plain"] else "auto"
if precision == "bfloat16":
    keras.mixed_precision.set_global_policy("mixed_bfloat16")
model, card = osteon_model.load(folder)
size = card["settings"]["size"]
films = batches * 32
x = numpy.random.default_rng(1).standard_normal((films, size, size, 1)).astype("float32")
y = (numpy.arange(films) % 2).astype("float32")
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"], jit_compile=compiled)


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
