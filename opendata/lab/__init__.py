"""JupyterLab for a workspace: on this machine only, in Vietnamese, asking nothing of the network.

Everything that it keeps (settings, open tabs, history, trust in notebooks) lies in the workspace's folder `.lab`, which
git ignores; the home folder's own Jupyter and IPython settings are neither read nor written.
"""

from opendata.lab.examples import copy_missing, start
from opendata.lab.serving import FIRST_PORT, Lab, missing, prepare, run

__all__ = ["FIRST_PORT", "Lab", "copy_missing", "missing", "prepare", "run", "start"]
