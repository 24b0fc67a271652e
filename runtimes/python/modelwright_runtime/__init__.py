"""The Python half of Modelwright: runs a model's code in a process of its own.

Standard library only, Python 3.8 and later. The contract with the tool (job.json, result.json,
worker.json, frames on descriptor 3) is described in src/model/ports/job.ts.

Everything that the package needs is imported before a model's folder is put on the module path,
so that no file of a model can take the place of a module of the standard library here.
"""

PROTOCOL = 1
