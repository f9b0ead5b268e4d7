"""Runs every cell of a notebook in its own folder and writes what they show into it. Argument: the notebook."""

import os
import sys

import nbclient
import nbformat

path = sys.argv[1]
notebook = nbformat.read(path, as_version=4)
nbformat.validate(notebook)
folder = os.path.dirname(path)
nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": folder}}).execute()
nbformat.write(notebook, path)
