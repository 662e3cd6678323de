"""olddefconfig with Kconfiglib, with the answers of the shell from a file: see replay.c.

Kconfiglib 14.1 is older than Linux 6.12 and stops at "modules", which was "option modules" before: the line is handed
to it the old way, so that the rest of the tree can be timed.
"""
import io
import os
import re
import sys

import kconfiglib

with open(os.environ["CONF_ANSWERS"], encoding="utf-8") as f:
    texts = f.read().split("\0")
ANSWERS = dict(zip(texts[::2], texts[1::2]))


class OlderWords(kconfiglib.Kconfig):
    def _open(self, filename, mode):
        opened = super()._open(filename, mode)
        if mode != "r" or not filename.endswith("kernel/module/Kconfig"):
            return opened
        with opened:
            text = re.sub(r"^(\s+)modules$", r"\1option modules", opened.read(), flags=re.M)
        return io.StringIO(text)


def shell(_kconf, _name, command):
    return ANSWERS[command]


kconfiglib._shell_fn = shell
kconf = OlderWords(sys.argv[1], warn=False)
kconf._functions["shell"] = (shell, 1, 1)
kconf.load_config()
kconf.write_config()
