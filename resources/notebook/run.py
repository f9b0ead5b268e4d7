# The cells of run.ipynb, in the order they are run. "sealed" and "opened" cells are for runs whose judging films are so.
# Needs Python's standard library, NumPy and Matplotlib; Keras from the last part on.

# %% [markdown]
# Research and teaching material: every figure below is computed again from the files beside this notebook, in Python,
# and compared with what Osteon wrote down. Run all cells from top to bottom; `README.txt` says what that takes.

# %%
import csv
import hashlib
import json

import matplotlib.pyplot as plt
import numpy

plt.rcParams.update({"figure.dpi": 110, "axes.grid": True, "grid.alpha": 0.3, "axes.axisbelow": True})


def table(name):
    with open(name, encoding="utf8", newline="") as file:
        return list(csv.DictReader(file))


def number(text):
    return float(text) if text else numpy.nan


with open("run.json", encoding="utf8") as file:
    run = json.load(file)
films = table("films.csv")
curves = {name: numpy.array([number(row[name]) for row in table("curves.csv")]) for name in table("curves.csv")[0]}
threshold = run["threshold"]
print(f"{len(films)} films, {len(curves['epoch'])} epochs, best epoch {run['bestEpoch']}, threshold {threshold:.3f}")

# %% [markdown]
# ## What the run was made of

# %%
made_of = {
    "run": f"{run['run']['title']}, {run['run']['state']}",
    "begun": run["run"]["startedAt"],
    "seed": f"{run['seed']}, of the split {run['split']['seed']}",
    "engine": run["engine"],
    "precision": run["precision"],
    "computer": run["machine"],
    "versions": ", ".join(f"{name} {version}" for name, version in run["versions"].items()),
    "data": run["data"]["hash"],
    "split": run["split"]["hash"],
}
for name, value in made_of.items():
    print(f"{name:12}{value}")
print("\nSettings")
for name, value in run["settings"].items():
    print(f"  {name:16}{value}")

# %% [markdown]
# ## Films and split
#
# Data and split have one hash each: over the films with their labels, and over the films with their parts. No patient may
# stand in two parts; patients have numbers of this folder only.

# %%
PARTS = {"learn": "learning", "choose": "checking", "judge": "judging"}


def hash_of(column):
    lines = sorted(f"{film['sha256']}#{film['frame']} {film[column]}" for film in films)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


print(f"{'part':10}{'films':>7}{'fracture':>10}{'whole':>7}")
for part, word in PARTS.items():
    labels = [film["label"] for film in films if film["part"] == part]
    print(f"{word:10}{len(labels):7}{labels.count('fracture'):10}{labels.count('whole'):7}")

if len(films) == run["data"]["films"]:
    assert hash_of("label") == run["data"]["hash"], "the films or their labels are not those of the run"
    assert hash_of("part") == run["split"]["hash"], "the split is not that of the run"
    print("\nData and split are those of the run.")
else:
    print(f"\n{run['data']['films'] - len(films)} films of the run are no longer in the library: no hash is compared.")

parts_of = {}
for film in films:
    if film["patient"]:
        parts_of.setdefault(film["patient"], set()).add(film["part"])
assert all(len(parts) == 1 for parts in parts_of.values()), "a patient stands in two parts"
print(f"{len(parts_of)} named patients, each in one part.")

# %% [markdown]
# ## Curves
#
# Checking films chose the best epoch (dotted) and the threshold, so figures on them flatter.

# %%
figure, axes = plt.subplots(1, 3, figsize=(13, 3.6))
for axis, title, of_learning, of_checking in (
    (axes[0], "Loss", "loss", "checking_loss"),
    (axes[1], "Share of right answers", "accuracy", "checking_accuracy"),
    (axes[2], "Area under the ROC curve", None, "checking_auc"),
):
    if of_learning:
        axis.plot(curves["epoch"], curves[of_learning], marker=".", color="C0", label="learning films")
    axis.plot(curves["epoch"], curves[of_checking], marker=".", color="C1", label="checking films")
    if run["bestEpoch"]:
        axis.axvline(run["bestEpoch"], color="grey", linestyle=":")
    axis.set(title=title, xlabel="epoch")
    axis.legend()
figure.tight_layout()
plt.show()

# %% [markdown] sealed
# ## The judging films are sealed
#
# Nobody has opened the judging films of this run: what the network answers on them is in no file here. What follows
# is about the checking films, which chose epoch and threshold, so it is no honest figure of how well the network does.

# %% [markdown] opened
# ## On the judging films
#
# They took no part in learning nor in choosing epoch and threshold.

# %% sealed
shown = "choose"

# %% opened
shown = "judge"

# %%
asked = [film for film in films if film["part"] == shown and film["probability"]]
broken = numpy.array([film["label"] == "fracture" for film in asked])
probability = numpy.array([float(film["probability"]) for film in asked])
says_fracture = probability >= threshold

