"""Answers of saved models in Keras. Arguments: folders with a model each and films.bin, grey bytes as its card says.

Prints one JSON line a folder: probabilities of fracture.
"""

import json
import os
import sys

import numpy
import osteon_model

for folder in sys.argv[1:]:
    model, card = osteon_model.load(folder)
    size = card["settings"]["size"]
    films = numpy.fromfile(os.path.join(folder, "films.bin"), dtype="uint8").reshape(-1, size, size)
    print(json.dumps(osteon_model.answers(model, films, card).tolist()))
