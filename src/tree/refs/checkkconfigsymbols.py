"""What scripts/checkkconfigsymbols.py of a kernel tree finds, as JSON, for a tree that is no git checkout.

The script asks git for the list of files; it is given one here. Usage: checkkconfigsymbols.py TREE
"""

import importlib.util
import json
import os
import sys
import time

tree = sys.argv[1]
os.chdir(tree)
sys.dont_write_bytecode = True
path = os.path.join("scripts", "checkkconfigsymbols.py")
spec = importlib.util.spec_from_file_location("checkkconfigsymbols", path)
script = importlib.util.module_from_spec(spec)
sys.modules[spec.name] = script
spec.loader.exec_module(script)
listed = sorted(
    os.path.relpath(os.path.join(folder, name))
    for folder, _, names in os.walk(".")
    for name in names
)
script.execute = lambda command: "\n".join(listed) + "\n"
began = time.monotonic()
undefined, _ = script.check_symbols("")
json.dump(
    {
        "seconds": time.monotonic() - began,
        "undefined": {symbol: sorted(files) for symbol, files in undefined.items()},
    },
    sys.stdout,
)