figure, axis = plt.subplots(figsize=(6.5, 3.6))
bins = numpy.linspace(0, 1, 21)
axis.hist([probability[broken], probability[~broken]], bins=bins, stacked=True, label=["fracture", "whole"])
axis.axvline(threshold, color="black", linestyle=":", label=f"threshold {threshold:.2f}")
axis.set(title=f"Answers on the {PARTS[shown]} films", xlabel="probability of fracture", ylabel="films")
axis.legend()
plt.show()

# %%
matrix = numpy.array([[(says_fracture[broken == label] == answer).sum() for answer in (True, False)] for label in (True, False)])

figure, axis = plt.subplots(figsize=(4.2, 3.6))
axis.imshow(matrix, cmap="Blues", vmin=0, vmax=max(1, matrix.max()))
for (row, column), films_there in numpy.ndenumerate(matrix):
    dark = films_there > matrix.max() / 2
    axis.text(column, row, films_there, ha="center", va="center", fontsize=16, color="white" if dark else "black")
axis.set(
    title=f"{PARTS[shown].capitalize()} films",
    xticks=[0, 1],
    xticklabels=["answered fracture", "answered whole"],
    yticks=[0, 1],
    yticklabels=["fracture", "whole"],
)
axis.grid(False)
plt.show()

right = (says_fracture == broken).sum()
print(f"{right} of {len(asked)} right ({right / len(asked):.1%})")

# %% opened
def area(labels, scores):
    """Chance that a fracture scores higher than a whole film, ties counting half."""
    ahead = scores[labels][:, None] - scores[~labels][None, :]
    return ((ahead > 0) + (ahead == 0) / 2).mean()


judging = run["figures"]["judging"]
auc = area(broken, probability)
cuts = numpy.concatenate([[numpy.inf], numpy.unique(probability)[::-1]])
found = [(probability[broken] >= cut).mean() for cut in cuts]
false_alarms = [(probability[~broken] >= cut).mean() for cut in cuts]

figure, axis = plt.subplots(figsize=(4.4, 4.4))
axis.plot([0, 1], [0, 1], color="grey", linestyle=":")
axis.plot(false_alarms, found, label=f"AUC {auc:.3f}")
axis.plot(
    1 - judging["specificity"], judging["sensitivity"], "o", color="black", label=f"threshold {judging['threshold']:.2f}"
)
axis.set(title="ROC curve, judging films", xlabel="whole films answered fracture", ylabel="fractures found", aspect="equal")
axis.legend(loc="lower right")
plt.show()

written = judging["matrix"]
assert matrix.tolist() == [
    [written["fractureFound"], written["fractureMissed"]],
    [written["falseAlarm"], written["wholeRight"]],
], "the matrix is not the one Osteon wrote down"
assert abs(auc - judging["auc"]) < 1e-9, "the area is not the one Osteon wrote down"
low, high = judging["interval95"]
print(f"Right: {judging['accuracy']:.1%} ({low:.1%} to {high:.1%}); always the commoner class: {judging['majority']:.1%}")
print(f"AUC: {judging['auc']:.3f} ({judging['aucInterval95'][0]:.3f} to {judging['aucInterval95'][1]:.3f})")
print(f"Openings of the judging films of this split: {run['figures']['openings']}")

# %% [markdown]
# ## The same network in Keras
#
# `osteon_model.py` builds the network of `model/` in Keras 3. The films are checking films as the network takes them,
# before they are normalised; Osteon's answers on them stand in `inputs.csv`.

# %%
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
import osteon_model

model, card = osteon_model.load("model")
inputs = numpy.load("inputs.npy")
given = table("inputs.csv")
by_osteon = numpy.array([float(row["probability"]) for row in given])
by_keras = osteon_model.answers(model, inputs, card)

figure, axes = plt.subplots(1, len(inputs), figsize=(1.3 * len(inputs), 1.6), squeeze=False)
for axis, film, row in zip(axes[0], inputs, given):
    axis.imshow(film, cmap="gray", vmin=0, vmax=255)
    axis.set_title(row["label"], fontsize=8)
    axis.axis("off")
plt.show()

print(f"{'film':14}{'label':10}{'Osteon':>9}{'Keras':>9}{'apart':>10}")
for row, ours, theirs in zip(given, by_osteon, by_keras):
    print(f"{row['sha256'][:12]:14}{row['label']:10}{ours:9.5f}{theirs:9.5f}{abs(ours - theirs):10.1e}")
worst = numpy.abs(by_osteon - by_keras).max()
assert worst < 1e-3, f"Keras and Osteon answer {worst:.1e} apart"
print(f"\nAt most {worst:.1e} apart.")
