"""Calls Kconfiglib as conf is called, for comparisons: kconfiglib-conf.py --MODE KCONFIG."""
import os
import sys

import kconfiglib

mode, top = sys.argv[1].lstrip("-"), sys.argv[2]
kconfig = kconfiglib.Kconfig(top, warn_to_stderr=False)
if os.path.exists(".config"):
    kconfig.load_config(".config")
if mode == "allnoconfig":
    for symbol in kconfig.unique_defined_syms:
        symbol.set_value(2 if symbol.is_allnoconfig_y else 0)
elif mode == "allyesconfig":
    for symbol in kconfig.unique_defined_syms:
        symbol.set_value(1 if symbol.choice else 2)
    for choice in kconfig.unique_choices:
        choice.set_value(2)
if mode.startswith("savedefconfig"):
    kconfig.write_min_config("defconfig", header="")
else:
    kconfig.write_config(".config", header="", save_old=False)
